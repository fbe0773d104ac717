"""What a rule's rungs say, and when each of them comes for a given clock. Pure but for the calendar."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from clocks.allowance import Allowance
from clocks.calendar import CalendarEnds, WorkingCalendar
from clocks.choices import AllowanceKind
from clocks.models import Clock
from clocks.reckon import HistoryEntry, Reckoning, Turn, left_after, reckon
from config.refusal import Refused
from escalation.choices import REMINDERS, Deed, When

MOST_RUNGS = 20
MOST_DAYS = 30
MOST_AFTER = 20
_ORDER = {When.SHARE: 0, When.DUE: 1, When.AFTER: 2}
_LONGEST = {When.SHARE: 99, When.DUE: 0, When.AFTER: MOST_AFTER}


@dataclass(frozen=True, slots=True)
class RungRule:
    """One rung of a rule. `value` is a per cent (1 to 99) or a number of allowances; `days` repeats a reminder at
    the opening of so many working days after it."""

    when: When
    value: int
    deed: Deed
    days: int = 0

    @classmethod
    def read(cls, row: Any) -> "RungRule":
        """A rung from JSON. Raises Refused `bad_rung`."""
        try:
            when, deed = When(row["when"]), Deed(row["deed"])
            value, days = int(row.get("value") or 0), int(row.get("days") or 0)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise _bad(_("A rung needs a moment (`when`, `value`) and a deed (`deed`).")) from None
        least = 0 if when is When.DUE else 1
        if not least <= value <= _LONGEST[when]:
            raise _bad(
                _("“%(when)s” takes a number from %(least)s to %(most)s.")
                % {"when": when.label, "least": least, "most": _LONGEST[when]}
            )
        if not 0 <= days <= MOST_DAYS:
            raise _bad(_("A rung is repeated on %(most)s days at most.") % {"most": MOST_DAYS})
        if days and (deed not in REMINDERS or when is When.SHARE):
            raise _bad(_("Only reminders are repeated daily, and only from the deadline on."))
        return cls(when, value, deed, days)

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {"when": self.when, "value": self.value, "deed": self.deed, "days": self.days}

    @property
    def said(self) -> str:
        """Its moment in words."""
        match self.when:
            case When.SHARE:
                words = _("at %(n)s %% of the limit") % {"n": self.value}
            case When.DUE:
                words = _("when it is due")
            case When.AFTER:
                words = _("%(n)s × the limit after it was due") % {"n": self.value}
        if self.days:
            words += _(", then on %(n)s working days") % {"n": self.days}
        return words


@dataclass(frozen=True, slots=True)
class Planned:
    """One rung of a clock's ladder: `day` counts the working days after the rung that it repeats."""

    number: int
    rule: RungRule
    day: int = 0

    def stored(self, at: datetime | None) -> dict[str, Any]:
        row = {"number": self.number, "when": self.rule.when, "value": self.rule.value}
        return row | {"deed": self.rule.deed, "day": self.day, "at": at.isoformat() if at else None}

    @classmethod
    def restored(cls, row: Mapping[str, Any]) -> "Planned":
        rule = RungRule(When(row["when"]), row["value"], Deed(row["deed"]))
        return cls(row["number"], rule, row["day"])

    @property
    def said(self) -> str:
        """Its moment in words."""
        if not self.day:
            return self.rule.said
        return _("working day %(n)s after that") % {"n": self.day}


def _bad(sentence: str) -> Refused:
    return Refused("bad_rung", sentence, field="rungs")


def read_rungs(rows: Any) -> list[RungRule]:
    """The rungs of a rule in their order. Raises Refused `bad_rung`."""
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_RUNGS:
        raise _bad(_("A ladder has from 1 to %(most)s rungs.") % {"most": MOST_RUNGS})
    rungs = [RungRule.read(row) for row in rows]
    if len({(rung.when, rung.value, rung.deed) for rung in rungs}) < len(rungs):
        raise _bad(_("Two rungs say the same."))
    return sorted(rungs, key=lambda rung: (_ORDER[rung.when], rung.value))


def laid_out(rungs: Iterable[RungRule]) -> list[Planned]:
    """Every rung that can fire, repetitions included, numbered from 1."""
    every = [(rung, day) for rung in rungs for day in range(rung.days + 1)]
    return [Planned(number, rung, day) for number, (rung, day) in enumerate(every, start=1)]


def moments(
    clock: Clock, planned: Sequence[Planned], calendar: WorkingCalendar
) -> list[datetime | None]:
    """When each rung comes (UTC). None while the clock is paused, and past the last published day."""
    allowance = Allowance(clock.allowance_value, AllowanceKind(clock.allowance_kind))
    history = [HistoryEntry.restored(row) for row in clock.history]
    try:
        reckoned = reckon(calendar, clock.started_at, allowance, history, settings.AMBER_SHARE)
    except CalendarEnds:
        return [None] * len(planned)
    if reckoned.due is None or clock.paused_at is not None:
        return [None] * len(planned)
    due = _Due(calendar, allowance, history, reckoned)
    return [due.moment(one) for one in planned]


@dataclass
class _Due:
    """A running clock's deadline, and what is counted from it."""

    calendar: WorkingCalendar
    allowance: Allowance
    history: list[HistoryEntry]
    reckoned: Reckoning

    def moment(self, one: Planned) -> datetime | None:
        try:
            base = self._base(one.rule)
            return base if base is None or not one.day else self._opening(base, one.day)
        except CalendarEnds:
            return None

    def _base(self, rule: RungRule) -> datetime | None:
        due, begin = self.reckoned.due, self.reckoned.run_from
        assert due is not None, "only a clock with a deadline has moments"
        if rule.when is When.AFTER:
            return self._after(due, rule.value)
        if rule.when is When.DUE or begin is None or self.reckoned.spent is not None:
            return due
        share = Decimal(rule.value) / 100
        return self.calendar.share_passed(
            begin, due, self.allowance.kind, share, self.reckoned.used
        )

    def _after(self, due: datetime, times: int) -> datetime | None:
        """`times` allowances after the deadline; while the clock was paused, nothing was counted."""
        left: tuple[Allowance, ...] = (self.allowance,) * times
        running: datetime | None = due
        for turn in self.history:
            if turn.at <= due:
                continue
            if turn.turn is Turn.RESUMED:
                running = turn.at
            elif turn.turn is Turn.PAUSED and running is not None:
                reached = self.calendar.due_after(running, left)
                if reached <= turn.at:
                    return reached
                left = left_after(self.calendar, running, turn.at, left)
                running = None
        return None if running is None else self.calendar.due_after(running, left)

    def _opening(self, base: datetime, day: int) -> datetime:
        """The opening of the `day`-th working day after `base`."""
        local = self.calendar.local_date(base)
        for _day in range(day):
            local = _next_working_day(self.calendar, local)
        return _opens(self.calendar, local)


# Thousands of ladders are planned over the same days. A calendar is never changed: an edited one is another.
@lru_cache(maxsize=4096)
def _next_working_day(calendar: WorkingCalendar, day: date) -> date:
    return calendar.rolled(day + timedelta(days=1))


@lru_cache(maxsize=4096)
def _opens(calendar: WorkingCalendar, day: date) -> datetime:
    return calendar.periods_on(day)[0][0]
