"""One set of filters for the lists of hotline orders: page and API."""

from datetime import datetime, timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clocks.lamps import lamp_filter
from config.forms import DayInput
from hotline.choices import OPEN, WITH_HOTLINE, WITH_UNIT, Channel, State
from hotline.models import Order, Tier
from incidents.filters import LAMPS

WHOSE = (
    ("hotline", _("The hotline must decide")),
    ("unit", _("With a unit")),
    ("visit", _("To be called back")),
    ("open", _("Everything open")),
)
_STATES = {
    "hotline": WITH_HOTLINE,
    "unit": WITH_UNIT | {State.IN_CASE},
    "visit": frozenset({State.REPLIED}),
    "open": OPEN,
}
Orders = QuerySet[Order]


class OrderFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Filters by number, words, lamp, turn, state, channel, urgency, unit, area, case and day of taking in (local
    days, both included). Callers are looked for elsewhere (`callers.history_of`): a number has no place in an address.
    """

    q = django_filters.CharFilter(method="words", label=_("Order number or words"))
    whose = django_filters.ChoiceFilter(choices=WHOSE, method="turn", label=_("Whose turn"))
    lamp = django_filters.ChoiceFilter(choices=LAMPS, method="by_lamp", label=_("Lamp"))
    state = django_filters.MultipleChoiceFilter(choices=State.choices, label=_("State"))
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=_("Channel"))
    tier = django_filters.ModelChoiceFilter(
        queryset=Tier.objects.all(), to_field_name="code", label=_("Urgency")
    )
    unit = django_filters.CharFilter(field_name="unit__code", label=_("Code of the unit"))
    area = django_filters.CharFilter(
        field_name="area_code", lookup_expr="startswith", label=_("Area code")
    )
    case = django_filters.CharFilter(field_name="case__number", label=_("Case"))
    taken_from = django_filters.DateFilter(
        method="from_day", label=_("Taken in from"), widget=DayInput
    )
    taken_to = django_filters.DateFilter(
        method="to_day", label=_("Taken in until"), widget=DayInput
    )

    class Meta:
        model = Order
        fields: tuple[str, ...] = ()

    def words(self, orders: Orders, _name: str, value: str) -> Orders:
        said = value.strip()
        return orders.filter(Q(number__iexact=said) | Q(text__icontains=said))

    def turn(self, orders: Orders, _name: str, value: str) -> Orders:
        return orders.filter(state__in=_STATES[value])

    def by_lamp(self, orders: Orders, _name: str, value: str) -> Orders:
        return orders.filter(lamp_filter(value, timezone.now()))

    def from_day(self, orders: Orders, _name: str, value: Any) -> Orders:
        return orders.filter(taken_at__gte=midnight(value))

    def to_day(self, orders: Orders, _name: str, value: Any) -> Orders:
        return orders.filter(taken_at__lt=midnight(value + timedelta(days=1)))


def midnight(day: Any) -> datetime:
    """The beginning of a local day (Asia/Shanghai)."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
