"""The territory: one tree of areas whose official code is its path, and who serves each grid."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation


class Level(models.TextChoices):
    """Levels of the tree. Code lengths: city 4, district 6, subdistrict 9, community 12, grid 15 digits."""

    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    SUBDISTRICT = "subdistrict", _("Subdistrict")
    COMMUNITY = "community", _("Community")
    GRID = "grid", _("Grid")


CODE_LENGTHS = {
    Level.CITY: 4,
    Level.DISTRICT: 6,
    Level.SUBDISTRICT: 9,
    Level.COMMUNITY: 12,
    Level.GRID: 15,
}


class PlotType(models.TextChoices):
    """Kinds of plot, each with its own measures (domain row A4)."""

    RESIDENTIAL = "residential", _("Residential")
    COMMERCIAL = "commercial", _("Commercial")
    OFFICE = "office", _("Offices")
    INDUSTRIAL = "industrial", _("Factories and parks")


class AreaStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    RETIRED = "retired", _("Retired")


class AreaQuerySet(models.QuerySet["Area"]):
    def subtree(self, prefix: str) -> "AreaQuerySet":
        """The area `prefix` and everything below it; an empty prefix is everything."""
        # ":" follows "9" in ASCII, so this is the prefix match, as a range that any index serves.
        return self.filter(code__gte=prefix, code__lt=f"{prefix}:") if prefix else self.all()

    def active(self) -> "AreaQuerySet":
        return self.filter(status=AreaStatus.ACTIVE)

    def at(self, level: str) -> "AreaQuerySet":
        return self.filter(level=level)

    def listed(self) -> "AreaQuerySet":
        """Without the boundary, which weighs more than the rest of the row together."""
        return self.defer("boundary")


class Area(models.Model):
    """A city, district, subdistrict, community or grid.

    `code` is the path: "everything in this subtree" is a prefix match. Codes are never reused: a trigger
    forbids deleting a row or changing its code, and another raises `BoundaryVersion` with every write.
    `boundary` is WKB (polygon or multipolygon), WGS 84, longitude first; the box is its bounds in degrees.
    `synthetic` says that the boundary was made by the program and not surveyed; every face shows it.
    A grid may hang on a subdistrict directly (community digits 000): a park or a street without a committee.
    `acting_body` answers for an area whose own committee is not founded yet (domain row A7).
    """

    code = models.CharField(max_length=15, primary_key=True, db_collation="C")
    level = models.CharField(max_length=12, choices=Level)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    plot_type = models.CharField(max_length=12, choices=PlotType, blank=True)
    boundary = models.BinaryField(null=True, blank=True)
    min_lon = models.FloatField(null=True, blank=True)
    min_lat = models.FloatField(null=True, blank=True)
    max_lon = models.FloatField(null=True, blank=True)
    max_lat = models.FloatField(null=True, blank=True)
    synthetic = models.BooleanField(default=False)
    boundary_source = models.CharField(max_length=120, blank=True)
    acting_body = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="acts_for"
    )
    status = models.CharField(max_length=8, choices=AreaStatus, default=AreaStatus.ACTIVE)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successors = models.ManyToManyField("self", symmetrical=False, related_name="predecessors")
    version = models.IntegerField(default=1)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "status", "code"], name="area_by_level")]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=Level.values), name="area_level_is_known"),
            models.CheckConstraint(
                condition=Q(status="active", valid_to=None)
                | Q(status="retired", valid_to__isnull=False),
                name="area_retires_with_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language; the Chinese one where there is no other."""
        foreign = not (get_language() or "zh").startswith("zh")
        return self.name_en if foreign and self.name_en else self.name

    @property
    def is_active(self) -> bool:
        return self.status == AreaStatus.ACTIVE


class BoundaryVersion(models.Model):
    """One row: a number that grows with every write to any area, so that processes know to rebuild.

    A trigger writes it (see the migrations), so that no way into the table can forget it. The number comes
    from a sequence: one that was rolled back is never given again to a different set of boundaries.
    """

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Duty(models.TextChoices):
    """一格一长一警一专多兼: one chief, one police officer, one full-time worker, several part-time."""

    CHIEF = "chief", _("Grid chief")
    POLICE = "police", _("Police officer")
    FULL_TIME = "full_time", _("Full-time worker")
    PART_TIME = "part_time", _("Part-time worker")


class Staffing(models.Model):
    """A person's duty in a grid for a period (both days included). One person may serve several grids."""

    grid = models.ForeignKey(Area, models.PROTECT, related_name="staffing")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="staffing")
    duty = models.CharField(max_length=10, choices=Duty)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["grid_id", "duty"]
        constraints = [
            models.UniqueConstraint(
                fields=["grid", "duty"],
                condition=Q(valid_to=None) & ~Q(duty="part_time"),
                name="staffing_one_of_each",
            ),
            models.UniqueConstraint(
                fields=["grid", "person", "duty"],
                condition=Q(valid_to=None),
                name="staffing_person_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="staffing_period_is_forward",
            ),
            models.CheckConstraint(
                condition=Q(duty__in=Duty.values), name="staffing_duty_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grid_id} {self.duty}"
