"""Whether a new boundary fits: inside its parent, and not on its neighbours' ground."""

from collections.abc import Collection
from typing import Final

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from config.refusal import Refused
from grids.boundaries import shape_of
from grids.models import Area, Level
from grids.projection import area_m2

# Rounding along shared borders is no overlap.
TOLERANCE_M2: Final = 1.0
# What cutting may leave over besides the grid itself.
_CRUMB_SHARE: Final = 0.01


def fitted(
    shape: BaseGeometry, parent: Area, *, instead_of: Collection[Area] = (), trim: bool = False
) -> BaseGeometry:
    """`shape` as a grid under `parent` may have it, in place of the grids `instead_of`.

    With `trim`, what lies outside of the parent or on a neighbour is cut off. Without it Refused says how much
    that is, and with whom. Overlaps that stood before are no new fault.
    """
    home = shape_of(parent)
    neighbours = _neighbours(shape, instead_of)
    if trim:
        return _trimmed(shape, home, [near for _area, near in neighbours])
    if home is not None:
        _demand_inside(shape, home, parent)
    before = shapely.union_all([s for a in instead_of if (s := shape_of(a)) is not None])
    for area, near in neighbours:
        size = area_m2(shape.intersection(near))
        if size > area_m2(before.intersection(near)) + TOLERANCE_M2:
            sentence = _("%(size).0f m² of it belong to %(name)s (%(code)s) already.")
            words = {"size": size, "name": area.shown_name, "code": area.code}
            raise Refused("overlaps", sentence % words, 409, {"with": area.code}, field="shape")
    return shape


def _neighbours(
    shape: BaseGeometry, instead_of: Collection[Area]
) -> list[tuple[Area, BaseGeometry]]:
    """The active grids whose ground the shape touches, the largest overlap first."""
    west, south, east, north = shape.bounds
    near = (
        Area.objects.active()
        .at(Level.GRID)
        .filter(min_lon__lte=east, max_lon__gte=west, min_lat__lte=north, max_lat__gte=south)
        .exclude(code__in=[area.code for area in instead_of])
    )
    found = [
        (area, s) for area in near if (s := shape_of(area)) is not None and s.intersects(shape)
    ]
    return sorted(found, key=lambda pair: -pair[1].intersection(shape).area)


def _demand_inside(shape: BaseGeometry, home: BaseGeometry, parent: Area) -> None:
    outside = area_m2(shape.difference(home))
    if outside > TOLERANCE_M2:
        sentence = _("%(size).0f m² of it lie outside of %(name)s.")
        words = {"size": outside, "name": parent.shown_name}
        raise Refused("outside_parent", sentence % words, 409, field="shape")


def _trimmed(
    shape: BaseGeometry, home: BaseGeometry | None, neighbours: list[BaseGeometry]
) -> BaseGeometry:
    inside = shape if home is None else shape.intersection(home)
    free = inside.difference(shapely.union_all(neighbours))
    parts = [part for part in shapely.get_parts(free) if part.geom_type == "Polygon"]
    largest = max((part.area for part in parts), default=0.0)
    kept = [part for part in parts if part.area >= _CRUMB_SHARE * largest]
    if not kept or area_m2(shapely.MultiPolygon(kept)) < TOLERANCE_M2:
        raise Refused(
            "nothing_left",
            _("Nothing is left of it after cutting off what belongs to others."),
            409,
            field="shape",
        )
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)
