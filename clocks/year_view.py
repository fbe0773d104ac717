"""A year of a calendar, laid out for the eye: months, weeks, days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import pgettext_lazy

from clocks.calendar import Day, WorkingCalendar
from clocks.choices import DayKind
from clocks.published import holiday_name

# One letter or character each, Monday first.
WEEKDAYS = (
    pgettext_lazy("Monday", "M"),
    pgettext_lazy("Tuesday", "T"),
    pgettext_lazy("Wednesday", "W"),
    pgettext_lazy("Thursday", "T"),
    pgettext_lazy("Friday", "F"),
    pgettext_lazy("Saturday", "S"),
    pgettext_lazy("Sunday", "S"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day in a month's grid. `what` is None where nothing is published; `own` where the area set it itself."""

    date: date
    what: Day | None
    own: bool

    @property
    def name(self) -> str:
        """The holiday's name in the reader's language."""
        return holiday_name(self.what.name) if self.what else ""


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]  # Monday first; None outside the month
    working_days: int


def months_of(year: int, calendar: WorkingCalendar, own: Mapping[date, str]) -> list[Month]:
    """The twelve months of a year."""
    return [_month(date(year, number, 1), calendar, own) for number in range(1, 13)]


def month_grid(first: date) -> list[date | None]:
    """The days of a month in whole weeks, Monday first; None outside the month."""
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    days: list[date | None] = [None] * first.weekday()
    days += map(date.fromordinal, range(first.toordinal(), following.toordinal()))
    return days + [None] * (-len(days) % 7)


def _month(first: date, calendar: WorkingCalendar, own: Mapping[date, str]) -> Month:
    cells = [Cell(day, calendar.day(day), day in own) if day else None for day in month_grid(first)]
    weeks = tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))
    working = sum(bool(cell and cell.what and cell.what.kind.works) for cell in cells)
    return Month(first, weeks, working)


def years_of(calendar: WorkingCalendar) -> range:
    """The years that can be turned to: the published ones and the one after them."""
    if calendar.first is None or calendar.last is None:
        return range(date.today().year, date.today().year + 1)  # noqa: DTZ011 - only which page opens
    return range(calendar.first.year, calendar.last.year + 2)


def summary(months: list[Month]) -> dict[str, int]:
    """How many days of each kind a year has."""
    kinds = [
        cell.what.kind
        for month in months
        for week in month.weeks
        for cell in week
        if cell and cell.what
    ]
    return {kind.value: kinds.count(kind) for kind in DayKind}
