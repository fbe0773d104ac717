"""A process killed in the middle of a deed leaves the whole of it or nothing, and the next one does it.

The database is made to wait at one table, so that the process dies between two of its statements.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from django.db import connection

from clocks.models import Clock
from incidents.choices import State
from incidents.models import Assignment, Incident, Photo
from incidents.photos import remove_orphans
from incidents.telling import tell_people
from journal.models import Event
from notices.models import Notice
from tests.clocks.factories import seeded
from tests.incidents.town import Town, a_case, dispatched, town

pytestmark = pytest.mark.django_db(transaction=True)
VICTIM = "victim"
WAIT = 1.5


@pytest.fixture
def here(transactional_db: None) -> Town:
    """The town in real transactions, today: the victim acts by the machine's clock."""
    seeded()
    return town()


@contextmanager
def waiting_at(table: str, when: str) -> Iterator[None]:
    """The victim, and nobody else, waits when it first writes to `table`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION wait_for_death() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF current_setting('application_name') = '{VICTIM}'"
            " AND current_setting('victim.waited', true) IS NULL THEN"
            f" PERFORM set_config('victim.waited', 'yes', false), pg_sleep({WAIT}); END IF;"
            " RETURN NEW; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER aaa_wait_for_death {when} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION wait_for_death()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION wait_for_death CASCADE")


def kill_in_the_middle(*deed: object, module: str = "tests.incidents.victim") -> None:
    """Start the deed, wait until it waits, kill it with a signal that cannot be caught, and see it off."""
    name = connection.settings_dict["NAME"]
    command = [sys.executable, "-m", module, str(name), *map(str, deed)]
    process = subprocess.Popen(command, cwd=conf.BASE_DIR, env={**os.environ, "PGAPPNAME": VICTIM})
    _wait_for("the victim to wait", lambda: _victims("wait_event = 'PgSleep'") == 1, process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    _wait_for("its connection to end", lambda: _victims("true") == 0)


def _victims(condition: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
            f" AND backend_type = 'client backend' AND {condition}",
            [VICTIM],
        )
        return int(cursor.fetchone()[0])


def _wait_for(
    what: str, happened: object, process: "subprocess.Popen[bytes] | None" = None
) -> None:
    patience = time.monotonic() + 60
    while not happened():  # type: ignore[operator]
        assert process is None or process.poll() is None, f"it ended before {what}"
        assert time.monotonic() < patience, f"waited too long for {what}"
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "when"),
    [
        ("incidents_assignment", "BEFORE INSERT"),
        ("clocks_clock", "BEFORE UPDATE"),
        ("clocks_clock", "AFTER INSERT"),
        ("incidents_incident", "BEFORE UPDATE"),
        ("journal_event", "BEFORE INSERT"),
    ],
)
def test_a_dispatch_killed_between_two_lines_leaves_nothing_and_can_be_done_again(
    here: Town, table: str, when: str
) -> None:
    case = a_case(here, State.FILED)
    clocks = list(Clock.objects.order_by("pk").values())
    events = Event.objects.count()
    with waiting_at(table, when):
        kill_in_the_middle("dispatch", here.people["dispatcher"].pk, case.number)
    kept = Incident.objects.get(pk=case.pk)
    assert (kept.state, kept.version, kept.unit) == (State.FILED, case.version, None)
    assert not Assignment.objects.exists()
    assert list(Clock.objects.order_by("pk").values()) == clocks
    assert Event.objects.count() == events
    assert dispatched(here, case).state == State.DISPATCHED


@pytest.mark.slow
def test_a_report_killed_before_its_event_is_none_and_its_files_are_swept(
    here: Town, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    with waiting_at("journal_event", "BEFORE INSERT"):
        kill_in_the_middle("report", here.people["worker"].pk, tmp_path)
    assert not Incident.objects.exists()
    assert not Photo.objects.exists()
    assert not Clock.objects.exists()
    left = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(left) == 2
    year, month, day = left[0].relative_to(tmp_path / "photos").parts[:3]
    assert remove_orphans(date(int(year), int(month), int(day))) == 2


@pytest.mark.slow
def test_a_teller_killed_at_work_has_told_nobody_and_the_next_tells_each_once(here: Town) -> None:
    a_case(here, State.CLOSED)
    with waiting_at("notices_notice", "AFTER INSERT"):
        kill_in_the_middle("tell")
    assert not Notice.objects.exists()
    tell_people(here.now)
    pairs = list(Notice.objects.values_list("event_id", "recipient_id"))
    assert pairs
    assert len(pairs) == len(set(pairs))
