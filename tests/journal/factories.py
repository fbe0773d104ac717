"""Deeds to write down, and connections of their own to write them with."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from accounts.actor import SYSTEM
from journal.append import Happening, append
from journal.models import Event
from journal.readers import read_horizon

NOW = datetime(2026, 7, 24, 2, 0, tzinfo=UTC)
SUBJECT = ("case", 1)


def happening(subject: tuple[str, int | str] = SUBJECT, **fields: Any) -> Happening:
    """A deed of the system, at `NOW` unless given."""
    fields.setdefault("verb", "incident.reported")
    fields.setdefault("area_code", "120103001")
    fields.setdefault("by", SYSTEM)
    fields.setdefault("now", NOW)
    return Happening(subject=subject, **fields)


def happened(subject: tuple[str, int | str] = SUBJECT, **fields: Any) -> Event:
    """One event, committed unless the test itself is in a transaction."""
    with transaction.atomic():
        return append(**vars(happening(subject, **fields)))


def settle(seconds: float = 60.0) -> None:
    """Wait until every event so far may be read: other tests of this cluster hold transactions open too."""
    newest = Event.objects.order_by("-xid").values_list("xid", flat=True).first() or 0
    deadline = time.monotonic() + seconds
    while read_horizon() <= newest:
        assert time.monotonic() < deadline, "a transaction stays open"
        time.sleep(0.02)


@contextmanager
def tampering() -> Iterator[Any]:
    """A cursor as a superuser has it who has switched the triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


class Elsewhere(threading.Thread):
    """Runs `work` in a thread, and so on a connection, of its own. `result()` waits, and raises what it raised."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._answer: Any = None
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._answer = self._work()
        except BaseException as error:  # noqa: BLE001 — handed on by result()
            self._error = error
        finally:
            connection.close()

    def result(self, seconds: float = 30.0) -> Any:
        self.join(seconds)
        assert not self.is_alive(), "still at work"
        if self._error is not None:
            raise self._error
        return self._answer
