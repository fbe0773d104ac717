"""One set of filters for the lists of this room: page and API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.choices import AssignmentState, Found, Kind, State
from campaigns.models import Assignment, Campaign, Target
from clocks.lamps import lamp_filter
from incidents.filters import LAMPS


class CampaignFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Campaigns by words, kind, state and area."""

    q = django_filters.CharFilter(method="words", label=_("Number or words"))
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"))
    state = django_filters.MultipleChoiceFilter(
        choices=State.choices, label=_("State"), widget=CheckboxSelectMultiple
    )
    area = django_filters.CharFilter(
        field_name="area_code", lookup_expr="startswith", label=_("Area code")
    )

    class Meta:
        model = Campaign
        fields: tuple[str, ...] = ()

    def words(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(number__icontains=value) | Q(title__icontains=value))


class AssignmentFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Assignments by campaign, state, lamp, area and organisation."""

    campaign = django_filters.CharFilter(field_name="campaign__number", label=_("Campaign"))
    state = django_filters.MultipleChoiceFilter(choices=AssignmentState.choices, label=_("State"))
    lamp = django_filters.ChoiceFilter(choices=LAMPS, method="by_lamp", label=_("Lamp"))
    area = django_filters.CharFilter(
        field_name="area_code", lookup_expr="startswith", label=_("Area code")
    )
    unit = django_filters.CharFilter(field_name="unit__code", label=_("Organisation"))

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ()

    def by_lamp(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(lamp_filter(value, timezone.now()))


class TargetFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Targets by words, state, zone, assignment and area."""

    q = django_filters.CharFilter(method="words", label=_("Name or address"))
    state = django_filters.MultipleChoiceFilter(
        choices=Found.choices, label=_("State"), widget=CheckboxSelectMultiple
    )
    zone = django_filters.NumberFilter(field_name="zone_id", label=_("Zone"))
    campaign = django_filters.CharFilter(field_name="campaign__number", label=_("Campaign"))
    assignment = django_filters.CharFilter(field_name="assignment__number", label=_("Assignment"))
    area = django_filters.CharFilter(
        field_name="area_code", lookup_expr="startswith", label=_("Area code")
    )

    class Meta:
        model = Target
        fields: tuple[str, ...] = ()

    def words(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(number=value) | Q(name__icontains=value) | Q(address__icontains=value))


class TargetsOfCampaign(TargetFilter):
    """The same on the page of one campaign, whose zones can be chosen by name."""

    campaign = None
    zone = django_filters.ChoiceFilter(field_name="zone_id", label=_("Zone"))
    assignment = django_filters.ChoiceFilter(field_name="assignment__number", label=_("Assignment"))

    def __init__(self, *args: Any, zones: Any, assignments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["zone"].extra["choices"] = zones
        self.filters["assignment"].extra["choices"] = assignments
