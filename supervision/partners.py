"""Which orders and cards partner systems may hear of when something happens: those that they could read."""

from collections.abc import Collection

from accounts.actor import Actor
from clocks.marks import AMBER, OVERDUE
from incidents.querysets import READ
from notices.webhooks.topics import register
from supervision.choices import SUBJECT
from supervision.orders import OPENED
from supervision.querysets import cards_of, visible_to
from supervision.steps import ORDER_STEPS
from supervision.telling import CARD

OF_ORDERS = frozenset({OPENED, AMBER, OVERDUE, *(step.verb for step in ORDER_STEPS.values())})
OF_CARDS = frozenset({"card.drawn", "card.lifted"})


def seen_orders(actor: Actor, ids: Collection[str]) -> set[str]:
    """Of these orders (ids as text) those that the actor sees; one query."""
    seen = visible_to(actor).filter(pk__in=[int(one) for one in ids])
    return {str(pk) for pk in seen.values_list("pk", flat=True)}


def seen_cards(actor: Actor, ids: Collection[str]) -> set[str]:
    """The same of cards."""
    seen = cards_of(actor).filter(pk__in=[int(one) for one in ids])
    return {str(pk) for pk in seen.values_list("pk", flat=True)}


def open_orders_to_partners() -> None:
    """Called once, when the room is ready."""
    register(SUBJECT, scope=READ, verbs=OF_ORDERS, sees=seen_orders)
    register(CARD, scope=READ, verbs=OF_CARDS, sees=seen_cards)
