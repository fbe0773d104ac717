"""Changing calendars. Every change is one transaction: new stamp, word for the clocks, journal.

`seen` is the version that the person was looking at; where it is out of date, somebody was first. None
skips that question (imports by command).
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import area_names
from accounts.actor import Actor, HeldPost
from accounts.roles import May
from clocks.calendar import Day
from clocks.calendars import calendar_for, minute_of, visible_to
from clocks.choices import DayEnd, DayKind
from clocks.models import Calendar, CalendarDay, Season
from clocks.published import ordinary_day
from clocks.recalculate import ask_for
from config.refusal import Refused, SomebodyWasFirst
from journal.append import append

Period = tuple[str, str]
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
MOST_PERIODS = 6


@transaction.atomic
def create_calendar(*, area_code: str, name: str, by: Actor, now: datetime) -> Calendar:
    """A calendar of an area's own. It starts empty: everything is inherited until it is changed."""
    post = _post_over(by, area_code)
    area_names.check(area_code)
    if not name.strip():
        raise Refused("name_missing", _("Give the calendar a name."), field="name")
    calendar, is_new = Calendar.objects.get_or_create(
        area_code=area_code, defaults={"name": name.strip()}
    )
    if not is_new:
        raise Refused(
            "calendar_exists",
            _("This area has a calendar already: %(name)s.") % {"name": calendar.name},
            409,
            field="area_code",
        )
    _journal(calendar, "calendar.created", by, post, now, name=calendar.name)
    return calendar


