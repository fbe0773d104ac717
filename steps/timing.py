"""What a step does to the clocks of a subject, as its row of the table says."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from clocks import running
from clocks.allowance import Allowance
from clocks.marks import MOVED
from clocks.models import Clock
from journal.models import Event
from journal.readers import follow
from steps.models import Moving
from steps.table import Moves


@dataclass(frozen=True)
class Timed:
    """How long a stage may take, the rule that says so, and the organisation that it runs against.

    `round` is the clock's; None is the next one, which costs a look at those before it.
    """

    allowance: Allowance
    rule: str
    unit_id: int | None
    round: int | None = None


HowLong = Callable[[str], Timed | None]


@dataclass(frozen=True)
class Clocks:
    """The clocks of one subject, which its caller has locked. `now` is aware.

    `timed` says how long a stage may take (None: it has no clock), `longer` by how much it is extended.
    """

    subject: running.Subject
    area_code: str
    now: datetime
    timed: HowLong
    longer: HowLong

    def move(self, moves: Moves) -> list[Clock]:
        """Do what the table says; the clocks that stopped, met or missed."""
        subject, now = self.subject, self.now
        stopped: list[Clock] = []
        if stages := moves.get("stops"):
            stopped = running.stop(subject=subject, stages=stages, now=now)
        if stages := moves.get("cancels"):
            running.cancel(subject=subject, stages=stages, now=now)
        if stages := moves.get("pauses"):
            running.pause(subject=subject, stages=stages, now=now)
        if stages := moves.get("resumes"):
            running.resume(subject=subject, stages=stages, now=now)
        for stage in moves.get("extends", ()):
            self._extend(stage)
        for stage in moves.get("reopens", ()):
            running.reopen(subject=subject, stage=stage, now=now)
        for stage in moves.get("goes_on", ()):
            self._go_on(stage)
        for stage in moves.get("starts", ()):
            self.start(stage)
        return stopped

    def start(self, stage: str) -> None:
        """Start a new round of a stage's clock, where it has a time."""
        timed = self.timed(stage)
        if timed is not None:
            running.start(
                subject=self.subject,
                stage=stage,
                round=timed.round or running.next_round(self.subject, stage),
                allowance=timed.allowance,
                rule=timed.rule,
                area_code=self.area_code,
                unit_id=timed.unit_id,
                now=self.now,
            )

    def _go_on(self, stage: str) -> None:
        timed = self.timed(stage)
        went_on = running.resume(
            subject=self.subject,
            stages=(stage,),
            unit_id=timed.unit_id if timed else None,
            now=self.now,
        )
        if not went_on:
            self.start(stage)

    def _extend(self, stage: str) -> None:
        more = self.longer(stage)
        if more is not None:
            running.extend(
                subject=self.subject,
                stage=stage,
                allowance=more.allowance,
                rule=more.rule,
                now=self.now,
            )


def first_due(clocks: Iterable[Clock]) -> Clock | None:
    """The clock whose deadline comes first; None where none has one."""
    timed = [clock for clock in clocks if clock.due_at is not None]
    return min(timed, key=lambda clock: (clock.due_at, clock.pk), default=None)


def show_open(record: Moving, subject: running.Subject) -> None:
    """Copy the open deadline that comes first onto the record; nothing is saved."""
    first = first_due(running.open_clocks(subject))
    record.due_at = first.due_at if first else None
    record.amber_at = first.amber_at if first else None


# --- a calendar was edited -----------------------------------------------------------------------------

Touched = Callable[[Sequence[Event]], QuerySet[Any]]
DUE = ("due_at", "amber_at")


def follow_moved(
    reader: str, touched: Touched, show: Callable[[Any], None], fields: Sequence[str] = DUE
) -> int:
    """Read the journal for deadlines that an edited calendar moved; how many events. `touched` finds the records,
    `show` copies the deadline onto one, and `fields` are saved. Any number of workers may call it."""
    return follow(reader, partial(_copy, touched, show, fields), verbs={MOVED})


def _copy(
    touched: Touched, show: Callable[[Any], None], fields: Sequence[str], events: Sequence[Event]
) -> None:
    with transaction.atomic():
        for record in touched(events).select_for_update().order_by("pk"):
            show(record)
            record.save(update_fields=fields)


def ids_of(kind: str, events: Sequence[Event]) -> set[int]:
    """The subjects of this kind that the events are about."""
    return {int(event.subject_id) for event in events if event.subject_kind == kind}
