"""The doors of this room: campaigns, assignments and targets as an actor meets them, and the step that is taken."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from accounts.actor import Actor, HeldPost
from accounts.roles import Scope
from campaigns.choices import ENDS as CAMPAIGN_ENDS
from campaigns.choices import FINISHED, AssignmentState, Found, State
from campaigns.lifecycle import (
    ASSIGNMENT,
    ASSIGNMENT_STEPS,
    CADRE,
    CAMPAIGN,
    CAMPAIGN_STEPS,
    LEADS,
    OWN_GRID,
    SENDER,
    SWEEPS,
    TARGET,
    TARGET_STEPS,
)
from campaigns.models import Assignment, Cadre, Campaign, Milestone, Target, Visit, Zone
from campaigns.querysets import (
    WRITE,
    assignments_visible_to,
    targets_visible_to,
    visible_to,
)
from campaigns.step_forms import ASSIGNMENT_FORMS, CAMPAIGN_FORMS, TARGET_FORMS
from steps.door import Door, Timed
from steps.meeting import Meeting

GRID_DIGITS = 15


def leads(post: HeldPost, assignment: Assignment) -> bool:
    """Whether a post answers for an assignment: it is the organisation's own or, where it goes to an area, that area's
    or one between it and the sender, so that the sender does not report to itself."""
    if post.rule_scope is Scope.ORGANISATION:
        return assignment.unit_id is not None and post.organisation_id == assignment.unit_id
    if assignment.unit_id is not None:
        return post.organisation_id == assignment.unit_id
    below = len(post.area_code) > len(assignment.campaign.area_code)
    return post.covers(assignment.area_code) and (below or post.area_code == assignment.area_code)


def serves_grid(post: HeldPost, area_code: str) -> bool:
    """Whether it is a post in this very grid."""
    return len(post.area_code) == GRID_DIGITS and post.area_code == area_code


@dataclass
class CampaignMeeting(Meeting[Campaign]):
    """A campaign as one actor meets it."""

    @cached_property
    def assignments(self) -> list[Assignment]:
        return list(self.record.assignments.select_related("unit"))


@dataclass
class AssignmentMeeting(Meeting[Assignment]):
    """An assignment as one actor meets it."""

    def is_bound(self, bond: str, post: HeldPost | None) -> bool:
        if bond == CADRE:
            return bool(self.own_zones)
        if post is None:
            return False
        if bond == SENDER:
            return post.covers(self.record.campaign.area_code)
        if bond == OWN_GRID:
            return self.record.unit_id is None and serves_grid(post, self.record.area_code)
        return bond == LEADS and leads(post, self.record)

    @cached_property
    def zones(self) -> list[Zone]:
        return list(self.record.zones.prefetch_related("cadres__person"))

    @cached_property
    def own_zones(self) -> list[Zone]:
        """The zones in which this person serves."""
        me = self.by.user_id
        if me is None:
            return []
        return list(self.record.zones.filter(cadres__person_id=me))

    @cached_property
    def milestones(self) -> list[Milestone]:
        return list(self.record.milestones.all())

    @cached_property
    def todo(self) -> int:
        """Targets where nobody was yet."""
        return self.record.targets.filter(state=Found.TODO).count()


@dataclass
class TargetMeeting(Meeting[Target]):
    """A target as one actor meets it."""

    def is_bound(self, bond: str, post: HeldPost | None) -> bool:
        if bond == CADRE:
            return self._serves
        if post is None:
            return False
        if bond == SWEEPS and post.rule_scope is Scope.AREA:
            return post.covers(self.record.area_code)
        return bond in (LEADS, SWEEPS) and leads(post, self.record.assignment)

    @cached_property
    def _serves(self) -> bool:
        me, zone = self.by.user_id, self.record.zone_id
        if me is None or zone is None:
            return False
        return Cadre.objects.filter(zone_id=zone, person_id=me).exists()

    @cached_property
    def last_visit(self) -> Visit | None:
        return self.record.visits.select_related("incident", "visited_by").first()


class CampaignDoor(Door[Campaign, CampaignMeeting]):
    subject, table, forms, states, ends = (
        CAMPAIGN,
        CAMPAIGN_STEPS,
        CAMPAIGN_FORMS,
        State,
        CAMPAIGN_ENDS,
    )
    model, meeting, write_scope = Campaign, CampaignMeeting, WRITE
    related = ("organisation",)

    def seen_by(self, actor: Actor) -> "QuerySet[Campaign]":
        return visible_to(actor)

    def timed(self, m: CampaignMeeting, stage: str) -> Timed | None:
        """A campaign has no clock of its own: its assignments have."""
        return None


class AssignmentDoor(Door[Assignment, AssignmentMeeting]):
    subject, table, forms, states, ends = (
        ASSIGNMENT,
        ASSIGNMENT_STEPS,
        ASSIGNMENT_FORMS,
        AssignmentState,
        FINISHED,
    )
    model, meeting, write_scope = Assignment, AssignmentMeeting, WRITE
    related = ("campaign", "unit")

    def seen_by(self, actor: Actor) -> "QuerySet[Assignment]":
        return assignments_visible_to(actor)

    def timed(self, m: AssignmentMeeting, stage: str) -> Timed | None:
        """The clocks start when the assignment is sent (`sending.py`), and no step starts them anew."""
        return None


class TargetDoor(Door[Target, TargetMeeting]):
    subject, table, forms, states, ends = (
        TARGET,
        TARGET_STEPS,
        TARGET_FORMS,
        Found,
        frozenset[Any](),
    )
    model, meeting, write_scope = Target, TargetMeeting, WRITE
    related = ("campaign", "assignment__campaign")  # a zone may change while one waits for the lock

    def seen_by(self, actor: Actor) -> "QuerySet[Target]":
        return targets_visible_to(actor)

    def timed(self, m: TargetMeeting, stage: str) -> Timed | None:
        """A target has no clock of its own: its assignment has."""
        return None


CAMPAIGNS, ASSIGNMENTS, TARGETS = CampaignDoor(), AssignmentDoor(), TargetDoor()
