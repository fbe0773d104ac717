"""One set of filters for the lists of whistles: page and API."""

from datetime import datetime, timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import May
from clocks.lamps import lamp_filter
from config.forms import DayInput
from incidents.filters import LAMPS
from incidents.querysets import within
from whistles.choices import State
from whistles.models import Whistle, WhistleType

WHICH = (("mine", _("Blown by us")), ("summoned", _("We are summoned")))
Whistles = QuerySet[Whistle]


class WhistleFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Filters by words, side, lamp, state, kind, street, case and day of drafting (local days, both included)."""

    q = django_filters.CharFilter(method="words", label=_("Number or words"))
    which = django_filters.ChoiceFilter(choices=WHICH, method="side", label=_("Which"))
    lamp = django_filters.ChoiceFilter(choices=LAMPS, method="by_lamp", label=_("Lamp"))
    state = django_filters.MultipleChoiceFilter(choices=State.choices, label=_("State"))
    type = django_filters.ModelChoiceFilter(
        queryset=WhistleType.objects.all(), to_field_name="code", label=_("Kind")
    )
    area = django_filters.CharFilter(
        field_name="area_code", lookup_expr="startswith", label=_("Area code")
    )
    case = django_filters.CharFilter(field_name="cases__number", label=_("Case"))
    drafted_from = django_filters.DateFilter(
        method="from_day", label=_("Drafted from"), widget=DayInput
    )
    drafted_to = django_filters.DateFilter(
        method="to_day", label=_("Drafted until"), widget=DayInput
    )

    class Meta:
        model = Whistle
        fields: tuple[str, ...] = ()

    def words(self, whistles: Whistles, _name: str, value: str) -> Whistles:
        return whistles.filter(Q(number__icontains=value) | Q(text__icontains=value))

    def side(self, whistles: Whistles, _name: str, value: str) -> Whistles:
        actor = self.request.actor
        if value == "summoned":
            units = actor.organisation_ids(May.COME)
            return whistles.filter(summonses__unit_id__in=units).distinct()
        reach = Q(pk__in=[])
        for prefix in actor.area_prefixes(May.BLOW):
            reach |= within(prefix)
        return whistles.filter(reach)

    def by_lamp(self, whistles: Whistles, _name: str, value: str) -> Whistles:
        return whistles.filter(lamp_filter(value, timezone.now()))

    def from_day(self, whistles: Whistles, _name: str, value: Any) -> Whistles:
        return whistles.filter(drafted_at__gte=midnight(value))

    def to_day(self, whistles: Whistles, _name: str, value: Any) -> Whistles:
        return whistles.filter(drafted_at__lt=midnight(value + timedelta(days=1)))


def midnight(day: Any) -> datetime:
    """The beginning of a local day (Asia/Shanghai)."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
