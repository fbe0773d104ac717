"""What a clock's history makes of its allowance: deadline, amber, time used. Pure.

A clock keeps what happened to it (paused, resumed, extended) and nothing that follows from it. Deadlines
are folded from that history, so a calendar corrected afterwards, or published late, gives what it would
have given on the day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from clocks.allowance import Allowance
from clocks.calendar import AMBER_SHARE, WorkingCalendar
from clocks.choices import AllowanceKind


class Turn(StrEnum):
    """What can happen to a running clock's time."""

    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One turn of a clock, at an instant; an extension says how much was granted under which rule."""

    turn: Turn
    at: datetime
    allowance: Allowance | None = None
    rule: str = ""

    def stored(self) -> dict[str, str]:
        """As JSON."""
        row = {"turn": self.turn.value, "at": self.at.isoformat()}
        if self.allowance is not None:
            row |= {"value": str(self.allowance.value), "kind": self.allowance.kind.value}
            row |= {"rule": self.rule}
        return row

    @classmethod
    def restored(cls, row: dict[str, str]) -> "HistoryEntry":
        granted = None
        if "value" in row:
            granted = Allowance(Decimal(row["value"]), AllowanceKind(row["kind"]))
        return cls(
            Turn(row["turn"]), datetime.fromisoformat(row["at"]), granted, row.get("rule", "")
        )


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Where a clock stands. While paused `due` and `amber` are None; `left` is what it then still has.

    `spent` is the deadline that passed before a pause: nothing was left to pause. `used` is microseconds
    (working or continuous, as the allowance counts) of the runs before `run_from`.
    """

    run_from: datetime | None
    due: datetime | None
    amber: datetime | None
    left: tuple[Allowance, ...]
    used: int
    spent: datetime | None = None


def reckon(
    calendar: WorkingCalendar,
    start: datetime,
    allowance: Allowance,
    history: Iterable[HistoryEntry] = (),
    share: Decimal = AMBER_SHARE,
) -> Reckoning:
    """Fold a clock's history. Raises `CalendarEnds` where it reaches past the published days.

    Extensions count from the deadline that they extend. A clock whose time was used up before a pause
    keeps the deadline that passed.
    """
    left: tuple[Allowance, ...] = (allowance,)
    running: datetime | None = start
    used, spent = 0, None
    for turn in history:
        if turn.turn is Turn.EXTENDED and turn.allowance is not None:
            left = (*left, turn.allowance)
        elif turn.turn is Turn.RESUMED:
            running = turn.at
        elif running is not None:
            due = calendar.due_after(running, left)
            spent = spent or (due if due < turn.at else None)
            used += calendar.measured(running, turn.at, allowance.kind)
            left, running = left_after(calendar, running, turn.at, left), None
    if spent is not None:
        return Reckoning(running, spent, spent, left, used, spent)
    if running is None:
        return Reckoning(None, None, None, left, used)
    due = calendar.due_after(running, left)
    amber = calendar.share_passed(running, due, allowance.kind, share, used)
    return Reckoning(running, due, amber, left, used)


def left_after(
    calendar: WorkingCalendar, start: datetime, at: datetime, allowances: Sequence[Allowance]
) -> tuple[Allowance, ...]:
    """What of a chain of allowances begun at `start` is still left at `at`."""
    for index, allowance in enumerate(allowances):
        due = calendar.due(start, allowance)
        if at < due or index == len(allowances) - 1:
            return (calendar.left(start, at, allowance), *allowances[index + 1 :])
        start = due
    return ()
