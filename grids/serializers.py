"""What the API of areas takes and gives."""

import math
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from grids.coordinates import SYSTEMS
from grids.models import Area, Level


class AreaOut(serializers.ModelSerializer[Area]):
    """An area, without its boundary (see `areas/geojson`). `box` is [west, south, east, north], degrees, WGS 84."""

    name = serializers.CharField(source="shown_name", help_text=_("In the reader's language."))
    name_zh = serializers.CharField(source="name")
    parent = serializers.CharField(  # type: ignore[assignment]  # Field.parent gives way to it
        source="parent_id", allow_null=True
    )
    box = serializers.SerializerMethodField()

    class Meta:
        model = Area
        fields = (
            "code",
            "level",
            "name",
            "name_zh",
            "name_en",
            "parent",
            "plot_type",
            "synthetic",
            "boundary_source",
            "status",
            "valid_from",
            "valid_to",
            "successors",
            "version",
            "box",
        )

    def get_box(self, area: Area) -> list[float] | None:
        if area.min_lon is None:
            return None
        return [area.min_lon, area.min_lat or 0.0, area.max_lon or 0.0, area.max_lat or 0.0]


class AreaBranchOut(serializers.Serializer[dict[str, Any]]):
    """An area with the areas below it."""

    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(Level.choices)
    synthetic = serializers.BooleanField()
    children = serializers.ListField(child=serializers.DictField(), help_text=_("The same again."))


def _finite(value: float) -> None:
    """NaN passes every comparison with a limit."""
    if not math.isfinite(value):
        raise serializers.ValidationError(_("This must be a number."), code="not_a_number")


class LocateIn(serializers.Serializer[dict[str, Any]]):
    """A point."""

    lon = serializers.FloatField(
        min_value=-180, max_value=180, validators=[_finite], help_text=_("Degrees.")
    )
    lat = serializers.FloatField(
        min_value=-90, max_value=90, validators=[_finite], help_text=_("Degrees.")
    )
    crs = serializers.ChoiceField(
        [(crs, crs) for crs in SYSTEMS], default="wgs84", help_text=_("Coordinate system.")
    )


class PathOut(serializers.Serializer[dict[str, Any]]):
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.CharField()


class LocatedOut(serializers.Serializer[dict[str, Any]]):
    """The grid of a point. `how` is inside, nearest (`approximate`) or unplaced; `distance_m` in metres outside.

    `synthetic`: the boundary that decided was made by the system, not surveyed.
    """

    how = serializers.ChoiceField(["inside", "nearest", "unplaced"])
    grid = serializers.CharField(allow_null=True)
    distance_m = serializers.FloatField(allow_null=True)
    approximate = serializers.BooleanField()
    synthetic = serializers.BooleanField()
    lon = serializers.FloatField(help_text=_("WGS 84."))
    lat = serializers.FloatField(help_text=_("WGS 84."))
    path = PathOut(many=True, help_text=_("From the district down to the grid."))


class GeoJsonIn(serializers.Serializer[dict[str, Any]]):
    """Which boundaries."""

    parent = serializers.RegexField(  # type: ignore[assignment]  # Field.parent gives way to it
        r"^\d{2,15}$", required=False, default="", help_text=_("Only this subtree.")
    )
    level = serializers.ChoiceField(Level.choices, required=False, default="")
    bbox = serializers.CharField(
        required=False, default="", help_text=_("west,south,east,north in degrees, WGS 84.")
    )
    zoom = serializers.IntegerField(
        required=False, default=14, min_value=0, max_value=20, help_text=_("As web maps count it.")
    )


class TreeIn(serializers.Serializer[dict[str, Any]]):
    """Which part of the tree."""

    root = serializers.RegexField(  # type: ignore[assignment]  # Field.root gives way to it
        r"^\d{2,15}$", help_text=_("The code of the topmost area.")
    )
    depth = serializers.IntegerField(required=False, default=2, min_value=1, max_value=4)
