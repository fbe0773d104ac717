"""The case itself: what was reported, who must act, what was asked for, and the photos."""

from django.conf import settings
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from accounts.models import ApiClient, Organisation
from accounts.personal import EncryptedTextField
from incidents.choices import (
    AskKind,
    AskState,
    Informed,
    NotAccepted,
    PhotoKind,
    Placed,
    Risk,
    Satisfaction,
    Source,
    State,
    SuspensionReason,
    Urgency,
)
from incidents.models.catalogue import CatalogueItem, ItemLimit


class Incident(models.Model):
    """A matter that entered once and must reach one unit. Positions are WGS 84 degrees, times UTC.

    `area_code` is the most exact area known (grid, else community … else the centre's); scope reads it.
    `due_at`/`amber_at` repeat the running clock that matters now, so that lists sort without joins.
    `version` grows with every step; it is the ETag.
    """

    number = models.CharField(max_length=20, unique=True)
    version = models.IntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.REPORTED)
    source = models.CharField(max_length=12, choices=Source)
    item = models.ForeignKey(CatalogueItem, models.PROTECT, null=True, blank=True)
    limit = models.ForeignKey(ItemLimit, models.PROTECT, null=True, blank=True)
    urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.NORMAL)
    risk = models.CharField(max_length=8, choices=Risk, blank=True)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    accuracy_m = models.FloatField(null=True, blank=True)
    placed = models.CharField(max_length=12, choices=Placed, default=Placed.UNPLACED)
    grid_code = models.CharField(max_length=15, db_collation="C", blank=True)
    area_code = models.CharField(max_length=15, db_collation="C", blank=True)
    centre = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="coordinated"
    )
    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="to_act"
    )
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="to_check"
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="reported"
    )
    client = models.ForeignKey(ApiClient, models.PROTECT, null=True, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    reporter_name = EncryptedTextField(blank=True, default="")
    reporter_phone = EncryptedTextField(blank=True, default="")
    reporter_phone_hash = models.CharField(max_length=64, blank=True)
    main_case = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    not_accepted = models.CharField(max_length=20, choices=NotAccepted, blank=True)
    confidential = models.BooleanField(default=False)
    supervised = models.BooleanField(default=False)
    urged_count = models.IntegerField(default=0)
    escalated_level = models.SmallIntegerField(default=0)
    dispatch_round = models.IntegerField(default=0)
    return_count = models.IntegerField(default=0)
    returned_last = models.BooleanField(default=False)
    rework_count = models.IntegerField(default=0)
    reopened_count = models.IntegerField(default=0)
    extension_count = models.IntegerField(default=0)
    suspended_once = models.BooleanField(default=False)
    suspended_until = models.DateField(null=True, blank=True)
    suspension_reason = models.CharField(max_length=12, choices=SuspensionReason, blank=True)
    check_passed = models.BooleanField(null=True, blank=True)
    informed = models.CharField(max_length=12, choices=Informed, blank=True)
    informed_at = models.DateTimeField(null=True, blank=True)
    satisfaction = models.CharField(max_length=10, choices=Satisfaction, blank=True)
    rating_text = models.TextField(blank=True)
    reported_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    evaluated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    amber_at = models.DateTimeField(null=True, blank=True)
    due_stage = models.CharField(max_length=12, blank=True)
    search = SearchVectorField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="incident_state_is_known"),
            models.UniqueConstraint(
                fields=["client", "external_id"],
                condition=~Q(external_id=""),
                name="incident_partner_sends_once",
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id="") & Q(client=None),
                name="incident_replayed_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Assignment(models.Model):
    """A unit told to act on a case in one round of dispatch: one lead, any number assisting."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="assignments")
    lead = models.BooleanField()
    round = models.IntegerField()
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="handled"
    )
    reply = models.TextField(blank=True)
    return_reason = models.TextField(blank=True)
    instruction = models.TextField(blank=True)
    chosen_by = models.JSONField(default=dict)

    class Meta:
        ordering = ["round", "-lead", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "unit", "round"], name="assignment_once_a_round"
            ),
            models.UniqueConstraint(
                fields=["incident", "round"], condition=Q(lead=True), name="assignment_one_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} → {self.unit_id}"


class Ask(models.Model):
    """A unit's request for time: an extension, or a suspension until a date. Approved, then granted."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="asks")
    kind = models.CharField(max_length=12, choices=AskKind)
    state = models.CharField(max_length=10, choices=AskState, default=AskState.ASKED)
    unit = models.ForeignKey(Organisation, models.PROTECT)
    reason = models.TextField()
    suspension_reason = models.CharField(max_length=12, choices=SuspensionReason, blank=True)
    until = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=Q(state__in=["asked", "approved"]), name="ask_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.incident_id}"


class Photo(models.Model):
    """A photo of a case: re-encoded, EXIF stripped after position (WGS 84) and time were taken from it."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="photos", null=True)
    kind = models.CharField(max_length=8, choices=PhotoKind, default=PhotoKind.SCENE)
    file = models.FileField(upload_to="photos/%Y/%m/%d/")
    thumbnail = models.FileField(upload_to="photos/%Y/%m/%d/")
    width = models.IntegerField()
    height = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    round = models.IntegerField(default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.incident_id}"
