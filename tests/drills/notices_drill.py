"""Starting workers, making them wait at one table, and killing them with a signal that cannot be caught."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

VICTIM = "victim"


@contextmanager
def waiting_at(table: str, when: str, condition: str = "true") -> Iterator[None]:
    """The victim, and nobody else, waits when it writes such a row to `table`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION wait_for_death() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF current_setting('application_name') = '{VICTIM}' AND {condition}"
            " THEN PERFORM pg_sleep(20); END IF; RETURN NEW; END $$"
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


def start(*work: str, name: str = "worker", seconds: float = 10) -> "subprocess.Popen[bytes]":
    """A worker on the test's database; `seconds` is its patience with other people's servers."""
    database = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-m", "tests.drills.notices_victim", database, *work],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PGAPPNAME": name, "DRILL_SECONDS": str(seconds)},
    )


def finish(*workers: "subprocess.Popen[bytes]") -> None:
    """Wait until all have done their work."""
    assert [worker.wait(60) for worker in workers] == [0] * len(workers)


def kill_when(happened: Callable[[], bool], *work: str) -> None:
    """Start a worker, kill it as soon as it has happened, and see its connections off."""
    process = start(*work, name=VICTIM)
    wait_for("the moment", happened, process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            [VICTIM],
        )
    wait_for("its connections to end", lambda: _victims("true") == 0)


def victim_waits() -> bool:
    """Whether the victim stands where `waiting_at` stopped it."""
    return _victims("wait_event = 'PgSleep'") > 0


def _victims(condition: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
            f" AND backend_type = 'client backend' AND {condition}",
            [VICTIM],
        )
        return int(cursor.fetchone()[0])


def wait_for(
    what: str, happened: Callable[[], bool], process: "subprocess.Popen[bytes] | None" = None
) -> None:
    """Look again and again, for a minute at most."""
    patience = time.monotonic() + 60
    while not happened():
        assert process is None or process.poll() is None, f"it ended before {what}"
        assert time.monotonic() < patience, f"waited too long for {what}"
        time.sleep(0.02)


@contextmanager
def deaf() -> Iterator[str]:
    """The address of a server that takes connections and never reads a byte."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
