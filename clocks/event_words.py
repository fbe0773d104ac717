"""How the events of this room are told. (Those of clocks belong to their subjects, and are told there.)"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from clocks.choices import DayEnd, DayKind
from clocks.limits import label_of, said
from clocks.models import Calendar
from clocks.watch import ENDING
from journal.wording import register, register_names, register_subject
from notices import wording as notices


def _calendars(ids: Collection[Any]) -> dict[Any, str]:
    found = Calendar.objects.filter(pk__in=[int(one) for one in ids if str(one).isdecimal()])
    return {str(calendar.pk): calendar.shown_name for calendar in found}


def _day_ends(codes: Collection[Any]) -> dict[Any, str]:
    return {code: str(DayEnd(code).label) for code in codes if code in DayEnd.values}


def _day_kinds(codes: Collection[Any]) -> dict[Any, str]:
    return {code: str(DayKind(code).label) for code in codes if code in DayKind.values}


register_subject("calendar", _("Working calendar"), names=_calendars)
register_names("day_end", _day_ends)
register_names("day_kind", _day_kinds)


def _limits(codes: Collection[Any]) -> dict[Any, str]:
    return {code: str(label_of(code)) for code in codes}


def _allowances(told: Collection[Any]) -> dict[Any, str]:
    return {one: said(one) for one in told}


register_subject("limit", _("Limit of a stage"), names=_limits)
register_names("limit", _limits)
for _fact in ("allowance", "allowance_before"):
    register_names(_fact, _allowances)
register(
    "limit.changed",
    _("Limit changed: %(limit)s, %(allowance)s instead of %(allowance_before)s"),
    icon="clock-edit",
    tone="amber",
)
register("calendar.created", _("Calendar made: %(name)s"), icon="calendar-plus")
register("calendar.day_changed", _("%(date)s made %(day_kind)s %(name)s"), icon="calendar-event")
register(
    "calendar.day_inherited", _("%(date)s as in the calendar above again"), icon="calendar-event"
)
register("calendar.season_set", _("Working periods from %(starts)s set"), icon="clock-edit")
register("calendar.season_removed", _("Working periods from %(starts)s removed"), icon="clock-x")
register("calendar.day_end_set", _("End of statutory days chosen: %(day_end)s"), icon="clock-edit")
register(
    "calendar.imported",
    _("Published days imported: %(days)s, from %(source)s"),
    icon="file-import",
    tone="brand",
)
register(
    "calendar.clocks_moved",
    _("Deadlines computed again: %(looked_at)s looked at, %(moved)s moved"),
    icon="refresh",
)
register(
    ENDING,
    _("Warned that the published days end on %(last)s; %(waiting)s deadlines wait"),
    icon="calendar-exclamation",
    tone="amber",
)
notices.register(
    ENDING,
    _(
        "The working calendar ends on %(last)s, in %(days)s days; %(waiting)s deadlines wait for the next"
        " year. Import its notice."
    ),
    icon="calendar-exclamation",
    tone="amber",
)
