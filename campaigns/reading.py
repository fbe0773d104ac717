"""Reading campaigns for a face: board, campaign, assignment, target, my zones; constant numbers of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.roles import May
from campaigns import checklist
from campaigns.choices import COUNTED, FINISHED, OPEN, AssignmentState, Found, State
from campaigns.door import ASSIGNMENTS, CAMPAIGNS, TARGETS, leads
from campaigns.judging import lags
from campaigns.lifecycle import ASSIGNMENT, CAMPAIGN, TARGET
from campaigns.models import Assignment, Campaign, Milestone, Tally, Target, Visit, Zone
from campaigns.querysets import (
    assignments_visible_to,
    targets_in_grids_of,
    targets_visible_to,
    visible_to,
    with_names,
    zones_of,
)
from campaigns.tallying import Figures
from campaigns.working import lacks_note
from clocks.calendar import SHANGHAI
from clocks.lamps import Lamp, lamp
from grids.queries import area_names
from incidents.reading import time_left
from steps.door import Offer
from steps.history import Line, timeline

MOST_CAMPAIGNS = 100  # on the board; more than run at once anywhere
NEXT = 30  # targets that a zone's page shows


def local_day(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


@dataclass(frozen=True)
class Row:
    """An assignment as one line: how far it is, its lamp, and what it lacks."""

    assignment: Assignment
    place: str
    figures: Figures
    reached: int
    milestones: int
    lamp: Lamp
    left: str
    lags: bool
    lacks_note: bool

    @property
    def percent(self) -> int:
        """By targets, else by milestones, else as the last progress note said; what is accepted is whole."""
        if self.figures.total:
            return self.figures.percent
        if self.milestones:
            return self.reached * 100 // self.milestones
        whole = self.assignment.state in FINISHED | {AssignmentState.REPORTED}
        return 100 if whole else self.assignment.percent

    @property
    def state(self) -> str:
        return str(AssignmentState(self.assignment.state).label)

    @property
    def weight(self) -> tuple[int, int, float, int]:
        """Laggards first: red, amber, then what is due soonest and has come least far."""
        order = {Lamp.RED: 0, Lamp.AMBER: 1, Lamp.GREEN: 2, Lamp.NONE: 3}[self.lamp]
        due = self.assignment.due_at.timestamp() if self.assignment.due_at else float("inf")
        return (order, 0 if self.lacks_note else 1, due, self.percent)


def rows(assignments: Sequence[Assignment], now: datetime) -> list[Row]:
    """The lines of assignments made `with_names`, laggards first. Three queries, however many there are."""
    keys = [one.pk for one in assignments]
    figures = _figures_of(keys)
    stones = {
        key: (reached, every)
        for key, reached, every in Milestone.objects.filter(assignment__in=keys)
        .values("assignment_id")
        .annotate(reached=Count("pk", filter=Q(reached_at__isnull=False)), every=Count("pk"))
        .values_list("assignment_id", "reached", "every")
    }
    names = area_names({one.area_code for one in assignments})
    found = [
        _row(one, names, figures[one.pk], stones.get(one.pk, (0, 0)), now) for one in assignments
    ]
    return sorted(found, key=lambda row: (*row.weight, row.assignment.pk))


def _figures_of(keys: Sequence[int]) -> dict[int, Figures]:
    """The figures of assignments over all their zones, summed by the database."""
    sums = {name: Sum(name) for name in COUNTED}
    tallies = Tally.objects.filter(assignment__in=keys).order_by()
    found: Iterable[Any] = tallies.values("assignment_id").annotate(**sums)
    figures: dict[int, Figures] = defaultdict(Figures)
    for each in found:
        figures[each["assignment_id"]] = Figures(**{name: each[name] for name in COUNTED})
    return figures


def _row(
    one: Assignment,
    names: Mapping[str, str],
    figures: Figures,
    stones: tuple[int, int],
    now: datetime,
) -> Row:
    place = one.unit.shown_name if one.unit else names.get(one.area_code, one.area_code)
    open_one = one.state in OPEN
    return Row(
        one,
        place,
        figures,
        *stones,
        lamp=lamp(one.due_at, one.amber_at, now) if open_one else Lamp.NONE,
        left=_left(one, now) if open_one else "",
        lags=lags(one, now),
        lacks_note=open_one and lacks_note(one, local_day(now)),
    )


def _left(one: Assignment, now: datetime) -> str:
    """The time left; before the receipt it is the time to sign."""
    left = time_left(one.due_at, now)
    if one.state == AssignmentState.SENT and left:
        return _("receipt: %(left)s") % {"left": left}
    return left


@dataclass(frozen=True)
class Bar:
    """A campaign with its lines and its figures over all of them."""

    campaign: Campaign
    rows: list[Row]
    place: str = ""
    may_urge: bool = False

    @cached_property
    def figures(self) -> Figures:
        found = Figures()
        for row in self.rows:
            found.add(row.figures)
        return found

    @cached_property
    def percent(self) -> int:
        """By all targets; without any, the mean of the lines that still count."""
        if self.figures.total:
            return self.figures.percent
        counting = [r for r in self.rows if r.assignment.state != AssignmentState.CANCELLED]
        return sum(row.percent for row in counting) // len(counting) if counting else 0

    @cached_property
    def laggards(self) -> int:
        return sum(row.lags for row in self.rows)

    @cached_property
    def late(self) -> int:
        return sum(row.lamp == Lamp.RED for row in self.rows)

    @cached_property
    def lamp(self) -> Lamp:
        """The worst of its lines."""
        order = (Lamp.RED, Lamp.AMBER, Lamp.GREEN)
        return next((one for one in order if any(r.lamp == one for r in self.rows)), Lamp.NONE)

    @cached_property
    def due_at(self) -> datetime | None:
        due = [row.assignment.due_at for row in self.rows if row.assignment.due_at]
        return min(due, default=None)

    @property
    def weight(self) -> tuple[int, float, int]:
        order = {Lamp.RED: 0, Lamp.AMBER: 1, Lamp.GREEN: 2, Lamp.NONE: 3}[self.lamp]
        return (order, self.due_at.timestamp() if self.due_at else float("inf"), self.percent)


def board(actor: Actor, now: datetime) -> list[Bar]:
    """All running campaigns in scope with those of their assignments that the actor sees, the one that lags most
    first. Five queries, however many firms are swept."""
    running = visible_to(actor).filter(state=State.LAUNCHED).select_related("organisation")
    return bars(list(running.order_by("-launched_at", "-pk")[:MOST_CAMPAIGNS]), actor, now)


def bars(campaigns: Sequence[Campaign], actor: Actor, now: datetime) -> list[Bar]:
    """The campaigns with their lines, the one that lags most first."""
    seen = with_names(assignments_visible_to(actor)).filter(campaign__in=[c.pk for c in campaigns])
    lines: dict[int, list[Row]] = defaultdict(list)
    for row in rows(list(seen), now):
        lines[row.assignment.campaign_id].append(row)
    names = area_names({one.area_code for one in campaigns})
    found = [
        Bar(one, lines[one.pk], names.get(one.area_code, one.area_code), _may_urge(actor, one))
        for one in campaigns
    ]
    return sorted(found, key=lambda bar: (*bar.weight, bar.campaign.pk))


def _may_urge(actor: Actor, campaign: Campaign) -> bool:
    return actor.may(May.LAUNCH_CAMPAIGN, area_code=campaign.area_code) is not None


# --- one campaign -------------------------------------------------------------------------------------


@dataclass
class CampaignReading:
    """The page of a campaign."""

    campaign: Campaign
    actor: Actor
    now: datetime

    @cached_property
    def bar(self) -> Bar:
        return bars([self.campaign], self.actor, self.now)[0]

    @cached_property
    def offers(self) -> list[Offer]:
        return CAMPAIGNS.available(self.campaign, self.actor, self.now)

    @property
    def can(self) -> list[Offer]:
        return [one for one in self.offers if one.allowed]

    @property
    def cannot(self) -> list[Offer]:
        """What is in this person's hands and waits for something; not what belongs to other states."""
        return [one for one in self.offers if not one.allowed and one.kind == "guard"]

    @property
    def lines(self) -> list[checklist.Line]:
        return checklist.lines_of(self.campaign)

    @cached_property
    def milestones(self) -> list[Milestone]:
        seen = [row.assignment.pk for row in self.bar.rows]
        found = Milestone.objects.filter(assignment__in=seen).select_related("assignment__unit")
        return list(found.order_by("due_on", "pk"))

    @property
    def story(self) -> list[Line]:
        return list(reversed(timeline((CAMPAIGN, self.campaign.pk))))

    @property
    def today(self) -> date:
        return local_day(self.now)


