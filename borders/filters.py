"""One set of filters for each list of this room: page and API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import May
from borders.choices import EnclaveState, MatterState
from borders.models import Enclave, Matter
from borders.querysets import to_sign
from clocks.lamps import lamp_filter
from incidents.filters import LAMPS
from incidents.querysets import within

WHOSE_MATTER = (
    ("to_answer", _("Our opinion is asked")),
    ("to_rule", _("Waits for a ruling")),
    ("ours", _("We lead")),
    ("raised", _("I raised it")),
)
WHOSE_ENCLAVE = (
    ("to_sign", _("Waits for our signature")),
    ("to_check", _("Waits for checks")),
    ("taken", _("We take it")),
    ("given", _("We give it")),
    ("problems", _("With open old problems")),
)


class MatterFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Filters by words, whose turn, lamp, state, area and case."""

    q = django_filters.CharFilter(method="words", label=_("Number, name or words"))
    which = django_filters.ChoiceFilter(choices=WHOSE_MATTER, method="whose", label=_("Which"))
    lamp = django_filters.ChoiceFilter(choices=LAMPS, method="by_lamp", label=_("Lamp"))
    state = django_filters.MultipleChoiceFilter(choices=MatterState.choices, label=_("State"))
    area = django_filters.CharFilter(method="in_area", label=_("Area code"))
    item = django_filters.CharFilter(
        field_name="item_code", lookup_expr="startswith", label=_("Item code")
    )
    case = django_filters.CharFilter(field_name="cases__number", label=_("Case"))

    class Meta:
        model = Matter
        fields: tuple[str, ...] = ()

    def words(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        in_words = Q(title__icontains=value) | Q(text__icontains=value)
        return rows.filter(Q(number__icontains=value) | in_words)

    def by_lamp(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(lamp_filter(value, timezone.now()))

    def in_area(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(within(value.strip()))

    def whose(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        actor = self.request.actor
        units = actor.organisation_ids(May.SEE_BORDERS)
        match value:
            case "to_answer":
                asked = rows.filter(opinions__unit_id__in=units, opinions__given_at=None)
                return asked.filter(state=MatterState.HEARING).distinct()
            case "to_rule":
                return rows.filter(state__in=(MatterState.RAISED, MatterState.HEARING))
            case "ours":
                return rows.filter(lead_id__in=units)
        return rows.filter(raised_by_id=actor.user_id or 0)


class EnclaveFilter(django_filters.FilterSet):  # type: ignore[misc]  # likewise
    """Filters by words, whose turn, lamp, state, and the areas where it lies and where it belongs."""

    q = django_filters.CharFilter(method="words", label=_("Number, name or words"))
    which = django_filters.ChoiceFilter(choices=WHOSE_ENCLAVE, method="whose", label=_("Which"))
    lamp = django_filters.ChoiceFilter(choices=LAMPS, method="by_lamp", label=_("Lamp"))
    state = django_filters.MultipleChoiceFilter(choices=EnclaveState.choices, label=_("State"))
    area = django_filters.CharFilter(method="in_area", label=_("Lies in (area code)"))
    owner_area = django_filters.CharFilter(
        method="in_owner_area", label=_("Belongs to (area code)")
    )
    owner = django_filters.CharFilter(field_name="owner__code", label=_("Given by (unit code)"))
    manager = django_filters.CharFilter(field_name="manager__code", label=_("Taken by (unit code)"))

    class Meta:
        model = Enclave
        fields: tuple[str, ...] = ()

    def words(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        named = Q(name__icontains=value) | Q(address__icontains=value) | Q(reference=value)
        return rows.filter(Q(number__icontains=value) | named)

    def by_lamp(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(lamp_filter(value, timezone.now()))

    def in_area(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(within(value.strip()))

    def in_owner_area(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(within(value.strip(), "owner_code"))

    def whose(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        actor = self.request.actor
        units = actor.organisation_ids(May.SEE_BORDERS)
        match value:
            case "to_sign":
                return rows.filter(to_sign(actor))
            case "to_check":
                return rows.filter(state=EnclaveState.HANDED_OVER)
            case "taken":
                return rows.filter(manager_id__in=units)
            case "given":
                return rows.filter(owner_id__in=units)
        return rows.filter(problems__state="open").distinct()
