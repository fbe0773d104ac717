"""What a deadline leaves in the journal when it comes near and when it passes: each once."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from accounts.actor import SYSTEM
from clocks.models import Clock
from journal.append import Happening, append_many

AMBER = "clock.amber"
OVERDUE = "clock.overdue"
MOVED = "clock.moved"


def marks_due(clock: Clock, now: datetime, *, late_only: bool = False) -> Iterator[Happening]:
    """The rungs that this clock has reached and that nobody was told of; they are marked on the (locked,
    unsaved) clock. Found late, it passes both, in order; its amber then says so. With `late_only`
    nothing is done before the deadline has passed.
    """
    if clock.due_at is None or clock.amber_at is None or clock.missed_at is not None:
        return
    late = clock.due_at < now
    if clock.amber_told_at is None and (late or (clock.amber_at <= now and not late_only)):
        clock.amber_told_at = now
        yield mark(AMBER, clock, now, late=late)
    if late:
        clock.missed_at = clock.due_at
        yield mark(OVERDUE, clock, now)


def mark(verb: str, clock: Clock, now: datetime, **more: object) -> Happening:
    """An event of the clock's subject. Times are ISO 8601 in UTC, `unit` is an organisation's id."""
    due = clock.due_at.isoformat() if clock.due_at else None
    return Happening(
        verb=verb,
        subject=clock.subject,
        area_code=clock.area_code,
        by=SYSTEM,
        now=now,
        data={
            "clock": clock.pk,
            "stage": clock.stage,
            "round": clock.round,
            "due": due,
            "unit": clock.unit_id,
            **more,
        },
    )


def append_marks(marks: Sequence[Happening]) -> None:
    """Write them into the journal, in the caller's transaction, in one go."""
    append_many(marks)
