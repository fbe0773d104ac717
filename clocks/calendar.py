"""The working calendar and its arithmetic. Pure: no database, no clock of its own.

Working time is laid out once as prefix sums over the opening periods of all published days. Adding an
allowance is then two bisections, however long it is. All sums are whole microseconds, so nothing is
rounded: seconds count in every kind, `used(start, due)` is the allowance itself, and pieces of an
allowance add up. Instants go in aware and come out in UTC. Source of the rules: domain.md §2.1 and §3.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import accumulate
from zoneinfo import ZoneInfo

from clocks.allowance import MINUTE, UNIT, Allowance
from clocks.choices import CONTINUOUS, WORKING, AllowanceKind, DayEnd, DayKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
AMBER_SHARE = Decimal("0.8")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)


class CalendarEnds(Exception):
    """A day was asked for that no government has published yet (or that lies before the first one).

    `first` and `last` bound what is published; both are None where nothing is.
    """

    def __init__(self, first: date | None, last: date | None, before: bool = False) -> None:
        super().__init__(f"the working calendar covers {first} to {last}")
        self.first = first
        self.last = last
        self.before = before


@dataclass(frozen=True, slots=True)
class Day:
    """One published day; `name` is the holiday it belongs to (also on a make-up day)."""

    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Working periods in force from (month, day) until the next `Hours` of the year begin.

    `periods` are (opens, closes) in minutes since midnight, in order; 1440 is 24:00.
    """

    starts: tuple[int, int]
    periods: tuple[tuple[int, int], ...]


def micros_of(instant: datetime) -> int:
    """Microseconds since 1970 UTC, exactly."""
    return (instant - _EPOCH) // _TICK


