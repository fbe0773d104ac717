"""The country's calendar from the published package. Idempotent: what administrators edited stays."""

from datetime import date, datetime

from django.db import transaction

from accounts.actor import SYSTEM
from clocks.choices import DayEnd
from clocks.edit_calendar import touched
from clocks.models import Calendar, CalendarDay, Season
from clocks.published import DEFAULT_HOURS, published_days, source
from journal.append import append

COUNTRY = "中国"


@transaction.atomic
def seed_country(*, now: datetime) -> int:
    """Give the country's calendar every day that the package publishes and that it does not have yet.

    Returns how many days were added. Days that are there, seasons that are there and names are left as
    they are, so that running it again after an upgrade of the package adds the new year and nothing else.
    """
    calendar = country()
    known = set(calendar.days.values_list("date", flat=True))
    origin = source()
    fresh = [
        CalendarDay(calendar=calendar, date=day, kind=what.kind, name=what.name, source=origin)
        for day, what in published_days()
        if day not in known
    ]
    CalendarDay.objects.bulk_create(fresh, batch_size=2000)
    if not calendar.seasons.exists():
        Season.objects.create(calendar=calendar, starts="01-01", periods=default_periods())
    if fresh:
        touched(calendar, now)
        append(
            "calendar.imported",
            subject=("calendar", calendar.pk),
            area_code="",
            by=SYSTEM,
            now=now,
            data={"days": len(fresh), "source": origin, **_ends(fresh[0].date, fresh[-1].date)},
        )
    return len(fresh)


def country() -> Calendar:
    """The country's calendar, made where it is missing, and locked."""
    Calendar.objects.get_or_create(
        area_code="", defaults={"name": COUNTRY, "day_end": DayEnd.CLOSE}
    )
    return Calendar.objects.select_for_update().get(area_code="")


def default_periods() -> list[list[str]]:
    return [[clock_text(opens), clock_text(closes)] for opens, closes in DEFAULT_HOURS.periods]


def clock_text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _ends(first: date, last: date) -> dict[str, str]:
    return {"from": first.isoformat(), "to": last.isoformat()}
