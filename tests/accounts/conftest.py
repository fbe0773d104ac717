"""What the tests of this room share."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from journal.models import Event


@pytest.fixture
def now() -> Iterator[datetime]:
    """Monday 2026-03-09, 10:00 in Tianjin. The clock stands still."""
    moment = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        yield moment


@pytest.fixture
def verbs(db: None) -> "Verbs":
    return Verbs()


class Verbs:
    """What the journal has, in the order in which it was written."""

    def __call__(self, kind: str = "", ident: object = None) -> list[str]:
        return [event.verb for event in self.events(kind, ident)]

    def events(self, kind: str = "", ident: object = None) -> list[Event]:
        rows = Event.objects.order_by("id")
        rows = rows.filter(subject_kind=kind) if kind else rows
        return list(rows.filter(subject_id=str(ident)) if ident is not None else rows)
