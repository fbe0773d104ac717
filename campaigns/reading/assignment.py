"""The page of an assignment, with its zones."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.roles import May
from campaigns.choices import Found
from campaigns.door import ASSIGNMENTS, leads
from campaigns.lifecycle import ASSIGNMENT
from campaigns.models import Assignment, Milestone, Visit, Zone
from campaigns.reading.lines import Row, local_day, rows
from campaigns.tallying import Figures
from steps.door import Offer
from steps.history import Line, timeline


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


def zones_in(assignments: "QuerySet[Assignment]") -> list[tuple[int, str]]:
    """The zones of these assignments, to choose from."""
    return list(Zone.objects.filter(assignment__in=assignments).values_list("pk", "name"))