# --- one assignment ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ZoneShown:
    """A zone with its people, who of them was there today, and its figures."""

    zone: Zone
    figures: Figures
    people: list[tuple[str, bool, datetime | None]]  # name, leads, when today


@dataclass
class AssignmentReading:
    """The page of an assignment."""

    assignment: Assignment
    actor: Actor
    now: datetime

    @cached_property
    def row(self) -> Row:
        return rows([self.assignment], self.now)[0]

    @cached_property
    def offers(self) -> list[Offer]:
        return ASSIGNMENTS.available(self.assignment, self.actor, self.now)

    @property
    def can(self) -> list[Offer]:
        """Checking in is done on the page of one's zones."""
        return [one for one in self.offers if one.allowed and one.step.code != "arrive"]

    @property
    def cannot(self) -> list[Offer]:
        return [one for one in self.offers if not one.allowed and one.kind == "guard"]

    @cached_property
    def zones(self) -> list[ZoneShown]:
        found = self.assignment.zones.prefetch_related("cadres__person", "cadres__arrivals")
        figures: dict[int | None, Figures] = defaultdict(Figures)
        for tally in self.assignment.tallies.all():
            figures[tally.zone_id].add(tally)
        day = local_day(self.now)
        return [ZoneShown(zone, figures[zone.pk], _people(zone, day)) for zone in found]

    @cached_property
    def unshared(self) -> int:
        return sum(tally.todo for tally in self.assignment.tallies.all() if tally.zone_id is None)

    @cached_property
    def milestones(self) -> list[Milestone]:
        return list(self.assignment.milestones.all())

    @cached_property
    def problems(self) -> list[Visit]:
        """The newest problems, with the cases that they became."""
        found = Visit.objects.filter(target__assignment=self.assignment, found=Found.PROBLEM)
        return list(found.select_related("target", "incident", "visited_by")[:20])

    @property
    def story(self) -> list[Line]:
        return list(reversed(timeline((ASSIGNMENT, self.assignment.pk))))

    @property
    def today(self) -> date:
        return local_day(self.now)

    @property
    def leads(self) -> bool:
        return any(leads(p, self.assignment) for p in self.actor.posts_with(May.LEAD_CAMPAIGN))


