"""One set of filters for the lists of cases: inbox, to-do list, search, map and API."""

from datetime import datetime, timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clocks.lamps import Lamp, lamp_filter
from config.forms import DayInput
from incidents.choices import Level, Risk, Source, State, Urgency
from incidents.models import Incident
from incidents.search import found

LAMPS = (
    (Lamp.RED, _("Overdue")),
    (Lamp.AMBER, _("Due soon")),
    (Lamp.GREEN, _("On time")),
)
FLAGS = (
    ("returned", _("Returned")),
    ("reworked", _("Reworked")),
    ("unplaced", _("Not placed yet")),
    ("urged", _("Urged")),
    ("extended", _("Extended")),
    ("supervised", _("Supervised")),
)
_FLAG_TESTS: dict[str, dict[str, Any]] = {
    "returned": {"return_count__gt": 0},
    "reworked": {"rework_count__gt": 0},
    "unplaced": {"grid_code": ""},
    "urged": {"urged_count__gt": 0},
    "extended": {"extension_count__gt": 0},
    "supervised": {"supervised": True},
}

Cases = QuerySet[Incident]


class IncidentFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Filters by words, area, item, lamp, state, risk, urgency, source, flag and day of report (local days,
    Asia/Shanghai, both ends included). Times `updated_since` are for partners that follow changes."""

    q = django_filters.CharFilter(method="words", label=_("Number, words or address"))
    lamp = django_filters.ChoiceFilter(choices=LAMPS, method="by_lamp", label=_("Lamp"))
    state = django_filters.MultipleChoiceFilter(choices=State.choices, label=_("State"))
    area = django_filters.CharFilter(
        field_name="area_code", lookup_expr="startswith", label=_("Area code")
    )
    item = django_filters.CharFilter(
        field_name="item__code", lookup_expr="startswith", label=_("Item code")
    )
    urgency = django_filters.ChoiceFilter(choices=Urgency.choices, label=_("Urgency"))
    risk = django_filters.ChoiceFilter(choices=Risk.choices, label=_("Risk"))
    source = django_filters.ChoiceFilter(choices=Source.choices, label=_("Source"))
    level = django_filters.ChoiceFilter(
        field_name="escalated_level", choices=Level.choices, label=_("Level")
    )
    flag = django_filters.ChoiceFilter(choices=FLAGS, method="by_flag", label=_("Mark"))
    reported_from = django_filters.DateFilter(
        method="from_day", label=_("Reported from"), widget=DayInput
    )
    reported_to = django_filters.DateFilter(
        method="to_day", label=_("Reported until"), widget=DayInput
    )
    updated_since = django_filters.IsoDateTimeFilter(
        field_name="updated_at", lookup_expr="gte", label=_("Changed since")
    )

    class Meta:
        model = Incident
        fields: tuple[str, ...] = ()

    def words(self, cases: Cases, _name: str, value: str) -> Cases:
        return found(cases, value, by=getattr(self.request, "actor", None))

    def by_lamp(self, cases: Cases, _name: str, value: str) -> Cases:
        return cases.filter(lamp_filter(value, timezone.now()))

    def by_flag(self, cases: Cases, _name: str, value: str) -> Cases:
        return cases.filter(**_FLAG_TESTS[value])

    def from_day(self, cases: Cases, _name: str, value: Any) -> Cases:
        return cases.filter(reported_at__gte=_midnight(value))

    def to_day(self, cases: Cases, _name: str, value: Any) -> Cases:
        return cases.filter(reported_at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: Any) -> Any:
    local = timezone.get_default_timezone()
    return datetime(day.year, day.month, day.day, tzinfo=local)
