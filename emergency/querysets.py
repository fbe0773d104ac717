"""Who sees what of this room, expressed once."""

from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from accounts.actor import Actor, ActorKind
from accounts.roles import May
from emergency.models import Activation, Called, CallUp, Enrolment, Pace, Team
from grids.queries import codes_above
from incidents.querysets import within

READ, WRITE = "emergency:read", "emergency:write"
WATCHES = (May.SEE_EMERGENCY, May.DECLARE_EMERGENCY)
ENROLS = (May.ENROL, May.SEE_EMERGENCY)
Row = TypeVar("Row", bound=Model)


def prefixes(actor: Actor, *allowed: May) -> tuple[str, ...]:
    """The areas over which the actor has any of the permissions; none for a token without the scope."""
    if actor.kind is ActorKind.CLIENT and not actor.scopes & {READ, WRITE}:
        return ()
    return tuple(dict.fromkeys(code for may in allowed for code in actor.area_prefixes(may)))


def activations_visible_to(actor: Actor) -> QuerySet[Activation]:
    """Those in the actor's areas, and those above that cover them."""
    if actor.is_system:
        return Activation.objects.all()
    codes = prefixes(actor, *WATCHES)
    covering = {above for code in codes for above in codes_above(code)}
    return _reached(
        Activation.objects.all(), [*map(within, codes), Q(area_code__in=covering)] if codes else []
    )


def call_ups_visible_to(actor: Actor) -> QuerySet[CallUp]:
    """Those in the actor's areas, and those in which they lead a team."""
    if actor.is_system:
        return CallUp.objects.all()
    led = Team.objects.filter(call_up=OuterRef("pk"), leader_id=actor.user_id)
    own = [] if actor.user_id is None else [Q(Exists(led))]
    return _reached(CallUp.objects.all(), [*map(within, prefixes(actor, *WATCHES)), *own])


def called_visible_to(actor: Actor) -> QuerySet[Called]:
    """Oneself, the people of one's team, and those of the actor's areas."""
    if actor.is_system:
        return Called.objects.all()
    own = (
        []
        if actor.user_id is None
        else [Q(person_id=actor.user_id), Q(team__leader_id=actor.user_id)]
    )
    return _reached(Called.objects.all(), [*map(within, prefixes(actor, *WATCHES)), *own])


def enrolments_visible_to(actor: Actor) -> QuerySet[Enrolment]:
    """Those in the actor's areas, and one's own."""
    if actor.is_system:
        return Enrolment.objects.all()
    own = [] if actor.user_id is None else [Q(person_id=actor.user_id)]
    return _reached(Enrolment.objects.all(), [*map(within, prefixes(actor, *ENROLS)), *own])


def own_calls(actor: Actor) -> QuerySet[Called]:
    """Where this very person was called to, the latest first."""
    mine = Called.objects.filter(person_id=actor.user_id, person__isnull=False)
    return mine.select_related(
        "call_up__activation", "team__leader", "enrolment__person", "person"
    ).order_by("-id")


def own_enrolments(actor: Actor) -> QuerySet[Enrolment]:
    """In what this very person is enrolled."""
    return Enrolment.objects.filter(person_id=actor.user_id, person__isnull=False)


def paces() -> QuerySet[Pace]:
    """How much time each level gives; no secret."""
    return Pace.objects.all()


def _reached(rows: QuerySet[Row], reach: list[Q]) -> QuerySet[Row]:
    return rows.filter(reduce(or_, reach)) if reach else rows.none()
