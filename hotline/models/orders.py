"""Hotline orders: a record of their own, linked to a case or to nothing. Callers are encrypted."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.edits import Edited
from accounts.models import ApiClient, Organisation
from accounts.personal import EncryptedTextField
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from hotline.choices import (
    CallState,
    Channel,
    Extension,
    Line,
    Satisfaction,
    Stage,
    State,
    Way,
)
from incidents.catalogue_words import spoken
from incidents.models import CatalogueItem, Incident
from steps.models import Moving

_PERSON = settings.AUTH_USER_MODEL
SUBJECT = "hotline_order"


def _value() -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(max_digits=7, decimal_places=2)


def _kind() -> "models.CharField[str, str]":
    return models.CharField(max_length=16, choices=AllowanceKind)


class Tier(Edited):
    """How urgent an order is, and how long each stage of it may take (domain section 2.3, 2.5).

    Dispatching runs from taking in or from a return, receiving, returning and handling from dispatching, calling
    back from the reply.
    """

    code = models.SlugField(max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    urgent = models.BooleanField(_("told as danger"), default=False)
    dispatch_value = _value()
    dispatch_kind = _kind()
    receive_value = _value()
    receive_kind = _kind()
    return_value = _value()
    return_kind = _kind()
    handle_value = _value()
    handle_kind = _kind()
    visit_value = _value()
    visit_kind = _kind()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return spoken(self.name, self.name_en)

    def allowance(self, stage: Stage | str) -> Allowance:
        """How long a stage may take."""
        name = Stage(stage).value.removeprefix("order_")
        return Allowance(
            getattr(self, f"{name}_value"), AllowanceKind(getattr(self, f"{name}_kind"))
        )


class Call(models.Model):
    """A call as the telephone system announced it: once, however often it is sent. `line` is the number dialled."""

    client = models.ForeignKey(ApiClient, models.PROTECT, null=True, blank=True, related_name="+")
    call_id = models.CharField(max_length=80)
    phone = EncryptedTextField(blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    line = models.CharField(max_length=20, blank=True)
    area_code = models.CharField(max_length=15, db_collation="C", blank=True)
    state = models.CharField(max_length=8, choices=CallState, default=CallState.RINGING)
    rung_at = models.DateTimeField()
    meant_for = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    answered_by = models.ForeignKey(
        _PERSON, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "call_id"], nulls_distinct=False, name="a_call_rings_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=CallState.values), name="call_state_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["rung_at"], condition=~Q(state="answered"), name="calls_not_answered"
            )
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"


class Order(Moving):
    """What one caller asks for (工单). Positions are WGS 84 degrees, longitude first, times UTC.

    `unit` must act now; whom it was ever sent to is in `parts`. `external_id` is the sender's own number. `repeats` is
    the earlier order of the same caller that nothing new was said about.
    """

    state = models.CharField(max_length=16, choices=State)
    channel = models.CharField(max_length=8, choices=Channel)
    caller_name = EncryptedTextField(blank=True)
    caller_phone = EncryptedTextField(blank=True)
    caller_hash = models.CharField(max_length=64, blank=True)
    confidential = models.BooleanField(default=False)
    text = models.TextField()
    item = models.ForeignKey(CatalogueItem, models.PROTECT, null=True, blank=True, related_name="+")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="orders")
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="hotline_orders"
    )
    unit_why = models.JSONField(default=dict, blank=True)
    round = models.IntegerField(default=0)
    return_count = models.IntegerField(default=0)
    case = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="hotline_orders"
    )
    call = models.OneToOneField(Call, models.PROTECT, null=True, blank=True, related_name="order")
    client = models.ForeignKey(ApiClient, models.PROTECT, null=True, blank=True, related_name="+")
    external_id = models.CharField(max_length=80, blank=True)
    way = models.CharField(max_length=12, choices=Way, blank=True)
    line = models.CharField(max_length=3, choices=Line, blank=True)
    repeats = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeated_by"
    )
    reply = models.TextField(blank=True)
    taken_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_silently = models.BooleanField(default=False)
    replied_at = models.DateTimeField(null=True, blank=True)
    visited_at = models.DateTimeField(null=True, blank=True)
    extension = models.CharField(max_length=8, choices=Extension, blank=True, default="")
    extension_days = models.IntegerField(null=True, blank=True)
    attempts = models.IntegerField(default=0)
    rehandled = models.IntegerField(default=0)

    class Meta:
        ordering = ["-taken_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="hotline_order_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False)
                | ~Q(state__in=("dispatched", "accepted", "designated", "handling", "extended")),
                name="hotline_order_in_a_units_hands_names_it",
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | ~Q(state="in_case"),
                name="hotline_order_in_a_case_names_it",
            ),
            models.UniqueConstraint(
                fields=["client", "external_id"],
                condition=~Q(external_id=""),
                nulls_distinct=False,
                name="hotline_order_is_sent_once",
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "taken_at"], name="hotline_orders_by_area"),
            models.Index(
                fields=["caller_hash", "-taken_at"],
                condition=~Q(caller_hash=""),
                name="hotline_orders_by_caller",
            ),
            models.Index(
                fields=["state", "due_at", "id"],
                condition=Q(ended_at__isnull=True),
                name="hotline_orders_open",
            ),
            models.Index(fields=["taken_at", "id"], name="hotline_orders_by_time"),
        ]

    @property
    def subject(self) -> tuple[str, int]:
        return SUBJECT, self.pk


class Part(models.Model):
    """One unit's share in an order: the first receiver leads, whom it calls in helps. `round` counts dispatches."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="parts")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    lead = models.BooleanField(default=False)
    round = models.IntegerField()
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(
        _PERSON, models.PROTECT, null=True, blank=True, related_name="+"
    )
    returned_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(blank=True)

    class Meta:
        ordering = ["round", "-lead", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "round", "unit"], name="a_unit_has_one_part_in_a_round"
            ),
            models.UniqueConstraint(
                fields=["order", "round"], condition=Q(lead=True), name="one_unit_leads_an_order"
            ),
        ]
        indexes = [models.Index(fields=["unit", "order"], name="hotline_parts_by_unit")]

    def __str__(self) -> str:
        return f"part {self.pk} of {self.order_id}"


