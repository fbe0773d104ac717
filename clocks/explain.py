"""Why a deadline is what it is: each day that counted, each that did not, and the reason. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from clocks.allowance import UNIT, Allowance
from clocks.calendar import AMBER_SHARE, WorkingCalendar
from clocks.choices import CONTINUOUS, WORKING, AllowanceKind, DayKind


class Reason(StrEnum):
    """Why a day counts or does not."""

    COUNTED = "counted"
    START_DAY = "start_day"  # statutory: the day it begins on is not counted (Civil Code §201)
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    NO_HOURS = "no_hours"  # a working day, but none of its hours lies between start and end
    ROLLED = "rolled"  # statutory: the last day was a day of rest, so this day takes its place


class StartNote(StrEnum):
    """A start at the edge of working time: easily misread, so it is said."""

    REST_DAY = "rest_day"
    BEFORE_OPENING = "before_opening"
    IN_BREAK = "in_break"
    AT_PERIOD_END = "at_period_end"
    AFTER_CLOSE = "after_close"
    MIDNIGHT = "midnight"


@dataclass(frozen=True, slots=True)
class DayLine:
    """One local day. `minutes` is what it contributed; `number` is the running count in the allowance's unit.

    `kind` is None for a day that is not published (continuous kinds only). `spans` are UTC instants.
    """

    date: date
    kind: DayKind | None
    name: str
    reason: Reason
    number: Decimal
    minutes: Decimal = Decimal(0)
    spans: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def counted(self) -> bool:
        return self.reason is Reason.COUNTED


@dataclass(frozen=True, slots=True)
class Explanation:
    """A deadline with its reasons. `nominal` is the last day before it moved off a day of rest, if it did."""

    start: datetime
    allowance: Allowance
    due: datetime
    amber: datetime
    days: tuple[DayLine, ...]
    notes: tuple[StartNote, ...]
    nominal: date | None = None


def explain(
    calendar: WorkingCalendar,
    start: datetime,
    allowance: Allowance,
    share: Decimal = AMBER_SHARE,
) -> Explanation:
    """`due` and `amber` of an allowance with every day from start to end. Raises `CalendarEnds`."""
    due = calendar.due(start, allowance)
    nominal = None
    if allowance.kind in CONTINUOUS or allowance.kind in WORKING:
        days = tuple(_measured_days(calendar, start, due, allowance.kind))
    else:
        days = tuple(_statutory_days(calendar, start, due, allowance))
        nominal = _moved_from(calendar, start, due, allowance)
    return Explanation(
        start=start,
        allowance=allowance,
        due=due,
        amber=calendar.share_passed(start, due, allowance.kind, share),
        days=days,
        notes=tuple(start_notes(calendar, start, allowance.kind)),
        nominal=nominal,
    )


def _dates(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _last_date(calendar: WorkingCalendar, due: datetime) -> date:
    return calendar.local_date(due - timedelta(microseconds=1))


def _kind_and_name(calendar: WorkingCalendar, day: date) -> tuple[DayKind | None, str]:
    published = calendar.day(day)
    return (published.kind, published.name) if published else (None, "")


def _rest_reason(kind: DayKind | None) -> Reason:
    return Reason.HOLIDAY if kind is DayKind.HOLIDAY else Reason.WEEKEND


def _measured_days(
    calendar: WorkingCalendar, start: datetime, due: datetime, kind: AllowanceKind
) -> Iterator[DayLine]:
    counted = timedelta()
    unit = timedelta(microseconds=UNIT[kind])
    for day in _dates(calendar.local_date(start), _last_date(calendar, due)):
        day_kind, name = _kind_and_name(calendar, day)
        spans = _spans_on(calendar, day, start, due, kind)
        here = sum((end - begin for begin, end in spans), timedelta())
        counted += here
        if here:
            reason = Reason.COUNTED
        elif day_kind is not None and day_kind.works:
            reason = Reason.NO_HOURS
        else:
            reason = _rest_reason(day_kind)
        yield DayLine(
            date=day,
            kind=day_kind,
            name=name,
            reason=reason,
            number=Decimal(str(round(counted / unit, 4))).normalize(),
            minutes=Decimal(str(round(here / timedelta(minutes=1), 2))).normalize(),
            spans=spans,
        )


def _spans_on(
    calendar: WorkingCalendar, day: date, start: datetime, due: datetime, kind: AllowanceKind
) -> tuple[tuple[datetime, datetime], ...]:
    """What of [start, due] counts on `day`."""
    if kind in CONTINUOUS:
        periods = [(calendar.midnight(day), calendar.midnight(day + timedelta(days=1)))]
    else:
        published = calendar.day(day)
        works = published is not None and published.kind.works
        periods = calendar.periods_on(day) if works else []
    clipped = ((max(opens, start), min(closes, due)) for opens, closes in periods)
    return tuple((begin, end) for begin, end in clipped if begin < end)


def _statutory_days(
    calendar: WorkingCalendar, start: datetime, due: datetime, allowance: Allowance
) -> Iterator[DayLine]:
    first = calendar.local_date(start)
    only_workdays = allowance.kind is AllowanceKind.LEGAL_WORKDAY
    nominal = None if only_workdays else calendar.nominal_day(first, allowance)
    number = 0
    for day in _dates(first, _last_date(calendar, due)):
        kind, name = _kind_and_name(calendar, day)
        rests = kind is None or not kind.works
        if day == first:
            reason = Reason.START_DAY
        elif nominal is not None and day > nominal:
            reason = _rest_reason(kind) if rests else Reason.ROLLED
        elif only_workdays and rests:
            reason = _rest_reason(kind)
        else:
            reason = Reason.COUNTED
            number += 1
        yield DayLine(date=day, kind=kind, name=name, reason=reason, number=Decimal(number))


def _moved_from(
    calendar: WorkingCalendar, start: datetime, due: datetime, allowance: Allowance
) -> date | None:
    if allowance.kind is AllowanceKind.LEGAL_WORKDAY:
        return None
    nominal = calendar.nominal_day(calendar.local_date(start), allowance)
    return None if nominal == _last_date(calendar, due) else nominal


def start_notes(
    calendar: WorkingCalendar, start: datetime, kind: AllowanceKind
) -> Iterator[StartNote]:
    """What a reader may stumble over in this start; nothing for continuous kinds."""
    if kind in CONTINUOUS:
        return
    day = calendar.local_date(start)
    if start == calendar.midnight(day):
        yield StartNote.MIDNIGHT
    published = calendar.day(day)
    if published is None:
        return
    if not published.kind.works:
        yield StartNote.REST_DAY
    elif kind in WORKING:
        yield from _note_within(calendar.periods_on(day), start)


def _note_within(periods: list[tuple[datetime, datetime]], start: datetime) -> Iterator[StartNote]:
    if start < periods[0][0]:
        yield StartNote.BEFORE_OPENING
    elif any(start == closes for _opens, closes in periods):
        yield StartNote.AT_PERIOD_END
    elif start > periods[-1][1]:
        yield StartNote.AFTER_CLOSE
    elif not any(opens <= start < closes for opens, closes in periods):
        yield StartNote.IN_BREAK
