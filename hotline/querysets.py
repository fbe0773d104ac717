"""Who sees which hotline orders, calls and drafts, expressed once."""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor, ActorKind
from accounts.roles import May, Scope
from hotline.models import Draft, Order, Part, Tier
from incidents.querysets import within

READ, WRITE = "hotline:read", "hotline:write"
SEES = (May.SEE_ORDERS, May.HANDLE)


def visible_to(actor: Actor) -> QuerySet[Order]:
    """The orders an actor sees: those of the areas for which they see orders; those that their unit ever had a part
    in; of a partner system also those that it sent, if its token may. Administrators see none."""
    if actor.is_system:
        return Order.objects.all()
    if actor.kind is ActorKind.CLIENT and not actor.scopes & {READ, WRITE}:
        return Order.objects.none()
    if any(post.rule_scope is Scope.NOTHING for post in actor.posts):
        return Order.objects.none()
    reach = [within(prefix) for prefix in actor.area_prefixes(May.SEE_ORDERS)]
    if units := actor.organisation_ids(May.HANDLE):
        reach.append(Q(Exists(Part.objects.filter(order_id=OuterRef("pk"), unit_id__in=units))))
    if actor.kind is ActorKind.CLIENT:
        reach.append(Q(client_id=actor.id))
    return Order.objects.filter(reduce(or_, reach)) if reach else Order.objects.none()


def for_list(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With what a row shows, in one query, and without what it does not."""
    return orders.select_related("tier", "unit", "item").defer("reply", "unit_why")


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """What this person began to take in and has not sent."""
    return Draft.objects.filter(operator_id=actor.user_id or 0, order__isnull=True)


def tiers() -> QuerySet[Tier]:
    """Every urgency with its limits; they are no secret."""
    return Tier.objects.all()


def tier_coded(code: str) -> Tier | None:
    """The urgency of this code, or None."""
    return Tier.objects.filter(code=code).first()
