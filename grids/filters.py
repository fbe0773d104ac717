"""Filters of the list of areas, for pages and API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from grids.models import Area, AreaQuerySet, AreaStatus, Level, PlotType
from grids.register import matching


class AreaFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """By a piece of code or name, level, status, subtree, plot, and what is missing or synthetic."""

    q = django_filters.CharFilter(method="words", label=_("Code or name"))
    level = django_filters.ChoiceFilter(choices=Level.choices, label=_("Level"))
    status = django_filters.ChoiceFilter(choices=AreaStatus.choices, label=_("Status"))
    within = django_filters.CharFilter(method="subtree", label=_("Within the area"))
    plot_type = django_filters.ChoiceFilter(choices=PlotType.choices, label=_("Plot type"))
    synthetic = django_filters.BooleanFilter(label=_("Synthetic boundary"))
    without_boundary = django_filters.BooleanFilter(
        field_name="boundary", lookup_expr="isnull", label=_("Without boundary")
    )

    class Meta:
        model = Area
        fields: tuple[str, ...] = ()

    def words(self, areas: AreaQuerySet, _name: str, value: str) -> AreaQuerySet:
        return areas.filter(matching(value))

    def subtree(self, areas: AreaQuerySet, _name: str, value: str) -> AreaQuerySet:
        return areas.subtree(value)