def instant_of(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def add_months(day: date, months: int) -> date:
    """The same day `months` on, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - _DAY)


def longest_run(days: Iterable[date]) -> tuple[date, date] | None:
    """First and last day of the longest stretch without a gap: what lies beyond a gap is not usable yet."""
    best: tuple[int, int] | None = None
    begin = previous = 0
    for ordinal in sorted(day.toordinal() for day in days):
        if ordinal != previous + 1 or not begin:
            begin = ordinal
        previous = ordinal
        if best is None or previous - begin > best[1] - best[0]:
            best = (begin, previous)
    return best and (date.fromordinal(best[0]), date.fromordinal(best[1]))


class WorkingCalendar:
    """Published days, hours by season, a time zone, and when a statutory day ends."""

    def __init__(
        self,
        days: Mapping[date, Day],
        hours: Sequence[Hours],
        *,
        zone: ZoneInfo = SHANGHAI,
        day_end: DayEnd = DayEnd.CLOSE,
    ) -> None:
        self.days = days
        self.hours = tuple(sorted(hours, key=lambda each: each.starts))
        self._season_starts = [each.starts for each in self.hours]
        self.zone = zone
        self.day_end = day_end
        published = longest_run(days) if self.hours else None
        self.first: date | None = published and published[0]
        self.last: date | None = published and published[1]
        self._workdays: list[int] = []
        self._opens: list[int] = []
        self._lengths: list[int] = []
        for day in self._published_days():
            if days[day].kind.works:
                self._lay_out(day)
        self._through = list(accumulate(self._lengths))
        self._begin = micros_of(self.midnight(self.first)) if self.first else 0
        self._end = micros_of(self.midnight(self.last + _DAY)) if self.last else 0

    def _lay_out(self, day: date) -> None:
        """Append a working day's periods to the prefix sums."""
        self._workdays.append(day.toordinal())
        midnight = micros_of(self.midnight(day))
        if self.zone.utcoffset(datetime.combine(day, time.max)) == self.zone.utcoffset(
            datetime.combine(day, time.min)
        ):
            periods = [
                (midnight + opens * MINUTE, midnight + closes * MINUTE)
                for opens, closes in self.hours_on(day).periods
            ]
        else:  # the zone changes its offset on this day
            periods = [(micros_of(o), micros_of(c)) for o, c in self.periods_on(day)]
        for opens, closes in periods:
            self._opens.append(opens)
            self._lengths.append(closes - opens)

    # --- days ------------------------------------------------------------------------------

    def _published_days(self) -> Iterable[date]:
        if self.first is None or self.last is None:
            return ()
        return map(date.fromordinal, range(self.first.toordinal(), self.last.toordinal() + 1))

    def day(self, day: date) -> Day | None:
        """The published day, or None."""
        if self.first is None or self.last is None or not self.first <= day <= self.last:
            return None
        return self.days[day]

    def local_date(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The instant at which `day` begins."""
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def hours_on(self, day: date) -> Hours:
        """The season's hours; before the year's first season the last one of the year before holds."""
        return self.hours[bisect_right(self._season_starts, (day.month, day.day)) - 1]

    def periods_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Opening periods that a working `day` has, in UTC."""
        return [
            (self._at_minute(day, opens), self._at_minute(day, closes))
            for opens, closes in self.hours_on(day).periods
        ]

    def _at_minute(self, day: date, minute: int) -> datetime:
        if minute == 24 * 60:
            return self.midnight(day + _DAY)
        return datetime.combine(day, time(minute // 60, minute % 60), self.zone).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """When a statutory period that ends on `day` ends: its close of business, or 24:00."""
        if self.day_end is DayEnd.MIDNIGHT:
            return self.midnight(day + _DAY)
        return self._at_minute(day, self.hours_on(day).periods[-1][1])

    # --- working time ----------------------------------------------------------------------

    def _ends(self, *, before: bool = False) -> CalendarEnds:
        return CalendarEnds(self.first, self.last, before)

    def _worked(self, micros: int) -> int:
        """Working microseconds from the first published day until `micros`."""
        if not self._begin <= micros <= self._end or self.first is None:
            raise self._ends(before=micros < self._begin)
        at = bisect_right(self._opens, micros) - 1
        if at < 0:
            return 0
        length = self._lengths[at]
        return self._through[at] - length + min(micros - self._opens[at], length)

    def _add(self, start: int, amount: int) -> int:
        """The earliest instant by which `amount` (> 0) working microseconds have passed since `start`."""
        target = self._worked(start) + amount
        at = bisect_left(self._through, target)
        if at == len(self._through):
            raise self._ends()
        return self._opens[at] + self._lengths[at] - (self._through[at] - target)

    # --- statutory days --------------------------------------------------------------------

    def _workday(self, index: int) -> date:
        if not 0 <= index < len(self._workdays):
            raise self._ends()
        return date.fromordinal(self._workdays[index])

    def rolled(self, day: date) -> date:
        """`day`, or the next working day where it is a day of rest."""
        if self.first is None or self.last is None or not self.first <= day <= self.last:
            raise self._ends(before=self.first is not None and day < self.first)
        return self._workday(bisect_left(self._workdays, day.toordinal()))

    def nominal_day(self, start: date, allowance: Allowance) -> date:
        """The last day of a `legal_day` or `legal_month` allowance before it moves off a day of rest."""
        if allowance.kind is AllowanceKind.LEGAL_MONTH:
            return add_months(start, int(allowance.value))
        return start + timedelta(days=int(allowance.value))

    def _last_day(self, start: date, allowance: Allowance) -> date:
        if allowance.kind is not AllowanceKind.LEGAL_WORKDAY or not allowance.value:
            return self.rolled(self.nominal_day(start, allowance))
        if self.first is None or start + _DAY < self.first:
            raise self._ends(before=True)
        after_start = bisect_right(self._workdays, start.toordinal())
        return self._workday(after_start + int(allowance.value) - 1)

    def _legal_due(self, start: datetime, allowance: Allowance) -> datetime:
        first_day = self.local_date(start)
        due = self.end_of(self._last_day(first_day, allowance))
        if due <= start:  # nothing was left and business has closed: the next working day
            due = self.end_of(self.rolled(first_day + _DAY))
        return due

    # --- what the rest of the system asks ----------------------------------------------------

    def due(self, start: datetime, allowance: Allowance) -> datetime:
        """When `allowance`, begun at `start`, is used up. UTC.

        Continuous kinds need no calendar. Working time that ends with a period ends there, not at the
        next opening. Raises `CalendarEnds`.
        """
        if allowance.kind in CONTINUOUS:
            return start.astimezone(UTC) + timedelta(microseconds=allowance.micros)
        if allowance.kind in WORKING:
            if not allowance.value:
                return start.astimezone(UTC)
            return instant_of(self._add(micros_of(start), allowance.micros))
        return self._legal_due(start, allowance)

    def due_after(self, start: datetime, allowances: Iterable[Allowance]) -> datetime:
        """Allowances one after the other: an extension counts from the deadline that it extends."""
        for allowance in allowances:
            start = self.due(start, allowance)
        return start

    def measured(self, start: datetime, end: datetime, kind: AllowanceKind) -> int:
        """Microseconds between two instants: of day and night for continuous kinds, else of working time."""
        if end <= start:
            return 0
        if kind in CONTINUOUS:
            return (end - start) // _TICK
        return self._worked(micros_of(end)) - self._worked(micros_of(start))

    def share_passed(
        self, start: datetime, due: datetime, kind: AllowanceKind, share: Decimal, used: int = 0
    ) -> datetime:
        """When `share` of the measured time is gone, `used` microseconds of it before `start`."""
        total = used + self.measured(start, due, kind)
        wanted = int(share * total) - used
        if wanted <= 0:
            return min(start, due).astimezone(UTC)
        if kind in CONTINUOUS:
            return start.astimezone(UTC) + timedelta(microseconds=wanted)
        return instant_of(self._add(micros_of(start), wanted))

    def amber(
        self, start: datetime, allowance: Allowance, share: Decimal = AMBER_SHARE
    ) -> datetime:
        """When the lamp turns amber: `share` of the allowance is used.

        Statutory kinds have no minutes of their own. For them it is `share` of the *working time*
        between start and end, so that amber always falls into office hours, with time left to act.
        """
        return self.share_passed(start, self.due(start, allowance), allowance.kind, share)

    def _day_ending(self, start: datetime, end: datetime) -> date:
        """The local day in which a stretch of time ends; 24:00 belongs to the day that it closes."""
        return self.local_date(max(end - _TICK, start))

    def used(self, start: datetime, end: datetime, kind: AllowanceKind) -> Decimal:
        """How much of `kind` lies between two instants; `used(start, due)` is the allowance.

        Statutory days: the day of `start` is not counted, the day of `end` is. (After a roll, `legal_day`
        counts the days of rest that were rolled over, too.) Raises `CalendarEnds` where working days matter.
        """
        if kind in UNIT:
            return Decimal(self.measured(start, end, kind)) / UNIT[kind]
        first, last = self.local_date(start), self._day_ending(start, end)
        if kind is AllowanceKind.LEGAL_DAY:
            return Decimal((last - first).days)
        if kind is AllowanceKind.LEGAL_MONTH:
            months = (last.year - first.year) * 12 + last.month - first.month
            return Decimal(months - (add_months(first, months) > last))
        if self.day(first) is None or self.day(last) is None:
            raise self._ends(before=self.first is not None and first < self.first)
        return Decimal(
            bisect_right(self._workdays, last.toordinal())
            - bisect_right(self._workdays, first.toordinal())
        )

    def left(self, start: datetime, at: datetime, allowance: Allowance) -> Allowance:
        """What a clock that is paused at `at` still has; `due(resumed, left)` is its new deadline.

        The day of a pause counts as used, the day of the resumption does not count, so that pausing for
        an hour gains no day. What is left of months is counted in days.
        """
        kind = allowance.kind
        if kind in UNIT:
            gone = Decimal(self.measured(start, at, kind)) / UNIT[kind]
            # Finer than a microsecond, so that adding it up again is exact.
            rest = (allowance.value - gone).quantize(Decimal("1e-12")).normalize()
            return Allowance(max(rest, Decimal(0)), kind)
        if kind is AllowanceKind.LEGAL_WORKDAY:
            return Allowance(max(allowance.value - self.used(start, at, kind), Decimal(0)), kind)
        nominal = self.nominal_day(self.local_date(start), allowance)
        days = (nominal - self._day_ending(start, at)).days
        return Allowance(Decimal(max(days, 0)), AllowanceKind.LEGAL_DAY)
