"""The territory: one tree of areas whose official code is its path, and who serves each grid."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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
    RESIDENTIAL = "residential", _("Residential")
    COMMERCIAL = "commercial", _("Commercial")
    OFFICE = "office", _("Offices")
    INDUSTRIAL = "industrial", _("Factories and parks")


class AreaStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    RETIRED = "retired", _("Retired")


class Area(models.Model):
    """A city, district, subdistrict, community or grid.

    `code` is the path: "everything in this subtree" is a prefix match. Codes are never reused.
    `boundary` is WKB (polygon or multipolygon), WGS 84, longitude first; the box is its bounds in degrees.
    `synthetic` says that the boundary was made by the program and not surveyed; every face shows it.
    A grid may hang on a subdistrict directly (community digits 000): a park or a street without a committee.
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
    status = models.CharField(max_length=8, choices=AreaStatus, default=AreaStatus.ACTIVE)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successors = models.ManyToManyField("self", symmetrical=False, related_name="predecessors")
    version = models.IntegerField(default=1)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "status", "code"], name="area_by_level")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="active", valid_to=None)
                | Q(status="retired", valid_to__isnull=False),
                name="area_retires_with_a_date",
            )
        ]

    def __str__(self) -> str:
        return self.name


class BoundaryVersion(models.Model):
    """One row: a number that grows with every change of any boundary, so that processes know to rebuild."""

    number = models.BigIntegerField(default=0)


class Duty(models.TextChoices):
    """一格一长一警一专多兼: one chief, one police officer, one full-time worker, several part-time."""

    CHIEF = "chief", _("Grid chief")
    POLICE = "police", _("Police officer")
    FULL_TIME = "full_time", _("Full-time worker")
    PART_TIME = "part_time", _("Part-time worker")


class Staffing(models.Model):
    """A person's duty in a grid for a period. One person may serve several grids."""

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
        ]

    def __str__(self) -> str:
        return f"{self.grid_id} {self.duty}"
