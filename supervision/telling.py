"""Who is told of orders and cards: a reading of the journal that fills people's bells, each exactly once."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.urls import reverse

from accounts.actor import ActorKind
from accounts.roles import May, Role
from clocks.calendar import SHANGHAI
from clocks.marks import AMBER, OVERDUE
from incidents.telling import Staff
from journal.models import Event
from journal.readers import follow
from notices.tell import tell
from supervision.choices import SUBJECT
from supervision.models import Card, Order

READER = "supervision.telling"
CARD = "card"
People = frozenset[int]

_OF_ORDERS: dict[str, tuple[str, bool, bool]] = {
    # verb: kind of notice, is the unit told, is whoever ordered it told
    "supervision.opened": ("order.opened", True, False),
    "supervision.answered": ("order.answered", False, True),
    "supervision.accepted": ("order.accepted", True, False),
    "supervision.sent_back": ("order.sent_back", True, False),
    "supervision.closed": ("order.closed", True, False),
    "supervision.withdrawn": ("order.withdrawn", True, False),
    AMBER: ("order.amber", True, False),
    OVERDUE: ("order.overdue", True, True),
}
_OF_CARDS = {"card.drawn": "card.drawn", "card.lifted": "card.lifted"}


def tell_people(now: datetime, limit: int = 500) -> int:
    """Read the next events of the journal and fill the bells; the number of events read."""
    verbs = _OF_ORDERS.keys() | _OF_CARDS.keys()
    return follow(READER, partial(_tell_all, now), verbs=verbs, limit=limit)


def _tell_all(now: datetime, events: Sequence[Event]) -> None:
    staff = Staff(now.astimezone(SHANGHAI).date())
    orders = Order.objects.select_related("incident").in_bulk(_ids(events, SUBJECT))
    cards = Card.objects.select_related("unit").in_bulk(_ids(events, CARD))
    for event in events:
        if event.subject_kind == SUBJECT and (order := orders.get(int(event.subject_id))):
            _tell_of_order(event, order, staff, now)
        elif event.subject_kind == CARD and (card := cards.get(int(event.subject_id))):
            _tell_of_card(event, card, staff, now)


def _ids(events: Sequence[Event], kind: str) -> set[int]:
    return {int(event.subject_id) for event in events if event.subject_kind == kind}


def _tell_of_order(event: Event, order: Order, staff: Staff, now: datetime) -> None:
    kind, unit, judge = _OF_ORDERS[event.verb]
    people: People = frozenset()
    if unit:
        people |= staff.of_unit(order.unit_id, May.ANSWER_ORDER)
    if judge:
        people |= _judges(order, staff)
    facts = {"number": order.incident.number, "unit": order.unit_id, "due": event.data.get("due")}
    _tell(event, people, kind, facts, reverse("supervision:order", args=[order.pk]), now)


def _judges(order: Order, staff: Staff) -> People:
    """Who ordered it; the system's orders are judged by who supervises the area."""
    if order.opened_by_id is not None:
        return frozenset({order.opened_by_id})
    return staff.in_charge(order.area_code, Role.SUPERVISOR)


def _tell_of_card(event: Event, card: Card, staff: Staff, now: datetime) -> None:
    """The unit's leader (of a centre: its desk), and who supervises where the unit serves."""
    leaders = staff.of_unit(card.unit_id, May.APPROVE)
    people = leaders or staff.of_unit(card.unit_id, May.ANSWER_ORDER)
    people |= staff.in_charge(card.unit.area_code, Role.SUPERVISOR)
    facts = {"unit": card.unit_id, "card_colour": card.colour}
    link = reverse("supervision:card", args=[card.pk])
    _tell(event, people, _OF_CARDS[event.verb], facts, link, now)


def _tell(
    event: Event, people: People, kind: str, facts: dict[str, object], link: str, now: datetime
) -> None:
    """Nobody is told of their own doing."""
    own = event.actor_id if event.actor_kind == ActorKind.USER else None
    waiting = sorted(people - {own})
    if waiting:
        tell(event, waiting, kind=kind, facts=facts, link=link, now=now)
