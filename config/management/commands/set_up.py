"""manage.py set_up: bring the database and the static files up to date; `./run` calls it at every start."""

import hashlib
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Of packages that bring much more than the pages load.
UNUSED = ["tabler-*", "tabler.rtl*", "*.esm.*", "rest_framework", "*.d.ts", "redoc"]


class Command(BaseCommand):
    help = "Migrate, collect static files if they changed, fill an empty database with the demonstration district."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="no demonstration district")

    def handle(self, *args: Any, **options: Any) -> None:
        self._migrate()
        self._collect_static_files()
        if not options["empty"]:
            self._load_demonstration()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            self.stdout.write(f"Bringing the database up to date ({len(waiting)} steps) …")
            self.stdout.flush()
            call_command("migrate", interactive=False, verbosity=0)

    def _collect_static_files(self) -> None:
        stamp = settings.STATIC_ROOT / ".collected"
        digest = _digest_of_static_files()
        if stamp.exists() and stamp.read_text() == digest:
            return
        self.stdout.write("Collecting the files of the pages …")
        self.stdout.flush()
        call_command(
            "collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED
        )
        stamp.write_text(digest)

    def _load_demonstration(self) -> None:
        if (
            "demo" in get_commands()
            and not apps.get_model("grids", "Area")._default_manager.exists()
        ):
            call_command("demo")


def _digest_of_static_files() -> str:
    """A digest over name, size and time of change of every source file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = storage.path(name)
            facts = (name, storage.size(name), storage.get_modified_time(name).timestamp())
            digest.update(f"{found}{facts}".encode())
    return digest.hexdigest()
