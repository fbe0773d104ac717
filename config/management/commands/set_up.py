"""manage.py set_up: bring the database and the static files up to date; `./run` calls it at every start."""

import hashlib
from io import StringIO
from pathlib import Path
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

# What rooms above the cases add to the demonstration, in this order.
UPPER_DEMONSTRATIONS = (
    "demo_whistles",
    "demo_borders",
    "demo_campaigns",
    "demo_emergency",
    "demo_hotline",
)


class Command(BaseCommand):
    help = "Migrate, collect static files if they changed, fill an empty database with the demonstration district."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="no demonstration district")

    def handle(self, *args: Any, **options: Any) -> None:
        self._forget_half_a_demonstration()
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
        if "demo" not in get_commands() or _has_areas():
            return
        _loading().write_text(_database())
        call_command("demo", stdout=StringIO())  # ./run itself tells the accounts, at the end
        for name in UPPER_DEMONSTRATIONS:
            call_command(name, stdout=StringIO())
        _loading().unlink()

    def _forget_half_a_demonstration(self) -> None:
        """Empty the database if the last start was cut short while it filled an empty one."""
        if not _loading().exists():
            return
        if _loading().read_text() == _database():
            self.stdout.write("The last start was cut short while loading; beginning anew …")
            self.stdout.flush()
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        _loading().unlink()


def _loading() -> Path:
    """This file is there while the demonstration district is being loaded."""
    return Path(settings.VAR_DIR) / "demonstration.loading"


def _database() -> str:
    """Which database that is."""
    facts = connection.settings_dict
    return f"{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


def _has_areas() -> bool:
    return bool(apps.get_model("grids", "Area")._default_manager.exists())


def _digest_of_static_files() -> str:
    """A digest over name, size and time of change of every source file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = storage.path(name)
            facts = (name, storage.size(name), storage.get_modified_time(name).timestamp())
            digest.update(f"{found}{facts}".encode())
    return digest.hexdigest()
