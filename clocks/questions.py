"""Named readings for pages and API."""

from datetime import datetime

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from clocks.allowance import Allowance
from clocks.calendar import CalendarEnds
from clocks.calendars import calendar_for, calendars_over
from clocks.explain import Explanation, explain
from clocks.models import Calendar, Recalculation
from config.refusal import Refused

# Dates outside these are slips of the keyboard.
FIRST_YEAR, LAST_YEAR = 1990, 2100


def named_calendars() -> list[tuple[str, str]]:
    """(area code, name) of every calendar, the country's first. Working days are public."""
    return [(calendar.area_code, calendar.shown_name) for calendar in Calendar.objects.all()]


def governing_calendar(area_code: str) -> Calendar:
    """The most specific calendar that applies to an area. One without a row stands for a database never seeded."""
    return calendars_over(area_code).last() or Calendar(area_code="", name="", version=0)


def with_own_days(calendars: "QuerySet[Calendar]") -> "QuerySet[Calendar]":
    """Annotated with the number of days that each sets itself."""
    return calendars.annotate(own_days=Count("days"))


def running_recalculation(calendar: Calendar) -> Recalculation | None:
    """The recalculation that this calendar's edits still wait for, the newest."""
    return Recalculation.objects.filter(calendar=calendar, finished_at=None).last()


def last_recalculation(calendar: Calendar) -> Recalculation | None:
    """The recalculation that was finished last."""
    done = Recalculation.objects.filter(calendar=calendar, finished_at__isnull=False)
    return done.order_by("finished_at").last()


def explained(start: datetime, allowance: Allowance, area_code: str) -> Explanation:
    """The deadline with its reasons. Raises Refused (422) past the published days, or for an absurd start."""
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise Refused(
            "start_out_of_range",
            _("The start lies outside the years %(first)d to %(last)d.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR},
            422,
            field="start",
        )
    try:
        return explain(calendar_for(area_code), start, allowance, settings.AMBER_SHARE)
    except CalendarEnds as ends:
        raise Refused("calendar_ends", sentence_of(ends), 422) from ends


def sentence_of(ends: CalendarEnds) -> str:
    """Why a deadline cannot be computed, and what helps."""
    if ends.last is None:
        return str(
            _("No working calendar is published yet. An administrator must import it first.")
        )
    if ends.before:
        return str(
            _("The working calendar begins on %(first)s; nothing before it can be computed.")
            % {"first": ends.first}
        )
    return str(
        _(
            "The working calendar is published up to %(last)s only, and this deadline lies later."
            " It can be computed as soon as the next year is imported."
        )
        % {"last": ends.last}
    )
