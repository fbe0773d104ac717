"""Who sees which orders and cards, expressed once."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from accounts.actor import Actor, ActorKind
from accounts.roles import May
from incidents.querysets import READ, WRITE, within
from supervision.models import Card, Order

_CONCERNED = (May.SUPERVISE, May.ANSWER_ORDER)


def visible_to(actor: Actor) -> "QuerySet[Order]":
    """The orders an actor sees: those on cases of the area that they supervise or coordinate (confidential ones
    only where they may know who reported), and those that their organisation must answer. Everybody else sees none."""
    if actor.is_system:
        return Order.objects.all()
    return _reached(Order.objects.all(), _orders_by_area(actor) + _by_unit(actor), actor)


def cards_of(actor: Actor) -> "QuerySet[Card]":
    """The cards an actor sees: of the units that serve their area, and of their own organisation."""
    areas = [within(prefix, "unit__area_code") for prefix in _prefixes(actor)]
    return _reached(Card.objects.all(), areas + _by_unit(actor), actor)


def _reached(rows: "QuerySet[Any]", reach: list[Q], actor: Actor) -> "QuerySet[Any]":
    if not reach or (actor.kind is ActorKind.CLIENT and not actor.scopes & {READ, WRITE}):
        return rows.none()
    return rows.filter(reduce(or_, reach))


def _prefixes(actor: Actor) -> set[str]:
    return {prefix for may in _CONCERNED for prefix in actor.area_prefixes(may)}


def _orders_by_area(actor: Actor) -> list[Q]:
    confidants = actor.area_prefixes(May.SEE_REPORTER)
    return [
        within(prefix) if prefix in confidants else within(prefix) & Q(incident__confidential=False)
        for prefix in sorted(_prefixes(actor))
    ]


def _by_unit(actor: Actor) -> list[Q]:
    units = own_units(actor)
    return [Q(unit_id__in=units)] if units else []


def own_units(actor: Actor) -> list[int]:
    """The organisations in whose name the actor answers orders: their units, or the centre whose desk they hold."""
    held = actor.posts_with(May.ANSWER_ORDER)
    return sorted({post.organisation_id for post in held if post.organisation_id is not None})
