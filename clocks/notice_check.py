"""What a notice would change, before anything is written; and the way from the dry run to the writing."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clocks.calendar import Day
from clocks.calendars import calendar_for
from clocks.choices import DayKind
from clocks.edit_calendar import days_of_notice
from clocks.models import Calendar
from clocks.notice_file import BadRow, read_notice
from clocks.published import holiday_name

_SALT = "clocks.notice"
_MAX_AGE = 3600  # seconds between dry run and confirmation


@dataclass(frozen=True)
class Change:
    """A day that would become something else; `was` is None for a day that is not published yet."""

    date: date
    was: Day | None
    now: Day

    @property
    def name_before(self) -> str:
        return holiday_name(self.was.name) if self.was else ""

    @property
    def name_after(self) -> str:
        return holiday_name(self.now.name)


@dataclass(frozen=True)
class Checked:
    """The answer of a dry run. It can be written only while `bad` is empty."""

    year: int
    source: str
    named: dict[date, Day]
    rows: int
    bad: list[BadRow]
    changes: list[Change]
    warnings: list[str | Promise] = field(default_factory=list)

    @property
    def named_changes(self) -> list[Change]:
        """The changes that the notice names, or that take a former name away: what a person must look at."""
        return [change for change in self.changes if change.date in self.named or change.was]

    @property
    def ordinary(self) -> int:
        """How many more days become what their weekday makes them."""
        return len(self.changes) - len(self.named_changes)

    @property
    def holidays(self) -> int:
        return sum(what.kind is DayKind.HOLIDAY for what in self.named.values())

    @property
    def makeups(self) -> int:
        return sum(what.kind is DayKind.MAKEUP for what in self.named.values())


def check_notice(
    calendar: Calendar, content: bytes, file_name: str, year: int, source: str
) -> Checked:
    """Read and compare; nothing is written. Raises Refused for a file that is no sheet, or leaves a gap."""
    reading = read_notice(content, file_name, year)
    known = calendar_for(calendar.area_code)
    fresh = days_of_notice(calendar, year, reading.days)
    changes = [
        Change(day, known.day(day), what)
        for day, what in sorted(fresh.items())
        if known.day(day) != what
    ]
    return Checked(
        year=year,
        source=source,
        named=reading.days,
        rows=reading.rows,
        bad=reading.bad,
        changes=changes,
        warnings=_warnings(calendar, reading.days),
    )


def _warnings(calendar: Calendar, named: dict[date, Day]) -> list[str | Promise]:
    if not calendar.is_country:
        return []
    statutory = 13  # days a year since 2025 (2024 revision of the holiday regulation)
    rests = sum(what.kind is DayKind.HOLIDAY for what in named.values())
    works = sum(what.kind is DayKind.MAKEUP for what in named.values())
    weekdays = sum(
        what.kind is DayKind.HOLIDAY and day.weekday() < 5 for day, what in named.items()
    )
    found: list[str | Promise] = []
    if rests < statutory:
        found.append(
            _(
                "The notice names %(rests)d days of holiday; by law there are at least %(statutory)d."
            )
            % {"rests": rests, "statutory": statutory}
        )
    if weekdays and not works:
        found.append(_("The notice names no make-up working day. Is part of it missing?"))
    return found


def pack(calendar: Calendar, checked: Checked, seen: int) -> str:
    """The dry run, signed, to be sent back with the confirmation: no upload is kept on the server."""
    days = [(day.isoformat(), what.kind.value, what.name) for day, what in checked.named.items()]
    content = {
        "calendar": calendar.pk,
        "year": checked.year,
        "source": checked.source,
        "seen": seen,
        "days": days,
    }
    return "" if checked.bad else signing.dumps(content, salt=_SALT, compress=True)


def unpack(calendar: Calendar, packed: str) -> dict[str, Any]:
    """The arguments of `import_year`. Raises signing.BadSignature if it was changed, is old, or is another's."""
    content = signing.loads(packed, salt=_SALT, max_age=_MAX_AGE)
    if content["calendar"] != calendar.pk:
        raise signing.BadSignature("another calendar's notice")
    named = {
        date.fromisoformat(day): Day(DayKind(kind), name) for day, kind, name in content["days"]
    }
    return {
        "year": content["year"],
        "named": named,
        "source": content["source"],
        "seen": content["seen"],
    }
