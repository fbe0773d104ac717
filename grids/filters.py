"""Filters of the lists of areas and of their staffing, for pages and API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.counting import vacancies
from grids.models import Area, AreaQuerySet, AreaStatus, Duty, Level, PlotType
from grids.queries import seen_prefixes, visible_to
from grids.register import matching
from grids.staffing import NEEDED, complete, lacking

# With more subdistricts than this, only they can be chosen as a place.
_FEW = 40


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


class StaffingFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Grids by a piece of name or code, by where they lie, and by what they lack (by default: anything)."""

    LACKS = (("any", _("Anybody")), ("none", _("Nobody")), *((d.value, d.label) for d in NEEDED))

    q = django_filters.CharFilter(method="words", label=_("Code or name"))
    within = django_filters.ChoiceFilter(
        method="subtree", choices=(), label=_("Within the area"), empty_label=_("Everywhere")
    )
    lacks = django_filters.ChoiceFilter(
        method="missing", choices=LACKS, label=_("Lacks"), empty_label=_("All grids")
    )

    class Meta:
        model = Area
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, queryset: QuerySet[Area], *, request: Any) -> None:
        given = data.copy()
        given.setdefault("lacks", "any")
        super().__init__(given, queryset, request=request)
        self.actor = request.actor
        around = visible_to(request.actor).active().listed()
        places = list(around.at(Level.SUBDISTRICT).order_by("code"))
        if len(places) <= _FEW:  # a whole city's communities would weigh more than the page
            places += around.at(Level.COMMUNITY)
        places.sort(key=lambda area: area.code)
        self.filters["within"].extra["choices"] = [(a.code, _indented(a)) for a in places]

    def words(self, grids: QuerySet[Area], _name: str, value: str) -> QuerySet[Area]:
        return grids.filter(matching(value))

    def subtree(self, grids: Any, _name: str, value: str) -> QuerySet[Area]:
        found: QuerySet[Area] = grids.subtree(value)
        return found

    def missing(self, grids: QuerySet[Area], _name: str, value: str) -> QuerySet[Area]:
        if value == "none":
            return complete(grids)
        return lacking(grids, NEEDED if value == "any" else [Duty(value)])

    def totals(self) -> dict[str, int]:
        """How many grids in the area lack each duty, whatever the list shows of them."""
        self.is_valid()
        within = self.form.cleaned_data.get("within")
        return vacancies([within] if within else seen_prefixes(self.actor), timezone.localdate())


def _indented(area: Area) -> str:
    return area.shown_name if area.level == Level.SUBDISTRICT else f"　{area.shown_name}"