def _people(zone: Zone, day: date) -> list[tuple[str, bool, datetime | None]]:
    return [
        (
            cadre.person.name or cadre.person.username,
            cadre.leads,
            next((one.arrived_at for one in cadre.arrivals.all() if one.day == day), None),
        )
        for cadre in zone.cadres.all()
    ]


# --- one target ---------------------------------------------------------------------------------------------


@dataclass
class TargetReading:
    """The page of a target: its visits, and what may be done."""

    target: Target
    actor: Actor
    now: datetime

    @cached_property
    def offers(self) -> list[Offer]:
        return TARGETS.available(self.target, self.actor, self.now)

    @property
    def can(self) -> list[Offer]:
        return [one for one in self.offers if one.allowed]

    @property
    def cannot(self) -> list[Offer]:
        return [one for one in self.offers if not one.allowed and one.kind == "guard"]

    @cached_property
    def visits(self) -> list[tuple[Visit, list[tuple[str, str]]]]:
        """Each visit with its answers in words, the newest first."""
        lines = checklist.lines_of(self.target.campaign)
        found = self.target.visits.select_related("visited_by", "incident")
        return [(visit, checklist.told(lines, visit.answers)) for visit in found]

    @property
    def story(self) -> list[Line]:
        return list(reversed(timeline((TARGET, self.target.pk))))


# --- my zones -------------------------------------------------------------------------------------------------


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


# --- lists of targets -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TargetRow:
    """A target as one line, with its last visit."""

    target: Target
    visit: Visit | None


def target_rows(targets: Sequence[Target]) -> list[TargetRow]:
    """The lines of a list. One query for the last visits and their cases."""
    keys = [one.pk for one in targets]
    last = Visit.objects.filter(target__in=keys).order_by("target_id", "-id").distinct("target_id")
    found = {one.target_id: one for one in last.select_related("visited_by", "incident")}
    return [TargetRow(one, found.get(one.pk)) for one in targets]


def zones_in(assignments: "QuerySet[Assignment]") -> list[tuple[int, str]]:
    """The zones of these assignments, to choose from."""
    return list(Zone.objects.filter(assignment__in=assignments).values_list("pk", "name"))
