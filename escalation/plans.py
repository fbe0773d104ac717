"""A ladder's plan: made for a clock, made again when its deadline moves, and what of it is due.

"Nobody is escalated for the past": a moment that lies before the deadline was known falls away. Only what
was planned for then, and is merely not done yet, is owed and fires late.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clocks.calendar import WorkingCalendar
from clocks.calendars import calendar_for
from clocks.choices import Outcome
from clocks.models import Clock
from escalation.choices import REMINDERS
from escalation.models import Ladder
from escalation.rungs import Planned, laid_out, moments, read_rungs


@dataclass(frozen=True, slots=True)
class Next:
    """A rung that has not fired, with its moment."""

    planned: Planned
    at: datetime


class Calendars:
    """The calendar of each area, asked for once in a batch of ladders."""

    def __init__(self) -> None:
        self._known: dict[str, WorkingCalendar] = {}

    def of(self, clock: Clock) -> WorkingCalendar:
        if clock.area_code not in self._known:
            self._known[clock.area_code] = calendar_for(clock.area_code)
        return self._known[clock.area_code]


def lay(
    ladder: Ladder, rungs: Any, clock: Clock, since: datetime, calendar: WorkingCalendar
) -> None:
    """Give a ladder the rungs of a rule (as stored), for a clock that began at `since`; nothing is saved."""
    ladder.plan = [planned.stored(None) for planned in laid_out(read_rungs(rungs))]
    plan_again(ladder, clock, since, calendar)


def plan_again(ladder: Ladder, clock: Clock, since: datetime, calendar: WorkingCalendar) -> None:
    """Compute the moments of a deadline that is so since `since`; nothing is saved."""
    every = [Planned.restored(row) for row in ladder.plan]
    fresh = moments(clock, every, calendar)
    for row, moment in zip(ladder.plan, fresh, strict=True):
        if row["number"] not in ladder.fired and not row.get("past"):
            _set_moment(row, moment, since, paused=clock.paused_at is not None)
    ladder.due_at, ladder.turns = clock.due_at, len(clock.history)
    ladder.paused = clock.paused_at is not None
    look_ahead(ladder)


def _set_moment(
    row: dict[str, Any], fresh: datetime | None, since: datetime, *, paused: bool
) -> None:
    before = _moment(row)
    owed = before is not None and before <= since
    if fresh is None:
        row["at"] = row["at"] if owed and paused else None
    elif fresh > since:
        row["at"] = fresh.isoformat()
    elif not owed:
        row["at"], row["past"] = fresh.isoformat(), True


def suits(ladder: Ladder, clock: Clock) -> bool:
    """Whether the plan was made for the clock as it is now."""
    return (
        clock.due_at == ladder.due_at
        and len(clock.history) == ladder.turns
        and (clock.paused_at is not None) == ladder.paused
    )


def runs(clock: Clock) -> bool:
    """Whether the clock still waits for somebody."""
    return clock.outcome == Outcome.RUNNING


def put_off(ladder: Ladder, clock: Clock, now: datetime, calendar: WorkingCalendar) -> None:
    """Move what would be due, but a calendar edited since has made later (a holiday declared after the deadline)."""
    rows = [row for at, _number, row in _open_rows(ladder) if at < now]
    every = [Planned.restored(row) for row in rows]
    for row, fresh in zip(rows, moments(clock, every, calendar), strict=True):
        if fresh is not None and fresh > datetime.fromisoformat(row["at"]):
            row["at"] = fresh.isoformat()


def _open_rows(ladder: Ladder) -> list[tuple[datetime, int, dict[str, Any]]]:
    """The rungs to come that have a moment, in their order."""
    return sorted(
        (datetime.fromisoformat(row["at"]), row["number"], row)
        for row in ladder.plan
        if row["at"] and row["number"] not in ladder.fired and not row.get("past")
    )


def ahead(ladder: Ladder) -> list[Next]:
    """The rungs to come that have a moment, in their order."""
    return [Next(Planned.restored(row), at) for at, _number, row in _open_rows(ladder)]


def due(ladder: Ladder, now: datetime) -> list[Next]:
    """The rungs whose moment has passed. At the very instant of a deadline nothing is late."""
    rows = _open_rows(ladder)
    return [Next(Planned.restored(row), at) for at, _number, row in rows if at < now]


def look_ahead(ladder: Ladder) -> None:
    """Set when somebody must look again, and whether what comes then must be done one ladder at a time."""
    coming = next(iter(_open_rows(ladder)), None)
    held = ladder.paused or ladder.ended_at is not None
    ladder.next_at = None if coming is None or held else coming[0]
    ladder.heavy = coming is not None and coming[2]["deed"] not in REMINDERS
    ladder.waits = not held and any(
        row["at"] is None and row["number"] not in ladder.fired for row in ladder.plan
    )


def end(ladder: Ladder, now: datetime) -> None:
    """The clock has stopped: what has not fired by now never will."""
    ladder.ended_at, ladder.next_at, ladder.waits = now, None, False
    ladder.failures, ladder.failed_at = 0, None


def _moment(row: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(row["at"]) if row["at"] else None
