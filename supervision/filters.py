"""How watched cases, orders and cards are narrowed down: one set of filters for the pages and for the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import HiddenInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clocks.lamps import Lamp, lamp_filter
from incidents.choices import Risk, State, Urgency
from incidents.filters import LAMPS
from incidents.models import Incident
from supervision.choices import STANDS, TO_ANSWER, Colour, OrderState
from supervision.models import Card, Order

Rows = QuerySet[Any]
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
PILES = (
    ("to_answer", pgettext_lazy("orders", "To be answered")),
    ("to_judge", pgettext_lazy("orders", "Answered, to be judged")),
    ("watched", pgettext_lazy("orders", "Accepted, watched")),
    ("ended", pgettext_lazy("orders", "Ended")),
)
PILE_STATES: dict[str, frozenset[OrderState]] = {
    "to_answer": TO_ANSWER,
    "to_judge": frozenset({OrderState.ANSWERED}),
    "watched": frozenset({OrderState.ACCEPTED}),
    "ended": frozenset(OrderState) - STANDS,
}


class DeskFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Over the watched cases: by lamp, unit, area, state, risk, urgency, and whether an order stands on it already."""

    lamp = django_filters.ChoiceFilter(
        choices=[row for row in LAMPS if row[0] != Lamp.GREEN], method="by_lamp", label=_("Lamp")
    )
    area = django_filters.CharFilter(
        field_name="area_code", lookup_expr="startswith", label=_("Area code")
    )
    state = django_filters.MultipleChoiceFilter(choices=State.choices, label=_("State"))
    risk = django_filters.ChoiceFilter(choices=Risk.choices, label=_("Risk"))
    urgency = django_filters.ChoiceFilter(choices=Urgency.choices, label=_("Urgency"))
    supervised = django_filters.ChoiceFilter(
        choices=YES_NO, method="by_mark", label=_("Supervised already")
    )
    unit = django_filters.NumberFilter(field_name="unit_id", label=_("Unit"), widget=HiddenInput)

    class Meta:
        model = Incident
        fields: tuple[str, ...] = ()

    def by_mark(self, cases: Rows, _name: str, value: str) -> Rows:
        return cases.filter(supervised=value == "yes")

    def by_lamp(self, cases: Rows, _name: str, value: str) -> Rows:
        return cases.filter(lamp_filter(value, timezone.now()))


class OrderFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Over orders: by pile, case and lamp of the deadline."""

    pile = django_filters.ChoiceFilter(choices=PILES, method="by_pile", label=_("State"))
    number = django_filters.CharFilter(
        field_name="incident__number", lookup_expr="exact", label=_("Case number")
    )
    lamp = django_filters.ChoiceFilter(choices=LAMPS, method="by_lamp", label=_("Lamp"))

    class Meta:
        model = Order
        fields: tuple[str, ...] = ()

    def by_pile(self, orders: Rows, _name: str, value: str) -> Rows:
        return orders.filter(state__in=PILE_STATES[value])

    def by_lamp(self, orders: Rows, _name: str, value: str) -> Rows:
        return orders.filter(lamp_filter(value, timezone.now()), state__in=TO_ANSWER)


class CardFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Over cards: by colour, unit, and whether they were lifted."""

    colour = django_filters.ChoiceFilter(choices=Colour.choices, label=_("Colour"))
    lifted = django_filters.ChoiceFilter(choices=YES_NO, method="by_end", label=_("Lifted"))
    unit = django_filters.NumberFilter(field_name="unit_id", label=_("Unit"), widget=HiddenInput)

    class Meta:
        model = Card
        fields: tuple[str, ...] = ()

    def by_end(self, cards: Rows, _name: str, value: str) -> Rows:
        return cards.filter(lifted_at__isnull=value == "no")
