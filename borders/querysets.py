"""Who sees which matters and enclaves, expressed once."""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor, ActorKind
from accounts.roles import May
from borders.choices import EnclaveState, Side
from borders.models import Enclave, Matter, Opinion, Problem, Signature
from incidents.querysets import within

READ, WRITE = "borders:read", "borders:write"
SEES = (May.SEE_BORDERS, May.RULE_ON_LEAD, May.RAISE_UNOWNED, May.ACCEPT_ENCLAVE)


def area_prefixes(actor: Actor) -> tuple[str, ...]:
    """The areas whose matters and enclaves the actor sees."""
    return tuple(dict.fromkeys(p for may in SEES for p in actor.area_prefixes(may)))


def _units(actor: Actor) -> tuple[int, ...]:
    return tuple(dict.fromkeys(u for may in SEES for u in actor.organisation_ids(may)))


def _is_barred(actor: Actor) -> bool:
    """A partner system needs a scope."""
    return actor.kind is ActorKind.CLIENT and not actor.scopes & {READ, WRITE}


def matters_visible_to(actor: Actor) -> QuerySet[Matter]:
    """The matters an actor sees: those of their areas, those on which their unit was asked or named or that it raised,
    and what they raised themselves. Administrators see none."""
    if actor.is_system:
        return Matter.objects.all()
    reach = [within(prefix) for prefix in area_prefixes(actor)]
    if units := _units(actor):
        asked = Opinion.objects.filter(matter_id=OuterRef("pk"), unit_id__in=units)
        helps = Matter.assisting.through.objects.filter(
            matter_id=OuterRef("pk"), organisation_id__in=units
        )
        own = Q(lead_id__in=units) | Q(raised_by_unit_id__in=units)
        reach += [own, Q(Exists(asked)), Q(Exists(helps))]
    if reach and actor.user_id is not None:
        reach.append(Q(raised_by_id=actor.user_id))
    if _is_barred(actor) or not reach:
        return Matter.objects.none()
    return Matter.objects.filter(reduce(or_, reach))


def enclaves_visible_to(actor: Actor) -> QuerySet[Enclave]:
    """The enclaves an actor sees: those that lie in their areas or belong there, and those that their unit takes,
    gives, or has an old problem in. Administrators see none."""
    if actor.is_system:
        return Enclave.objects.all()
    reach = [
        condition
        for prefix in area_prefixes(actor)
        for condition in (within(prefix), within(prefix, "owner_code"))
    ]
    if units := _units(actor):
        old = Problem.objects.filter(enclave_id=OuterRef("pk"), owner_id__in=units)
        reach += [Q(manager_id__in=units) | Q(owner_id__in=units), Q(Exists(old))]
    if _is_barred(actor) or not reach:
        return Enclave.objects.none()
    return Enclave.objects.filter(reduce(or_, reach))


def matters_for_list(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """With what a row shows, in three queries."""
    return matters.select_related("lead", "raised_by_unit").prefetch_related("opinions__unit")


def enclaves_for_list(enclaves: QuerySet[Enclave]) -> QuerySet[Enclave]:
    """With what a row shows, in three queries; without the boundary, which weighs more than the rest."""
    listed = enclaves.select_related("owner", "manager").defer("boundary")
    return listed.prefetch_related("checks", "problems")


def enclaves_on_map(enclaves: QuerySet[Enclave], most: int) -> list[Enclave]:
    """Those with a place, at most `most`."""
    placed = enclaves.filter(lon__isnull=False).exclude(state=EnclaveState.STRUCK)
    return list(placed.select_related("owner", "manager")[:most])


def to_sign(actor: Actor) -> Q:
    """The enclaves whose handover waits for the signature of the actor's own unit."""
    units = actor.organisation_ids(May.SIGN_HANDOVER)
    sides = {Side.MANAGER: Q(manager_id__in=units), Side.OWNER: Q(owner_id__in=units)}
    worded = Q(state=EnclaveState.ATTRIBUTED, handover_version__gt=0)
    return worded & reduce(or_, (ours & ~_signed(side) for side, ours in sides.items()))


def _signed(side: Side) -> Q:
    under = Signature.objects.filter(
        enclave_id=OuterRef("pk"), side=side, handover_version=OuterRef("handover_version")
    )
    return Q(Exists(under))