@transaction.atomic
def set_day(
    *,
    calendar_id: int,
    day: date,
    kind: DayKind,
    name: str = "",
    source: str = "",
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> CalendarDay:
    """Make `day` another kind of day. Deadlines that run over it are computed again in the background."""
    calendar, post = _held(calendar_id, seen, by)
    _fits_weekday(day, kind)
    known = calendar.days.filter(date=day).first()
    if known is None and calendar.is_country:
        raise Refused(
            "year_not_published",
            _("%(year)s is not published yet. Import its notice first.") % {"year": day.year},
            field="date",
        )
    row = known or CalendarDay(calendar=calendar, date=day)
    was = row.kind
    row.kind, row.name, row.source = kind, name.strip(), source.strip()
    row.save()
    touched(calendar, now)
    _journal(
        calendar,
        "calendar.day_changed",
        by,
        post,
        now,
        date=day.isoformat(),
        was=was,
        day_kind=kind.value,
        name=row.name,
    )
    return row


@transaction.atomic
def inherit_day(
    *, calendar_id: int, day: date, seen: int | None = None, by: Actor, now: datetime
) -> Calendar:
    """Let an area's calendar have `day` from the calendar above it again."""
    calendar, post = _held(calendar_id, seen, by)
    if calendar.is_country:
        raise Refused("nothing_above", _("There is no calendar above the country's."), field="date")
    removed, _rows = calendar.days.filter(date=day).delete()
    if removed:
        touched(calendar, now)
        _journal(calendar, "calendar.day_inherited", by, post, now, date=day.isoformat())
    return calendar


@transaction.atomic
def set_season(
    *,
    calendar_id: int,
    starts: str,
    periods: Sequence[Period],
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> Season:
    """Set the working periods that hold from `starts` (MM-DD) until the next season of the year."""
    calendar, post = _held(calendar_id, seen, by)
    _is_day_of_year(starts)
    _are_periods(periods)
    season, _is_new = Season.objects.update_or_create(
        calendar=calendar, starts=starts, defaults={"periods": [list(each) for each in periods]}
    )
    touched(calendar, now)
    facts = {"starts": starts, "periods": season.periods}
    _journal(calendar, "calendar.season_set", by, post, now, **facts)
    return season


@transaction.atomic
def remove_season(
    *, calendar_id: int, starts: str, seen: int | None = None, by: Actor, now: datetime
) -> None:
    """Remove a season. The country's last one stays: without hours no working time can be counted."""
    calendar, post = _held(calendar_id, seen, by)
    if calendar.is_country and calendar.seasons.count() == 1:
        raise Refused("last_season", _("The country's calendar needs at least one season."), 409)
    removed, _rows = calendar.seasons.filter(starts=starts).delete()
    if removed:
        touched(calendar, now)
        _journal(calendar, "calendar.season_removed", by, post, now, starts=starts)


@transaction.atomic
def set_day_end(
    *, calendar_id: int, day_end: DayEnd | None, seen: int | None = None, by: Actor, now: datetime
) -> Calendar:
    """Choose when the last day of a statutory period ends; None inherits it (areas only)."""
    calendar, post = _held(calendar_id, seen, by)
    if calendar.is_country and day_end is None:
        raise Refused(
            "nothing_above", _("There is no calendar above the country's."), field="day_end"
        )
    calendar.day_end = day_end or ""
    calendar.save(update_fields=["day_end"])
    touched(calendar, now)
    _journal(calendar, "calendar.day_end_set", by, post, now, day_end=calendar.day_end)
    return calendar


@transaction.atomic
def import_year(
    *,
    calendar_id: int,
    year: int,
    named: dict[date, Day],
    source: str,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """Publish a year from the days that its notice names; how many days changed.

    In the country's calendar every other day of the year becomes what its weekday makes it, also where the year
    was published before. An area's calendar takes the named days and inherits the rest.
    """
    calendar, post = _held(calendar_id, seen, by)
    fresh = days_of_notice(calendar, year, named)
    before = {
        row.date: Day(DayKind(row.kind), row.name)
        for row in calendar.days.filter(date__in=fresh.keys())
    }
    changed = {day: what for day, what in fresh.items() if before.get(day) != what}
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(calendar=calendar, date=day, kind=what.kind, name=what.name, source=source)
            for day, what in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["calendar", "date"],
        update_fields=["kind", "name", "source"],
    )
    touched(calendar, now)
    facts = {"year": year, "days": len(changed), "source": source}
    _journal(calendar, "calendar.imported", by, post, now, **facts)
    return len(changed)


def days_of_notice(calendar: Calendar, year: int, named: dict[date, Day]) -> dict[date, Day]:
    """What a notice makes of this calendar. Raises Refused where a year before it is still missing."""
    if not calendar.is_country:
        return named
    last = calendar_for("").last
    if last is not None and year > last.year + 1:
        raise Refused(
            "year_missing",
            _("%(missing)s is not published yet. Import it first, so that no gap is left.")
            % {"missing": last.year + 1},
            409,
            field="year",
        )
    first, days = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    whole_year = map(date.fromordinal, range(first, days))
    return {day: ordinary_day(day) for day in whole_year} | named


def touched(calendar: Calendar, now: datetime) -> None:
    """Give an edited (locked) calendar its new version, and leave word for the clocks that run on it."""
    calendar.version += 1
    calendar.stamp = uuid4()
    calendar.save(update_fields=["version", "stamp"])
    ask_for(calendar, now)


def _held(calendar_id: int, seen: int | None, by: Actor) -> tuple[Calendar, HeldPost]:
    """The calendar, locked, and the post that allows editing it.

    Raises PermissionDenied without the permission, Calendar.DoesNotExist for another area's calendar.
    """
    by.require(May.MANAGE_CALENDAR)
    calendar = visible_to(by).select_for_update().get(pk=calendar_id)
    if seen is not None and seen != calendar.version:
        raise SomebodyWasFirst(
            _(
                "Somebody else changed this calendar in the meantime. Nothing of yours was saved;"
                " look at it again and repeat the change."
            )
        )
    return calendar, by.require(May.MANAGE_CALENDAR)


def _post_over(by: Actor, area_code: str) -> HeldPost:
    by.require(May.MANAGE_CALENDAR)
    for post in by.posts_with(May.MANAGE_CALENDAR):
        if post.covers(area_code):
            return post
    raise PermissionDenied(str(May.MANAGE_CALENDAR))


def _fits_weekday(day: date, kind: DayKind) -> None:
    weekend = day.weekday() >= 5
    if kind is DayKind.WORK and weekend:
        raise Refused(
            "weekend_works",
            _("%(day)s is at a weekend: working there makes it a make-up working day.")
            % {"day": day},
            field="kind",
        )
    if kind in (DayKind.REST, DayKind.MAKEUP) and not weekend:
        raise Refused(
            "weekday_rests",
            _("%(day)s is not at a weekend: it is a working day or a holiday.") % {"day": day},
            field="kind",
        )


def _is_day_of_year(starts: str) -> None:
    try:
        date.fromisoformat(f"2024-{starts}")
    except ValueError:
        raise Refused(
            "season_start_wrong",
            _("A season starts on a day of the year, written MM-DD, for example 06-01."),
            field="starts",
        ) from None


def _are_periods(periods: Sequence[Period]) -> None:
    def refuse(sentence: object) -> Refused:
        return Refused("periods_wrong", str(sentence), field="periods")

    if not 0 < len(periods) <= MOST_PERIODS:
        raise refuse(_("A working day has one to six working periods."))
    before = -1
    for opens, closes in periods:
        if not (_TIME.fullmatch(opens) and _TIME.fullmatch(closes)):
            raise refuse(_("Write working periods as 08:00-12:00, one a line."))
        if not before < minute_of(opens) < minute_of(closes):
            raise refuse(_("Working periods follow one another within the day and do not overlap."))
        before = minute_of(closes)


def _journal(
    calendar: Calendar, verb: str, by: Actor, post: HeldPost, now: datetime, **data: object
) -> None:
    append(
        verb,
        subject=("calendar", calendar.pk),
        area_code=calendar.area_code,
        by=by,
        now=now,
        data={**data, "version": calendar.version},
        post=post,
    )
