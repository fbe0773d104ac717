"""Whistles, the units that they summon, and the street's suggestions about people."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.edits import Edited
from accounts.models import Organisation
from accounts.personal import EncryptedTextField
from accounts.roles import Role
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from incidents.catalogue_words import spoken
from incidents.models import Incident
from steps.models import Moving
from whistles.choices import (
    BEFORE,
    ENDS,
    Grade,
    Mechanism,
    Objection,
    Stage,
    State,
    SuggestionKind,
    SuggestionState,
    UnitState,
)

_PERSON = settings.AUTH_USER_MODEL


def _value() -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)


class WhistleType(Edited):
    """A kind of whistle: who may blow it, and how long units have for each stage (domain section 2.6).

    An allowance without a value is not asked for: where none stands for signing, to come is to sign. Signing,
    checking in and answering run from the moment of blowing or objecting, contacting from signing.
    `blown_by` are codes of roles that hold the permission to blow.
    """

    code = models.SlugField(max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    mechanism = models.CharField(_("mechanism"), max_length=20, choices=Mechanism)
    blown_by = ArrayField(models.CharField(max_length=24, choices=Role), default=list)
    enabled = models.BooleanField(_("in use"), default=True)
    sign_value = _value()
    sign_kind = models.CharField(max_length=16, choices=AllowanceKind, blank=True)
    contact_value = _value()
    contact_kind = models.CharField(max_length=16, choices=AllowanceKind, blank=True)
    check_in_value = _value()
    check_in_kind = models.CharField(max_length=16, choices=AllowanceKind, blank=True)
    objection_value = _value()
    objection_kind = models.CharField(max_length=16, choices=AllowanceKind, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mechanism__in=Mechanism.values), name="whistle_mechanism_is_known"
            ),
            models.CheckConstraint(
                condition=Q(check_in_value__gt=0, objection_value__gt=0),
                name="whistle_type_has_its_limits",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return spoken(self.name, self.name_en)

    @property
    def is_emergency(self) -> bool:
        return self.mechanism == Mechanism.EMERGENCY

    def allowance(self, stage: Stage) -> Allowance | None:
        """How long this type gives for a stage; None where the stage is not asked for."""
        value: Decimal | None = getattr(self, f"{stage}_value")
        kind: str = getattr(self, f"{stage}_kind")
        return None if value is None else Allowance(value, AllowanceKind(kind))


class Whistle(Moving):
    """A street calls units to a matter that it cannot settle alone. Positions are WGS 84 degrees, times UTC.

    `street_code` is the subdistrict that blows (9 digits), `area_code` the most exact area known; scope reads it.
    `stay`: the lead unit may not leave before the street has confirmed (事不完、人不撤).
    """

    state = models.CharField(max_length=12, choices=State, default=State.DRAFTED)
    type = models.ForeignKey(WhistleType, models.PROTECT, related_name="whistles")
    text = models.TextField()
    street_code = models.CharField(max_length=9, db_collation="C")
    street = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="whistles"
    )
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    cases = models.ManyToManyField(Incident, related_name="whistles", blank=True)
    stay = models.BooleanField(default=True)
    drafted_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    blown_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    blown_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    evaluated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-drafted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="whistle_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(BEFORE | {State.CANCELLED}))
                | Q(blown_at__isnull=False),
                name="whistle_is_blown_once_heard",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(ENDS)) | Q(ended_at__isnull=False),
                name="whistle_end_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(area_code__startswith=models.F("street_code")),
                name="whistle_lies_in_its_street",
            ),
        ]
        indexes = [
            models.Index(fields=["area_code"], name="whistle_by_area"),
            models.Index(fields=["-drafted_at", "-id"], name="whistle_newest_first"),
            models.Index(fields=["street_code", "blown_at"], name="whistle_by_street"),
        ]


class Summons(models.Model):
    """One unit's part in a whistle: who signed, contacted, came, delivered, and how the street judged it.

    `*_in_time` is None until it is known. Who arrived too late is late; who had not arrived when the time was up,
    and has not yet, is absent. The grade is shown to the unit once the whistle is evaluated.
    """

    whistle = models.ForeignKey(Whistle, models.CASCADE, related_name="summonses")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="summonses")
    lead = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=UnitState, default=UnitState.SUMMONED)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    sign_in_time = models.BooleanField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    contacted_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    contact_in_time = models.BooleanField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrived_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    arrived_lon = models.FloatField(null=True, blank=True)
    arrived_lat = models.FloatField(null=True, blank=True)
    arrived_accuracy_m = models.FloatField(null=True, blank=True)
    arrive_in_time = models.BooleanField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    delivered_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    delivery = models.TextField(blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    objection = models.CharField(max_length=8, choices=Objection, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    objection_reason = models.TextField(blank=True)
    objection_answer = models.TextField(blank=True)
    grade = models.CharField(max_length=10, choices=Grade, blank=True)
    grade_text = models.TextField(blank=True)

    class Meta:
        ordering = ["-lead", "id"]
        constraints = [
            models.UniqueConstraint(fields=["whistle", "unit"], name="unit_is_summoned_once"),
            models.UniqueConstraint(
                fields=["whistle"], condition=Q(lead=True), name="whistle_has_one_lead"
            ),
            models.CheckConstraint(
                condition=Q(state__in=UnitState.values), name="summons_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["checked_in", "handling", "delivered"])
                | Q(arrived_at__isnull=False),
                name="summons_came_before_it_acted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whistle_id} → {self.unit_id}"

    @property
    def stands(self) -> bool:
        """Whether the unit counts as summoned."""
        return self.state != UnitState.RELEASED

    @property
    def is_absent(self) -> bool:
        return self.stands and self.arrived_at is None and self.arrive_in_time is False

    @property
    def is_late(self) -> bool:
        return self.arrived_at is not None and self.arrive_in_time is False


class MovedUp(models.Model):
    """That a missed stage of a summons was carried to the next level: once, with whom it went to."""

    summons = models.ForeignKey(Summons, models.CASCADE, related_name="moved_up", db_index=False)
    stage = models.CharField(max_length=10, choices=Stage)
    level_code = models.CharField(max_length=15, db_collation="C")
    told = models.IntegerField(default=0)
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["summons", "stage"], name="summons_moves_up_once")
        ]

    def __str__(self) -> str:
        return f"{self.summons_id} {self.stage} → {self.level_code}"


class Milestone(models.Model):
    """A step of the plan: what, by which unit, until which local day (included)."""

    whistle = models.ForeignKey(Whistle, models.CASCADE, related_name="milestones")
    text = models.CharField(max_length=200)
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.text


class Note(models.Model):
    """Words that somebody wrote at a step. The journal keeps only the number of the row."""

    whistle = models.ForeignKey(Whistle, models.CASCADE, related_name="notes")
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"note {self.pk} on {self.whistle_id}"


class PersonnelSuggestion(models.Model):
    """A street's suggestion about a department's person (domain E1, section 7 trap 13).

    Restricted: the street's Party committee and, once approved, the organisation department; nobody else learns
    that it exists. Name and text lie encrypted; it is on no board, in no search and in no export.
    """

    street_code = models.CharField(max_length=9, db_collation="C", db_index=True)
    version = models.IntegerField(default=1)
    state = models.CharField(
        max_length=10, choices=SuggestionState, default=SuggestionState.SUGGESTED
    )
    kind = models.CharField(max_length=14, choices=SuggestionKind)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person_name = EncryptedTextField()
    text = EncryptedTextField()
    answer = EncryptedTextField(blank=True, default="")
    whistle = models.ForeignKey(Whistle, models.PROTECT, null=True, blank=True, related_name="+")
    suggested_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    suggested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SuggestionState.values), name="suggestion_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"personnel suggestion {self.pk}"
