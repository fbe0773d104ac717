"""The catalogue of matters, and the rules of responsibility."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.edits import Edited
from accounts.models import Organisation
from clocks.choices import AllowanceKind
from config.wording import allowance_words
from incidents.catalogue_limit_text import unclear_words
from incidents.catalogue_words import risk_of, spoken
from incidents.choices import Risk, Urgency


class CatalogueStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("In force")
    RETIRED = "retired", _("Retired")


class CatalogueVersion(Edited):
    """One edition of the catalogue. At most one is in force; cases keep the one they were filed
    under.

    `fingerprint` is the SHA-256 of what was imported, so that the same file imported twice changes
    nothing. `read_report` is what the import found: counts and every odd row.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    status = models.CharField(max_length=8, choices=CatalogueStatus, default=CatalogueStatus.DRAFT)
    source = models.CharField(max_length=200, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    read_report = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="active"), name="catalogue_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(status__in=CatalogueStatus.values), name="catalogue_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return spoken(self.name, self.name_en)


class CatalogueItem(models.Model):
    """A matter: class → subclass → item, with its risk triple (1–3 each, or none of the three).

    Standards are lists of lines to tick, in Chinese (`catalogue_standards.filing_lines` says them
    in the reader's language); `evidence` lists the `PhotoKind`s demanded. `initials` and `pinyin`
    serve typing (`bllj`, `baolulaji` → 暴露垃圾).
    """

    version = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="items")
    code = models.CharField(max_length=20, db_collation="C")
    class_code = models.CharField(max_length=20, db_collation="C")
    class_name = models.CharField(max_length=80)
    class_name_en = models.CharField(max_length=120, blank=True)
    sub_code = models.CharField(max_length=20, db_collation="C")
    sub_name = models.CharField(max_length=80)
    sub_name_en = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    initials = models.CharField(max_length=120, blank=True, db_index=True)
    pinyin = models.CharField(max_length=400, blank=True)
    department_kind = models.CharField(max_length=120, blank=True)
    self_handle = models.BooleanField(default=False)
    intuitiveness = models.SmallIntegerField(null=True, blank=True)
    disorder = models.SmallIntegerField(null=True, blank=True)
    harm = models.SmallIntegerField(null=True, blank=True)
    filing_standards = models.JSONField(default=list)
    closing_standards = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    source = models.CharField(max_length=200, blank=True)
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="catalogue_code_once"),
            models.CheckConstraint(
                condition=Q(intuitiveness=None, disorder=None, harm=None)
                | Q(intuitiveness__isnull=False, intuitiveness__range=(1, 3))
                & Q(disorder__isnull=False, disorder__range=(1, 3))
                & Q(harm__isnull=False, harm__range=(1, 3)),
                name="catalogue_triple_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return spoken(self.name, self.name_en)

    @property
    def shown_class(self) -> str:
        return spoken(self.class_name, self.class_name_en)

    @property
    def shown_sub(self) -> str:
        return spoken(self.sub_name, self.sub_name_en)

    @property
    def risk(self) -> Risk | None:
        """The colour of the triple, or None where the catalogue gives none."""
        if self.intuitiveness is None or self.disorder is None or self.harm is None:
            return None
        return risk_of(self.intuitiveness, self.disorder, self.harm)


class ItemLimit(models.Model):
    """How long handling may take, under a condition. `verbatim` keeps the standard's own words;
    a limit whose words could not be read has no value and `needs_person` set."""

    item = models.ForeignKey(CatalogueItem, models.CASCADE, related_name="limits")
    condition = models.TextField(blank=True)
    urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.NORMAL)
    value = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    kind = models.CharField(max_length=16, choices=AllowanceKind, blank=True)
    verbatim = models.CharField(max_length=200, blank=True)
    closing_condition = models.TextField(blank=True)
    handling_units = models.JSONField(default=list)
    supervising_units = models.JSONField(default=list)
    needs_person = models.CharField(max_length=200, blank=True)
    order = models.IntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value=None, kind="") & ~Q(needs_person="")
                | Q(value__isnull=False, value__gt=0, kind__in=AllowanceKind.values),
                name="limit_is_read_or_waits",
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="limit_urgency_is_known"
            ),
        ]

    def __str__(self) -> str:
        """On one line: how long, how urgent, and the condition it stands for."""
        parts = [self.shown_allowance, self.get_urgency_display(), self.condition, self.shown_doubt]
        return " · ".join(part for part in parts if part)

    @property
    def shown_allowance(self) -> str:
        """How long, in the reader's language; the standard's own words while no person has read them."""
        if self.value is None:
            return self.verbatim or "—"
        return allowance_words(self.value, self.kind)

    @property
    def shown_doubt(self) -> str:
        """Why the limit waits for a person, in words."""
        return unclear_words(self.needs_person)


class ResponsibilityRule(Edited):
    """(item, subclass, class or any) × area prefix → the unit that must act, for a period of local
    dates (both included; without an end it stays in force).

    Most specific wins: item before subclass before class before any, then the longer area code,
    then the higher priority. Two rules that tie on a day must name one unit: `responsibility_rules`
    refuses others, and here only one open-ended rule may stand per item, area and priority.
    """

    item_code = models.CharField(max_length=20, db_collation="C", blank=True)
    area_code = models.CharField(max_length=15, db_collation="C", blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="rules")
    priority = models.IntegerField(default=0)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["item_code", "area_code", "-priority", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="rule_period_is_forward",
            ),
            models.UniqueConstraint(
                fields=["item_code", "area_code", "priority"],
                condition=Q(valid_to=None),
                name="rule_open_ended_once",
            ),
        ]
        indexes = [models.Index(fields=["item_code", "area_code"], name="rule_by_item_and_area")]

    def __str__(self) -> str:
        return f"{self.item_code or '*'} × {self.area_code or '*'} → {self.organisation_id}"