class Visit(models.Model):
    """A call back: reached or not, and what the caller says. `contacted`: the unit had been in touch."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="visits")
    reached = models.BooleanField()
    contacted = models.BooleanField(null=True, blank=True)
    solved = models.BooleanField(null=True, blank=True)
    satisfaction = models.CharField(max_length=12, choices=Satisfaction, blank=True)
    text = models.TextField(blank=True)
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    called_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    called_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction__in=["", *Satisfaction.values]),
                name="visit_satisfaction_is_known",
            ),
            models.CheckConstraint(
                condition=Q(reached=False)
                | Q(contacted__isnull=False, solved__isnull=False) & ~Q(satisfaction=""),
                name="who_was_reached_has_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk} of {self.order_id}"


class Draft(models.Model):
    """What an operator has typed of an order that is not sent yet. `facts` is the form's content as JSON, encrypted:
    it holds the caller. `version` grows with every saving, so that two windows do not overwrite each other.
    """

    operator = models.ForeignKey(_PERSON, models.CASCADE, related_name="+")
    call = models.OneToOneField(Call, models.PROTECT, null=True, blank=True, related_name="draft")
    facts = EncryptedTextField(default="{}")
    version = models.IntegerField(default=1)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    order = models.OneToOneField(Order, models.CASCADE, null=True, blank=True, related_name="draft")

    class Meta:
        ordering = ["-saved_at"]
        indexes = [
            models.Index(
                fields=["operator", "-saved_at"],
                condition=Q(order__isnull=True),
                name="hotline_drafts_open",
            )
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class OrderPhoto(models.Model):
    """A photo that the unit shows its result with: re-encoded, EXIF stripped."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="photos")
    file = models.FileField(upload_to="hotline/%Y/%m/%d/")
    thumbnail = models.FileField(upload_to="hotline/%Y/%m/%d/")
    width = models.IntegerField()
    height = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    round = models.IntegerField(default=0)
    uploaded_by = models.ForeignKey(
        _PERSON, models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"photo {self.pk} of {self.order_id}"
