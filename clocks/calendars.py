"""The calendar in force for an area, built once per process and edit.

Every call asks the database for the stamps of the few calendars that can apply (one indexed query), so web
and worker processes see an edit with the next call; only what changed is read and built again.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from threading import Lock
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Length

from accounts.actor import Actor
from accounts.roles import May
from clocks.calendar import Day, Hours, WorkingCalendar
from clocks.choices import DayEnd, DayKind
from clocks.models import Calendar, CalendarDay, Season

_KEPT = 64
_built: OrderedDict[tuple[UUID, ...], WorkingCalendar] = OrderedDict()
_guard = Lock()


def calendar_for(area_code: str) -> WorkingCalendar:
    """The working calendar of an area: the country's, overlaid by those of longer and longer prefixes.

    A calendar without any published day (a database that was never seeded) raises CalendarEnds when asked.
    """
    stamps = _stamps(area_code)
    with _guard:
        if stamps in _built:
            _built.move_to_end(stamps)
            return _built[stamps]
    chain = list(calendars_over(area_code))
    stamps = tuple(calendar.stamp for calendar in chain)  # an edit may have come in between
    built = build(chain)
    with _guard:
        _built[stamps] = built
        while len(_built) > _KEPT:
            _built.popitem(last=False)
    return built


def _stamps(area_code: str) -> tuple[UUID, ...]:
    """The stamps of the calendars over an area, in the order of `calendars_over`. By hand: this question is
    asked for every clock that starts, and asking it through the ORM takes four times as long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stamp FROM clocks_calendar WHERE starts_with(%s, area_code) ORDER BY area_code",
            [area_code],
        )
        return tuple(row[0] for row in cursor.fetchall())


def calendars_over(area_code: str) -> "QuerySet[Calendar]":
    """The calendars that apply to an area, the country's first, the most specific last."""
    prefixes = [area_code[:length] for length in range(len(area_code) + 1)]
    return Calendar.objects.filter(area_code__in=prefixes).order_by(Length("area_code"))


def build(chain: Sequence[Calendar]) -> WorkingCalendar:
    """Read and lay out a chain of calendars, later ones winning day by day and season by season."""
    days: dict[date, Day] = {}
    hours: dict[str, Hours] = {}
    for calendar in chain:
        rows = CalendarDay.objects.filter(calendar=calendar).values_list("date", "kind", "name")
        days |= {day: Day(DayKind(kind), name) for day, kind, name in rows}
        hours |= {season.starts: hours_of(season) for season in calendar.seasons.all()}
    ends = [calendar.day_end for calendar in chain if calendar.day_end]
    return WorkingCalendar(
        days, list(hours.values()), day_end=DayEnd(ends[-1]) if ends else DayEnd.CLOSE
    )


def hours_of(season: Season) -> Hours:
    """A stored season as the arithmetic wants it."""
    month, day = season.starts.split("-")
    periods = tuple((minute_of(opens), minute_of(closes)) for opens, closes in season.periods)
    return Hours((int(month), int(day)), periods)


def minute_of(text: str) -> int:
    """Minutes since midnight of `HH:MM`; 24:00 is 1440."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def visible_to(actor: Actor) -> "QuerySet[Calendar]":
    """Calendars that this actor may look at and edit: those in the area of a post with MANAGE_CALENDAR,
    and the country's, which applies to every area."""
    codes = {post.area_code for post in actor.posts_with(May.MANAGE_CALENDAR)}
    if not codes:
        return Calendar.objects.none()
    visible = Calendar.objects.filter(area_code="")
    for code in codes:
        visible |= Calendar.objects.filter(area_code__startswith=code)
    return visible
