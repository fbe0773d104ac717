"""Who sees which campaigns, assignments and targets, expressed once."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor, ActorKind
from accounts.roles import May
from campaigns.choices import AssignmentState, Found, State
from campaigns.models import Assignment, Cadre, Campaign, Target, Zone
from incidents.querysets import within

READ, WRITE = "campaigns:read", "campaigns:write"
# From the sender's side: whoever launches or supervises in an area.
WATCHES = (May.LAUNCH_CAMPAIGN, May.SUPERVISE)
CONCERNED = (*WATCHES, May.LEAD_CAMPAIGN)
HEARD = frozenset(AssignmentState) - {AssignmentState.PLANNED}


def _prefixes(actor: Actor, *allowed: May) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p for may in allowed for p in actor.area_prefixes(may)))


def _any(conditions: list[Q]) -> Q:
    return reduce(or_, conditions) if conditions else Q(pk__in=())


def _barred(actor: Actor) -> bool:
    """A partner system needs a scope; a reporter sees nothing of campaigns."""
    if actor.kind is ActorKind.CLIENT:
        return not actor.scopes & {READ, WRITE}
    return actor.kind is ActorKind.REPORTER


def assignments_visible_to(actor: Actor) -> "QuerySet[Assignment]":
    """The assignments an actor sees: all of the campaigns that are sent from their area; and, once sent, those to the
    areas where they launch, lead or supervise, those to their organisation, and those in whose zones they serve."""
    every = Assignment.objects.all()
    if actor.is_system:
        return every
    if _barred(actor):
        return every.none()
    sent = [within(p, "campaign__area_code") for p in _prefixes(actor, *WATCHES)]
    reached = [within(p) for p in _prefixes(actor, *CONCERNED)]
    units = actor.organisation_ids(May.LEAD_CAMPAIGN) + actor.organisation_ids(May.SWEEP)
    if units:
        reached.append(Q(unit_id__in=units))
    reached += [Q(area_code=p, unit=None) for p in _prefixes(actor, May.SWEEP) if len(p) == 15]
    if actor.user_id is not None:
        mine = Cadre.objects.filter(zone__assignment_id=OuterRef("pk"), person_id=actor.user_id)
        reached.append(Q(Exists(mine)))
    return every.filter(_any(sent) | (_any(reached) & Q(state__in=HEARD)))


def visible_to(actor: Actor) -> "QuerySet[Campaign]":
    """The campaigns an actor sees: those sent from their area, and those of which they see an assignment."""
    every = Campaign.objects.all()
    if actor.is_system:
        return every
    if _barred(actor):
        return every.none()
    own = [within(p) for p in _prefixes(actor, *WATCHES)]
    parts = assignments_visible_to(actor).filter(campaign_id=OuterRef("pk"), state__in=HEARD)
    return every.filter(_any(own) | Q(Exists(parts)))


def targets_visible_to(actor: Actor) -> "QuerySet[Target]":
    """The targets an actor sees: those of the assignments that they see, and those of their own zones and grids."""
    every = Target.objects.all()
    if actor.is_system:
        return every
    if _barred(actor):
        return every.none()
    seen = assignments_visible_to(actor).values("pk")
    reach = [Q(assignment__in=seen), *_swept(actor)]
    return every.filter(_any(reach))


def _swept(actor: Actor) -> list[Q]:
    """Running targets in the areas that the actor sweeps."""
    running = Q(assignment__state__in=HEARD, campaign__state__in=(State.LAUNCHED, State.CLOSED))
    return [within(p) & running for p in _prefixes(actor, May.SWEEP)]


# --- named questions ----------------------------------------------------------------------------------


def with_names(assignments: "QuerySet[Assignment]") -> "QuerySet[Assignment]":
    """Assignments with what a list says of them: campaign and organisation."""
    return assignments.select_related("campaign", "unit")


def zones_of(actor: Actor, day: Any) -> "QuerySet[Zone]":
    """The zones that this person serves in on a local day, of assignments under way."""
    serving = Cadre.objects.filter(zone_id=OuterRef("pk"), person_id=actor.user_id)
    in_time = Q(ends_on=None) | Q(ends_on__gte=day)
    found = Zone.objects.filter(Exists(serving), in_time, starts_on__lte=day)
    return found.filter(
        assignment__state__in=(AssignmentState.SENT, AssignmentState.UNDER_WAY),
        assignment__campaign__state=State.LAUNCHED,
    ).select_related("assignment__campaign", "assignment__unit")


def targets_in_grids_of(actor: Actor) -> "QuerySet[Target]":
    """What lies in this person's own grids and in no zone of theirs, of running campaigns."""
    grids = [p for p in _prefixes(actor, May.SWEEP) if len(p) == 15]
    found = Target.objects.filter(_any([Q(area_code=p) for p in grids]))
    return found.filter(
        campaign__state=State.LAUNCHED, assignment__state=AssignmentState.UNDER_WAY
    ).exclude(zone__cadres__person_id=actor.user_id or 0)


# Whoever was nowhere yet comes first, then those where nobody was.
NEXT_FIRST = {Found.TODO: 0, Found.ABSENT: 1, Found.PROBLEM: 2, Found.VISITED: 3}
