"""Who is told what of a campaign: a reading of the journal that fills people's bells, each exactly once."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.urls import reverse

from accounts.roles import May, Role
from campaigns.choices import FINISHED
from campaigns.lifecycle import ASSIGNMENT, MILESTONE
from campaigns.models import Assignment, Milestone
from clocks.calendar import SHANGHAI
from clocks.marks import AMBER, OVERDUE
from incidents.telling import Staff
from journal.models import Event
from journal.readers import follow
from notices.tell import tell_each

READER = "campaigns.telling"
GRID_DIGITS = 15
People = Collection[int]


@dataclass(frozen=True)
class Told:
    """An event about an assignment, as the rules below see it."""

    event: Event
    assignment: Assignment
    staff: Staff

    def leaders(self) -> frozenset[int]:
        """Who leads it: of the organisation, of the grid, or as near above the area as anybody does."""
        assignment = self.assignment
        if assignment.unit_id is not None:
            return self.staff.of_unit(assignment.unit_id, May.LEAD_CAMPAIGN)
        grid = len(assignment.area_code) == GRID_DIGITS
        may = May.SWEEP if grid else May.LEAD_CAMPAIGN
        return self.staff.in_charge(assignment.area_code, may)

    def sender(self) -> frozenset[int]:
        """Who launched it, and the commander for whose area it was sent."""
        campaign = self.assignment.campaign
        launched = {campaign.launched_by_id} - {None}
        over = self.staff.in_charge(campaign.area_code, Role.COMMANDER)
        return frozenset(pk for pk in launched if pk) | over

    def cadres(self) -> frozenset[int]:
        """Those who are new in the zone."""
        return frozenset(self.event.data.get("cadres") or ())


Rule = Callable[[Told], Iterable[tuple[str, People]]]


def _to_leaders(kind: str) -> Rule:
    return lambda told: [(kind, told.leaders())]


def _to_cadres(told: Told) -> Iterable[tuple[str, People]]:
    return [("campaign.zone", told.cadres())]


def _late(told: Told) -> Iterable[tuple[str, People]]:
    """Late ones are told upward, too."""
    return [("campaign.late", told.leaders() | told.sender())]


RULES_OF_TELLING: dict[str, Rule] = {
    "assignment.sent": _to_leaders("campaign.assigned"),
    "assignment.zone_added": _to_cadres,
    "assignment.zone_changed": _to_cadres,
    "assignment.urged": _to_leaders("campaign.urged"),
    "assignment.reported": lambda told: [("campaign.reported", told.sender())],
    "assignment.accepted": _to_leaders("campaign.accepted"),
    "assignment.sent_back": _to_leaders("campaign.sent_back"),
    "assignment.withdrawn": _to_leaders("campaign.withdrawn"),
    AMBER: _to_leaders("campaign.near"),
    OVERDUE: _late,
}


def tell_people(now: datetime, limit: int = 500) -> int:
    """Read the next events of the journal and fill the bells; the number of events read.

    Any number of workers may call it: one reads at a time, and cursor and notices move together.
    """
    return follow(READER, partial(_tell_all, now), verbs=RULES_OF_TELLING.keys(), limit=limit)


def _tell_all(now: datetime, events: Sequence[Event]) -> None:
    about = [event for event in events if event.subject_kind in (ASSIGNMENT, MILESTONE)]
    reached = Milestone.objects.in_bulk(_ids(about, MILESTONE))
    wanted = _ids(about, ASSIGNMENT) | {one.assignment_id for one in reached.values()}
    assignments = Assignment.objects.select_related("campaign", "unit").in_bulk(wanted)
    staff = Staff(now.astimezone(SHANGHAI).date())
    for event in about:
        key = int(event.subject_id)
        if event.subject_kind == MILESTONE:
            key = reached[key].assignment_id if key in reached else 0
        if key in assignments:
            _tell(Told(event, assignments[key], staff), now)


def _ids(events: Sequence[Event], kind: str) -> set[int]:
    return {int(event.subject_id) for event in events if event.subject_kind == kind}


def _tell(told: Told, now: datetime) -> None:
    """One bell per person and event. Nobody is told of their own doing, nor of what is over."""
    clock = told.event.verb in (AMBER, OVERDUE)
    if clock and told.assignment.state in FINISHED:
        return
    groups = RULES_OF_TELLING[told.event.verb](told)
    tell_each(told.event, groups, facts=_facts(told), link=_link(told), now=now)


def _link(told: Told) -> str:
    """Cadres are led to the page of their zones."""
    if told.event.verb in ("assignment.zone_added", "assignment.zone_changed"):
        return reverse("campaigns:mine")
    return reverse("campaigns:assignment", args=[told.assignment.number])


def _facts(told: Told) -> dict[str, object]:
    data, assignment = told.event.data, told.assignment
    due = data.get("due") or (assignment.due_at.isoformat() if assignment.due_at else None)
    facts: dict[str, object] = {
        "campaign": assignment.campaign_id,
        "campaign_place": assignment.pk,
        "due": due,
    }
    return facts | {name: data[name] for name in ("stage", "zone") if data.get(name)}
