"""The case itself: what was reported, who must act, what was asked for, and the photos."""

from collections.abc import Collection
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from accounts.models import ApiClient, Organisation
from accounts.personal import EncryptedTextField
from clocks.choices import AllowanceKind
from incidents.choices import (
    ENDS,
    IN_A_UNITS_HANDS,
    OPEN,
    AppealState,
    AskKind,
    AskState,
    Informed,
    Level,
    NotAccepted,
    PhotoKind,
    Placed,
    Risk,
    Satisfaction,
    Source,
    Stage,
    State,
    SuspensionReason,
    Urgency,
)
from incidents.models.catalogue import CatalogueItem, ItemLimit
from steps.models import Moving

# Sorts after every real deadline: what no clock runs for comes last.
NO_DEADLINE = datetime(9999, 12, 31, tzinfo=UTC)
_OPEN = Q(state__in=sorted(OPEN))


class Incident(Moving):
    """A matter that entered once and must reach one unit. Positions are WGS 84 degrees, times UTC.

    `area_code` is the most exact area known (grid, else community … else the centre's); scope reads it.
    `due_at`/`amber_at`/`due_stage` repeat the running clock that is due first, so that lists sort without
    joins; `due_order` is `due_at`, or a far day where no clock runs. `version` grows with every step; it is
    the ETag. `allowance_*` is the handling limit as fixed at filing. `search` is kept by a trigger
    (`incidents/search.py`). `informed` says how the reporter was told of the present answer, and is empty
    until then. `unit` is the lead unit from dispatch on; nobody between a return and the next dispatch.
    `units` are all that were ever sent the case, leading or assisting: they see it.
    """

    state = models.CharField(max_length=12, choices=State, default=State.REPORTED)
    source = models.CharField(max_length=12, choices=Source)
    item = models.ForeignKey(CatalogueItem, models.PROTECT, null=True, blank=True)
    limit = models.ForeignKey(ItemLimit, models.PROTECT, null=True, blank=True, db_index=False)
    allowance_value = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    allowance_kind = models.CharField(max_length=16, choices=AllowanceKind, blank=True)
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
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coordinated",
        db_index=False,
    )
    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="to_act", db_index=False
    )
    units = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="to_check",
        db_index=False,
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reported",
        db_index=False,
    )
    client = models.ForeignKey(ApiClient, models.PROTECT, null=True, blank=True, db_index=False)
    external_id = models.CharField(max_length=80, blank=True)
    reporter_name = EncryptedTextField(blank=True, default="")
    reporter_phone = EncryptedTextField(blank=True, default="")
    reporter_phone_hash = models.CharField(max_length=64, blank=True)
    main_case = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates", db_index=False
    )
    not_accepted = models.CharField(max_length=20, choices=NotAccepted, blank=True)
    confidential = models.BooleanField(default=False)
    supervised = models.BooleanField(default=False)
    urged_count = models.IntegerField(default=0)
    escalated_level = models.SmallIntegerField(choices=Level, default=Level.GRID)
    precheck_true = models.BooleanField(null=True, blank=True)
    dispatch_round = models.IntegerField(default=0)
    return_count = models.IntegerField(default=0)
    returned_last = models.BooleanField(default=False)
    rework_count = models.IntegerField(default=0)
    reopened_count = models.IntegerField(default=0)
    extension_count = models.IntegerField(default=0)
    suspended_once = models.BooleanField(default=False)
    suspended_until = models.DateField(null=True, blank=True)
    suspension_reason = models.CharField(max_length=12, choices=SuspensionReason, blank=True)
    suspension_note = models.CharField(max_length=200, blank=True)
    check_passed = models.BooleanField(null=True, blank=True)
    informed = models.CharField(max_length=12, choices=Informed, blank=True)
    informed_at = models.DateTimeField(null=True, blank=True)
    solved = models.BooleanField(null=True, blank=True)
    satisfaction = models.CharField(max_length=10, choices=Satisfaction, blank=True)
    rating_text = models.TextField(blank=True)
    reported_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    evaluated_at = models.DateTimeField(null=True, blank=True)
    due_stage = models.CharField(max_length=12, choices=Stage, blank=True)
    due_order = models.GeneratedField(
        expression=Coalesce(F("due_at"), Value(NO_DEADLINE)),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="incident_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(escalated_level__in=Level.values), name="incident_level_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(ended_at=None) & ~Q(state__in=sorted(ENDS)))
                | (Q(ended_at__isnull=False) & Q(state__in=sorted(ENDS))),
                name="incident_end_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | ~Q(state__in=sorted(IN_A_UNITS_HANDS)),
                name="incident_somebody_must_act",
            ),
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
        # Inboxes read open cases only, a small and steady part of all; lists of all cases go by time.
        indexes = [
            models.Index(
                fields=["due_order", "id", "state", "area_code"],
                condition=_OPEN,
                name="incident_open_by_due",
            ),
            models.Index(
                fields=["area_code", "due_order"], condition=_OPEN, name="incident_open_in_area"
            ),
            models.Index(
                fields=["state", "area_code"], condition=_OPEN, name="incident_open_in_state"
            ),
            models.Index(
                fields=["unit", "state", "due_order", "id"],
                condition=_OPEN,
                name="incident_open_of_unit",
            ),
            # The piles that are mostly empty: counting them must not read the cases beside them.
            models.Index(
                fields=["area_code"],
                condition=Q(state=State.REPORTED, grid_code=""),
                name="incident_to_place",
            ),
            models.Index(
                fields=["area_code"],
                condition=Q(state=State.FILED, returned_last=True),
                name="incident_returned",
            ),
            models.Index(
                fields=["area_code"],
                condition=Q(state=State.VERIFYING, check_passed=True),
                name="incident_to_close",
            ),
            # What is near or past its deadline, for who watches over others.
            models.Index(
                fields=["amber_at", "area_code"],
                condition=_OPEN & Q(amber_at__isnull=False),
                name="incident_open_by_amber",
            ),
            models.Index(fields=["reported_at", "id"], name="incident_by_time"),
            models.Index(fields=["area_code", "reported_at"], name="incident_in_area"),
            models.Index(fields=["unit", "reported_at"], name="incident_of_unit"),
            GinIndex(fields=["units"], name="incident_of_units"),
            models.Index(
                fields=["checker", "state"],
                condition=Q(checker__isnull=False),
                name="incident_of_checker",
            ),
            models.Index(
                fields=["reporter", "reported_at"],
                condition=Q(reporter__isnull=False),
                name="incident_of_reporter",
            ),
            models.Index(
                fields=["client", "reported_at"],
                condition=Q(client__isnull=False),
                name="incident_of_client",
            ),
            models.Index(
                fields=["main_case"],
                condition=Q(main_case__isnull=False),
                name="incident_duplicates",
            ),
            models.Index(
                fields=["reporter_phone_hash"],
                condition=~Q(reporter_phone_hash=""),
                name="incident_by_phone",
            ),
            models.Index(
                fields=["closed_at"], condition=Q(state=State.CLOSED), name="incident_to_evaluate"
            ),
            models.Index(
                fields=["suspended_until"],
                condition=Q(state=State.SUSPENDED),
                name="incident_to_resume",
            ),
        ]


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def to_assist(self, units: Collection[int]) -> "AssignmentQuerySet":
        """What assisting `units` have not answered yet."""
        return self.filter(
            unit_id__in=units, lead=False, replied_at=None, returned_at=None, withdrawn_at=None
        )


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

    objects = AssignmentQuerySet.as_manager()

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
        indexes = [
            # What assisting units still have to do.
            models.Index(
                fields=["unit", "incident"],
                condition=Q(lead=False, replied_at=None, returned_at=None, withdrawn_at=None),
                name="assignment_to_assist",
            )
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
                fields=["incident"],
                condition=Q(state__in=["asked", "approved"]),
                name="ask_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.incident_id}"


class Appeal(models.Model):
    """A unit's appeal against its lateness on a closed case. Supported by the dispatcher, then granted by the clerk."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="appeals")
    unit = models.ForeignKey(Organisation, models.PROTECT, db_index=False)
    state = models.CharField(max_length=10, choices=AppealState, default=AppealState.ASKED)
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    asked_at = models.DateTimeField()
    support_note = models.TextField(blank=True)
    decision_note = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=~Q(state=AppealState.DROPPED),
                name="appeal_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AppealState.values), name="appeal_state_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["state"],
                condition=Q(state__in=[AppealState.ASKED, AppealState.SUPPORTED]),
                name="appeal_to_review",
            )
        ]

    def __str__(self) -> str:
        return f"appeal {self.incident_id}"


class Remark(models.Model):
    """Words that somebody wrote at a step: a reason, a note, a comment. The journal keeps only the number of
    the row, so that what people write (personal data may slip in) stays out of what can never be changed.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="remarks")
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"remark {self.pk} on {self.incident_id}"


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
