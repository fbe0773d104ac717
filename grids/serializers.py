"""What the API of areas takes and gives."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from grids.coordinates import SYSTEMS
from grids.models import Area, Level


class AreaOut(serializers.ModelSerializer[Area]):
    """An area, without its boundary (see `areas/geojson`). `box` is [west, south, east, north], degrees, WGS 84."""

    name = serializers.CharField(source="shown_name", help_text=_("In the reader's language."))
    parent = serializers.CharField(source="parent_id", allow_null=True)
    box = serializers.SerializerMethodField()

    class Meta:
        model = Area
        fields = (
            "code",
            "level",
            "name",
            "parent",
            "plot_type",
            "synthetic",
            "boundary_source",
            "status",
            "valid_from",
            "valid_to",
            "box",
        )

    def get_box(self, area: Area) -> list[float] | None:
        if area.min_lon is None:
            return None
        return [area.min_lon, area.min_lat or 0.0, area.max_lon or 0.0, area.max_lat or 0.0]


class BranchOut(serializers.Serializer[dict[str, Any]]):
    """An area with the areas below it."""

    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(Level.choices)
    synthetic = serializers.BooleanField()
    children = serializers.ListField(child=serializers.DictField(), help_text=_("The same again."))


class LocateIn(serializers.Serializer[dict[str, Any]]):
    """A point."""

    lon = serializers.FloatField(min_value=-180, max_value=180, help_text=_("Degrees."))
    lat = serializers.FloatField(min_value=-90, max_value=90, help_text=_("Degrees."))
    crs = serializers.ChoiceField(
        [(crs, crs) for crs in SYSTEMS], default="wgs84", help_text=_("Coordinate system.")
    )


class PathOut(serializers.Serializer[dict[str, Any]]):
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.CharField()


class LocatedOut(serializers.Serializer[dict[str, Any]]):
    """The grid of a point. `how` is inside, nearest (approximate) or unplaced; `distance_m` in metres."""

    how = serializers.ChoiceField(["inside", "nearest", "unplaced"])
    grid = serializers.CharField(allow_null=True)
    distance_m = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField(help_text=_("WGS 84."))
    lat = serializers.FloatField(help_text=_("WGS 84."))
    path = PathOut(many=True, help_text=_("From the district down to the grid."))


class GeoJsonIn(serializers.Serializer[dict[str, Any]]):
    """Which boundaries."""

    parent = serializers.RegexField(
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
    root = serializers.RegexField(r"^\d{2,15}$", help_text=_("The code of the topmost area."))
    depth = serializers.IntegerField(required=False, default=2, min_value=1, max_value=4)
