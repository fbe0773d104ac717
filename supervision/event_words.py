"""How the events of this room are told: in timelines and the audit log, and in people's bells."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from journal import wording as journal
from notices import wording as notices
from supervision.choices import Colour, Counted
from supervision.models import Card, Order


def _orders(ids: Collection[Any]) -> Mapping[Any, str]:
    """An order is known by the case it stands on."""
    rows = Order.objects.filter(pk__in=[int(one) for one in ids if str(one).isdecimal()])
    return {
        str(pk): f"{pk} · {number}" for pk, number in rows.values_list("pk", "incident__number")
    }


def _ordered_on(text: str) -> int | None:
    on = Incident.objects.filter(number=text.strip())
    return Order.objects.filter(incident__in=on).values_list("pk", flat=True).first()


def _cards(ids: Collection[Any]) -> Mapping[Any, str]:
    found = Card.objects.filter(pk__in=[int(one) for one in ids if str(one).isdecimal()])
    return {
        str(card.pk): f"{card.pk} · {card.unit.shown_name}" for card in found.select_related("unit")
    }


def _colours(codes: Collection[Any]) -> Mapping[Any, str]:
    return {value: str(label) for value, label in Colour.choices}


def _counted(codes: Collection[Any]) -> Mapping[Any, str]:
    return {value: str(label) for value, label in Counted.choices}


journal.register_subject("supervision", _("Supervision order"), names=_orders, find=_ordered_on)
journal.register_subject("card", _("Card"), names=_cards)
journal.register_subject("card_rule", _("Rule of cards"))
journal.register_names("card_colour", _colours)
journal.register_names("counted", _counted)

# fmt: off
_EVENTS: tuple[tuple[str, Any, str, str], ...] = (
    ("supervision.opened", _("Order opened: %(unit)s must answer by %(due)s"), "gavel", "red"),
    ("supervision.answered", _("Order answered by %(unit)s"), "message-reply", "brand"),
    ("supervision.accepted", _("Answer accepted"), "circle-check", "green"),
    ("supervision.sent_back", _("Answer sent back: %(unit)s must answer again by %(due)s"), "refresh", "amber"),
    ("supervision.closed", _("Order closed"), "circle-check", "green"),
    ("supervision.withdrawn", _("Order withdrawn"), "trash", ""),
    ("card.drawn", _("%(card_colour)s for %(unit)s: %(counted)s, %(misses)s within %(days)s days"), "cards", "red"),
    ("card.lifted", _("%(card_colour)s of %(unit)s lifted"), "eraser", ""),
    ("card_rule.added", _("Rule added: %(card_colour)s for %(threshold)s within %(days)s days (%(counted)s)"),
     "cards", ""),
    ("card_rule.changed", _("Rule changed: %(card_colour)s for %(threshold)s within %(days)s days (%(counted)s)"),
     "cards", ""),
)

_NOTICES: tuple[tuple[str, Any, str, str], ...] = (
    ("order.opened", _("Supervised: answer for case %(number)s by %(due)s"), "gavel", "red"),
    ("order.answered", _("%(unit)s has answered your order: case %(number)s"), "message-reply", "brand"),
    ("order.accepted", _("Your answer to the order is accepted: case %(number)s"), "circle-check", "green"),
    ("order.sent_back", _("Your answer is sent back, answer again by %(due)s: case %(number)s"), "refresh", "red"),
    ("order.closed", _("The order is closed: case %(number)s"), "circle-check", "green"),
    ("order.withdrawn", _("The order is withdrawn: case %(number)s"), "trash", ""),
    ("order.amber", _("The order must be answered soon, by %(due)s: case %(number)s"), "alarm", "amber"),
    ("order.overdue", _("Order not answered by %(unit)s, was due %(due)s: case %(number)s"), "alarm", "red"),
    ("card.drawn", _("%(card_colour)s for %(unit)s"), "cards", "red"),
    ("card.lifted", _("%(card_colour)s of %(unit)s is lifted"), "eraser", "green"),
)
# fmt: on


for _verb, _sentence, _icon, _tone in _EVENTS:
    journal.register(_verb, _sentence, icon=_icon, tone=_tone)
for _kind, _sentence, _icon, _tone in _NOTICES:
    notices.register(_kind, _sentence, icon=_icon, tone=_tone)
