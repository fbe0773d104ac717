"""Matters that nobody owns, with the opinions of units; enclaves, with signatures, old problems and checks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from borders.choices import (
    MATTER_ENDS,
    CheckKind,
    EnclaveState,
    MatterState,
    ProblemState,
    Says,
    Side,
)
from incidents.models import Incident, ResponsibilityRule
from steps.models import Moving

_PERSON = settings.AUTH_USER_MODEL


class Matter(Moving):
    """A matter that no unit leads (domain A8, C7). `item_code` is an item, subclass or class of the catalogue, or
    empty where it has none yet; `area_code` is where it arises, and where the ruling will hold. `carried` counts the
    dispatches that the rule of the ruling decided.
    """

    title = models.CharField(max_length=120)
    text = models.TextField()
    item_code = models.CharField(max_length=20, db_collation="C", blank=True)
    raised_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    raised_by_unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    cases = models.ManyToManyField(Incident, related_name="unowned_matters")
    lead = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="matters_led"
    )
    assisting = models.ManyToManyField(Organisation, related_name="matters_assisted")
    basis = models.TextField(blank=True)
    ruled_at = models.DateTimeField(null=True, blank=True)
    rule = models.ForeignKey(
        ResponsibilityRule, models.PROTECT, null=True, blank=True, related_name="matters"
    )
    carried = models.IntegerField(default=0)
    carried_last_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MatterState.values), name="matter_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["adjudicated", "written", "refused"])
                | Q(lead__isnull=False),
                name="matter_ruled_has_lead",
            ),
            models.CheckConstraint(
                condition=~Q(state="written") | Q(rule__isnull=False),
                name="matter_written_has_rule",
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "state"], name="matter_by_area"),
            models.Index(
                fields=["due_at"],
                condition=~Q(state__in=sorted(MATTER_ENDS)),
                name="matter_open_by_due",
            ),
        ]

    def get_state_display(self) -> str:
        return str(MatterState(self.state).label)


class Opinion(models.Model):
    """What one unit holds of a matter: asked once, answered once. `until` is its own time; who answers later is late,
    and is heard all the same until the ruling."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="opinions")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    says = models.CharField(max_length=8, choices=Says, blank=True)
    text = models.TextField(blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "unit"], name="opinion_once"),
            models.CheckConstraint(
                condition=Q(given_at=None, says="")
                | Q(given_at__isnull=False, says__in=Says.values),
                name="opinion_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.unit_id}: {self.says}"

    @property
    def is_late(self) -> bool:
        """Whether it came after the unit's time."""
        return self.given_at is not None and self.given_at > self.until


class Enclave(Moving):
    """A place that lies in one district or street and belongs to another by administration (domain E6–E8).

    `area_code` is where it lies, the most exact area known; `manager` governs there and takes it; `owner` has it by
    administration and gives it, `owner_code` is its area. Position in WGS 84 degrees; `boundary` is WKB (polygon or
    multipolygon, longitude first) with its box. `handover_version` grows with every wording: a signature is under one.
    """

    name = models.CharField(max_length=120)
    reference = models.CharField(
        max_length=40, blank=True
    )  # in the register it was taken over from
    address = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    boundary = models.BinaryField(null=True, blank=True)
    min_lon = models.FloatField(null=True, blank=True)
    min_lat = models.FloatField(null=True, blank=True)
    max_lon = models.FloatField(null=True, blank=True)
    max_lat = models.FloatField(null=True, blank=True)
    population = models.IntegerField(null=True, blank=True)
    households = models.IntegerField(null=True, blank=True)
    area_m2 = models.IntegerField(null=True, blank=True)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="enclaves_owned")
    owner_code = models.CharField(max_length=15, db_collation="C", blank=True)
    manager = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="enclaves_managed"
    )
    registered_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField()
    findings = models.TextField(blank=True)
    basis = models.TextField(blank=True)
    handover = models.TextField(blank=True)
    handover_version = models.IntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-registered_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=EnclaveState.values), name="enclave_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(manager=None) | ~Q(manager=F("owner")),
                name="enclave_changes_hands",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["registered", "investigated", "struck"])
                | Q(manager__isnull=False),
                name="enclave_attributed_has_manager",
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="enclave_reference_once"
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "state"], name="enclave_by_area"),
            models.Index(fields=["owner_code"], name="enclave_by_owner_area"),
            models.Index(fields=["min_lon", "max_lon"], name="enclave_by_box"),
        ]

    def get_state_display(self) -> str:
        return str(EnclaveState(self.state).label)


class Signature(models.Model):
    """One side's signature under one wording of a handover. Those under earlier wordings are void and are kept."""

    enclave = models.ForeignKey(Enclave, models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=8, choices=Side)
    handover_version = models.IntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enclave", "side", "handover_version"], name="handover_signed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enclave_id} {self.side} v{self.handover_version}"


class Problem(models.Model):
    """A named historic problem of an enclave: it stays with `owner` whoever manages the place (domain E7). Reports
    inside of `item_code` (an item, subclass or class) are suggested to the owner while it is open."""

    enclave = models.ForeignKey(Enclave, models.CASCADE, related_name="problems")
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    item_code = models.CharField(max_length=20, db_collation="C", blank=True)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="old_problems")
    state = models.CharField(max_length=8, choices=ProblemState, default=ProblemState.OPEN)
    listed_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True, blank=True)
    solution = models.TextField(blank=True)
    cases = models.ManyToManyField(Incident, related_name="old_problems")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", solved_at=None)
                | Q(state="solved", solved_at__isnull=False),
                name="problem_solved_has_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Check(models.Model):
    """One of the three acceptance checks, entered once; the newest of a kind counts. One that failed waits to be
    mended, and is then checked again."""

    enclave = models.ForeignKey(Enclave, models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=12, choices=CheckKind)
    passed = models.BooleanField()
    note = models.TextField(blank=True)
    checked_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True, blank=True)
    mending = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CheckKind.values), name="check_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(passed=True) | ~Q(note=""), name="check_failed_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enclave_id} {self.kind}: {self.passed}"
