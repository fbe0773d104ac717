"""A year of a calendar, laid out for the eye: months, weeks, days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from clocks.calendar import Day, WorkingCalendar
from clocks.choices import DayKind


@dataclass(frozen=True, slots=True)
class Cell:
    """A day in a month's grid. `what` is None where nothing is published; `own` where the area set it itself."""

    date: date
    what: Day | None
    own: bool


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]  # Monday first; None outside the month
    working_days: int


def months_of(year: int, calendar: WorkingCalendar, own: Mapping[date, str]) -> list[Month]:
    """The twelve months of a year."""
    return [_month(date(year, number, 1), calendar, own) for number in range(1, 13)]


def _month(first: date, calendar: WorkingCalendar, own: Mapping[date, str]) -> Month:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    days = map(date.fromordinal, range(first.toordinal(), following.toordinal()))
    cells: list[Cell | None] = [None] * first.weekday()
    cells += [Cell(day, calendar.day(day), day in own) for day in days]
    cells += [None] * (-len(cells) % 7)
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
