"""Campaigns, their assignments, zones and targets, and what was found there."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from campaigns.choices import (
    ENDS,
    FINISHED,
    AssignmentState,
    Found,
    Kind,
    State,
    TargetKind,
)
from clocks.choices import AllowanceKind
from incidents.models import Incident
from steps.models import Moving

_PERSON = settings.AUTH_USER_MODEL


class Campaign(Moving):
    """A task from above. `area_code` is the area for which it is sent, `organisation` who sends it, if one does.

    Its deadline is a local day (`due_on`, included) or an allowance that runs from launching; an assignment may have
    a day of its own. `checklist` are the lines that each visit answers (see `checklist.py`). `next_*` are the
    running numbers of what belongs to it.
    """

    state = models.CharField(max_length=16, choices=State, default=State.DRAFTED)
    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=80)
    text = models.TextField()
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    meeting_name = models.CharField(max_length=120, blank=True)
    held_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    limit_value = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    limit_kind = models.CharField(max_length=16, choices=AllowanceKind, blank=True)
    checklist = models.JSONField(default=list)
    next_assignment = models.IntegerField(default=1)
    next_target = models.IntegerField(default=1)
    drafted_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    launched_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    launched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-drafted_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="campaign_state"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="campaign_kind"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=False) ^ Q(limit_value__gt=0),
                name="campaign_has_one_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.LAUNCHED) | Q(launched_at__isnull=False),
                name="campaign_is_launched_once_it_runs",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(ENDS)) | Q(ended_at__isnull=False),
                name="campaign_end_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["area_code"], name="campaign_by_area"),
            models.Index(fields=["-drafted_at", "-id"], name="campaign_newest_first"),
            models.Index(
                fields=["-launched_at"], name="campaign_running", condition=Q(state=State.LAUNCHED)
            ),
        ]


class Assignment(Moving):
    """One organisation's, area's or grid's part of a campaign. `area_code` is where: the organisation's own area, where
    it goes to one.

    `percent` is what was said in the last progress note, where there are neither targets nor milestones to count.
    """

    state = models.CharField(
        max_length=16, choices=AssignmentState, default=AssignmentState.PLANNED
    )
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="campaign_assignments"
    )
    text = models.CharField(max_length=400, blank=True)
    due_on = models.DateField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    noted_at = models.DateTimeField(null=True, blank=True)
    urged_at = models.DateTimeField(null=True, blank=True)
    urged_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values), name="assignment_state"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="assignment_percent"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(FINISHED)) | Q(ended_at__isnull=False),
                name="assignment_end_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["area_code"], name="assignment_by_area"),
            models.Index(fields=["campaign", "state"], name="assignment_by_campaign"),
        ]


class Zone(models.Model):
    """A part of an assignment's ground (分战区, domain row A15), with its cadres, between local days."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="zones")
    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "name"], name="zone_has_its_own_name"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="zone_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Cadre(models.Model):
    """Somebody who was sent to a zone (下片, domain row B10)."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="cadres")
    person = models.ForeignKey(_PERSON, models.PROTECT, related_name="zones")
    leads = models.BooleanField(default=False)

    class Meta:
        ordering = ["-leads", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "person"], name="cadre_is_in_a_zone_once"),
            models.UniqueConstraint(
                fields=["zone"], condition=Q(leads=True), name="zone_has_one_leader"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.zone_id}"


class Arrival(models.Model):
    """A cadre was there: one row a local day. Position in WGS 84 degrees, where the phone gave one."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="arrivals")
    day = models.DateField()
    arrived_at = models.DateTimeField()
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    accuracy_m = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["-arrived_at"]
        constraints = [
            models.UniqueConstraint(fields=["cadre", "day"], name="cadre_arrives_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.cadre_id} on {self.day}"


class Target(Moving):
    """A place, firm or household to be visited; `state` is what the last visit found. Position in WGS 84 degrees.

    `key` is name and address without what writers vary in: the same target is listed once in a campaign.
    """

    state = models.CharField(max_length=16, choices=Found, default=Found.TODO)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="targets")
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="targets")
    zone = models.ForeignKey(Zone, models.SET_NULL, null=True, blank=True, related_name="targets")
    kind = models.CharField(max_length=8, choices=TargetKind, default=TargetKind.FIRM)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    key = models.CharField(max_length=330)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="target_is_listed_once"),
            models.CheckConstraint(condition=Q(state__in=Found.values), name="target_state"),
        ]
        indexes = [
            models.Index(fields=["assignment", "state", "id"], name="target_by_assignment"),
            models.Index(fields=["zone", "state", "id"], name="target_by_zone"),
            models.Index(fields=["area_code"], name="target_by_area"),
        ]


class Visit(models.Model):
    """Somebody was at a target: when, what they found, what they answered to the check-list.

    `incident` is the case that a problem became; one visit makes one case.
    """

    target = models.ForeignKey(Target, models.CASCADE, related_name="visits")
    visited_at = models.DateTimeField()
    visited_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    found = models.CharField(max_length=8, choices=Found)
    answers = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    incident = models.OneToOneField(
        Incident, models.PROTECT, null=True, blank=True, related_name="visit"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(found__in=["absent", "visited", "problem"]), name="visit_found"
            ),
            models.CheckConstraint(
                condition=Q(incident=None) | Q(found=Found.PROBLEM),
                name="only_a_problem_becomes_a_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_id}: {self.found}"


class Tally(models.Model):
    """How many targets of an assignment's zone (or of no zone yet) are in which state: exact, because it is written in
    the transaction that moves the target. Boards read it and never count."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="tallies")
    zone = models.ForeignKey(Zone, models.CASCADE, null=True, blank=True, related_name="tallies")
    todo = models.PositiveIntegerField(default=0)
    absent = models.PositiveIntegerField(default=0)
    visited = models.PositiveIntegerField(default=0)
    problem = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "zone"], nulls_distinct=False, name="tally_is_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.zone_id}"


class Milestone(models.Model):
    """What must be reached until a local day (included): the plan of a key project (domain row I9)."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="milestones")
    text = models.CharField(max_length=200)
    due_on = models.DateField()
    reached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.text
