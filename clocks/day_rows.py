"""An explanation laid out for the eye: rows of days, rests drawn together, working time as bars of a day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from clocks.calendar import WorkingCalendar
from clocks.choices import LEGAL, DayKind
from clocks.explain import DayLine, Explanation, Reason
from clocks.wording import reason_of
from clocks.year_view import month_grid

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a day's 24 hours, in per cent of its width."""

    left: str
    width: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """A counted day, or several days in a row that were skipped for the same reason."""

    first: date
    last: date
    days: int
    reason: str
    code: str
    makeup: bool
    number: Decimal
    hours: Decimal
    bars: tuple[Bar, ...]

    @property
    def counted(self) -> bool:
        return self.code == Reason.COUNTED


@dataclass(frozen=True, slots=True)
class Square:
    """A day in a month's grid: `code` is its reason; empty outside the stretch that was counted."""

    date: date
    code: str
    reason: str
    number: Decimal
    is_due: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    first: date
    weeks: tuple[tuple[Square | None, ...], ...]


def sheets_of(told: Explanation) -> list[Sheet]:
    """The explanation as leaves of a calendar, a month each. For statutory kinds, which count whole days."""
    lines = {line.date: line for line in told.days}
    months = sorted({day.replace(day=1) for day in lines})
    return [Sheet(first, _weeks(first, lines, told.days[-1].date)) for first in months]


def _weeks(
    first: date, lines: Mapping[date, DayLine], last: date
) -> tuple[tuple[Square | None, ...], ...]:
    squares = [_square(day, lines.get(day), last) if day else None for day in month_grid(first)]
    return tuple(tuple(squares[at : at + 7]) for at in range(0, len(squares), 7))


def _square(day: date, line: DayLine | None, last: date) -> Square:
    if line is None:
        return Square(day, "", "", Decimal(0), is_due=False)
    return Square(day, line.reason.value, reason_of(line), line.number, is_due=day == last)


def rows_of(told: Explanation, calendar: WorkingCalendar) -> list[Row]:
    """The explanation's days, in order."""
    return [_row(list(lines), calendar) for _key, lines in groupby(told.days, key=_joined)]


def _joined(line: DayLine) -> object:
    """Skipped days of one reason stand together; each counted day stands alone."""
    if line.reason in (Reason.WEEKEND, Reason.HOLIDAY):
        return (line.reason, line.name)
    return line.date


def _row(lines: list[DayLine], calendar: WorkingCalendar) -> Row:
    first, last = lines[0], lines[-1]
    return Row(
        first=first.date,
        last=last.date,
        days=len(lines),
        reason=reason_of(first),
        code=first.reason.value,
        makeup=first.kind is DayKind.MAKEUP,
        number=last.number,
        hours=(last.minutes / 60).quantize(Decimal("0.01")).normalize(),
        bars=tuple(_bars(last, calendar)),
    )


def _bars(line: DayLine, calendar: WorkingCalendar) -> Iterator[Bar]:
    midnight = calendar.midnight(line.date)
    for begin, end in line.spans:
        yield Bar(
            left=_percent(begin - midnight),
            width=_percent(end - begin),
            title=f"{_clock(begin, calendar)}–{_clock(end, calendar, line.date)}",
        )


def _percent(length: timedelta) -> str:
    return f"{100 * (length / _DAY):.3f}%"


def _clock(instant: datetime, calendar: WorkingCalendar, day: date | None = None) -> str:
    """HH:MM; the end of `day` itself is 24:00."""
    if day is not None and instant == calendar.midnight(day + _DAY):
        return "24:00"
    return instant.astimezone(calendar.zone).strftime("%H:%M")


def end_words(told: Explanation, calendar: WorkingCalendar) -> tuple[date, str]:
    """The day and time of a deadline as people say it: a statutory end at midnight is 24:00 of its day."""
    day = calendar.local_date(told.due)
    if told.allowance.kind in LEGAL and told.due == calendar.midnight(day):
        return day - _DAY, "24:00"
    return day, _clock(told.due, calendar)
