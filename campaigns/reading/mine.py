"""My zones, and where to go next."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, QuerySet

from accounts.actor import Actor
from campaigns.choices import Found
from campaigns.models import Assignment, Campaign, Target, Zone
from campaigns.querysets import (
    targets_in_grids_of,
    targets_visible_to,
    with_names,
    zones_of,
)
from campaigns.reading.lines import local_day
from campaigns.tallying import Figures
from clocks.lamps import Lamp, lamp
from incidents.reading import time_left

NEXT = 30  # targets that a zone's page shows


@dataclass(frozen=True)
class Mine:
    """One zone of mine, or my grids' targets (`zone` None): how far, whether I checked in, where to go next."""

    zone: Zone | None
    campaign: Campaign
    assignment: Assignment
    figures: Figures
    arrived_at: datetime | None
    next_ones: list[Target]
    lamp: Lamp
    left: str = ""
    more: int = field(default=0)


def mine(actor: Actor, now: datetime) -> list[Mine]:
    """The zones that this person serves in today, and what lies in their grids; three queries for each."""
    day = local_day(now)
    zones = zones_of(actor, day).order_by("assignment__due_at", "pk")
    found = [_of_zone(zone, actor, day, now) for zone in zones]
    return found + _in_grids(actor, now)


def _of_zone(zone: Zone, actor: Actor, day: date, now: datetime) -> Mine:
    figures = Figures()
    for tally in zone.tallies.all():
        figures.add(tally)
    arrived = zone.cadres.filter(person_id=actor.user_id, arrivals__day=day)
    at = arrived.values_list("arrivals__arrived_at", flat=True).order_by("-arrivals__day").first()
    return _mine(zone, zone.assignment, figures, at, zone.targets.all(), now)


def _in_grids(actor: Actor, now: datetime) -> list[Mine]:
    """What lies in the person's own grids, campaign by campaign."""
    targets = targets_in_grids_of(actor)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for key, state, n in (
        targets.order_by().values_list("assignment_id", "state").annotate(n=Count("pk"))
    ):
        counts[key][state] += n
    assignments = with_names(assignments_of(counts)).order_by("due_at", "pk")
    return [
        _mine(None, one, Figures(**counts[one.pk]), None, targets.filter(assignment=one), now)
        for one in assignments
    ]


def assignments_of(keys: Iterable[int]) -> "QuerySet[Assignment]":
    """The assignments whose targets were just seen."""
    return Assignment.objects.filter(pk__in=list(keys))


def _mine(
    zone: Zone | None,
    assignment: Assignment,
    figures: Figures,
    arrived_at: datetime | None,
    targets: "QuerySet[Target]",
    now: datetime,
) -> Mine:
    next_ones = next_of(targets)
    waiting = figures.todo + figures.absent
    return Mine(
        zone,
        assignment.campaign,
        assignment,
        figures,
        arrived_at,
        next_ones,
        lamp(assignment.due_at, assignment.amber_at, now),
        time_left(assignment.due_at, now),
        max(0, waiting - len(next_ones)),
    )


def next_of(targets: "QuerySet[Target]") -> list[Target]:
    """Where nobody was yet, along the street; then where nobody was there."""
    waiting = list(targets.filter(state=Found.TODO).order_by("area_code", "address", "pk")[:NEXT])
    if len(waiting) < NEXT:
        again = targets.filter(state=Found.ABSENT).order_by("updated_at", "pk")
        waiting += again[: NEXT - len(waiting)]
    return waiting


def next_after(target: Target, actor: Actor) -> Target | None:
    """The next one to go to in the same zone, or in the same assignment where there is none."""
    seen = targets_visible_to(actor).filter(assignment=target.assignment_id, zone=target.zone_id)
    return next(iter(next_of(seen.exclude(pk=target.pk))), None)
