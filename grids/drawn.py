"""Shapes that a person drew or pasted: out of GeoJSON, with a sentence for everything that is wrong with them."""

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from config.refusal import Refused
from grids.projection import area_m2

MOST_POINTS: Final = 20_000
SMALLEST_M2: Final = 100.0


def polygon_from(text: str, field: str = "shape") -> BaseGeometry:
    """The valid polygon or multipolygon (WGS 84, longitude first) in GeoJSON: a geometry, a feature, or a
    collection of one feature. Raises Refused with what is wrong and, where it can be said, the place.
    """
    shape = _geometry(text, field)
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise _refused("not_a_polygon", _("Draw a closed area; this is a line or a point."), field)
    _demand_places(shape, field)
    if not shape.is_valid:
        raise _invalid(shape, field)
    if area_m2(shape) < SMALLEST_M2:
        sentence = _("The area is smaller than %(limit)d m². Draw a larger one.")
        raise _refused("too_small", sentence % {"limit": SMALLEST_M2}, field)
    return shapely.force_2d(shape)


def line_from(text: str, field: str = "line") -> shapely.LineString:
    """The line (WGS 84, longitude first) in GeoJSON. Raises Refused."""
    shape = _geometry(text, field)
    if not isinstance(shape, shapely.LineString):
        raise _refused("not_a_line", _("Draw one line across the grid."), field)
    _demand_places(shape, field)
    if not shape.is_simple:
        raise _refused("line_crosses_itself", _("The line crosses itself. Draw it again."), field)
    return shapely.force_2d(shape)


def _geometry(text: str, field: str) -> BaseGeometry:
    if not text.strip():
        raise _refused("nothing_drawn", _("Nothing was drawn."), field)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        sentence = _("This is no GeoJSON: it cannot be read as JSON.")
        raise _refused("not_json", sentence, field) from error
    for _step in range(3):
        found = _inner(found)
    try:
        shape: BaseGeometry = shapely.from_geojson(json.dumps(found))
    except (shapely.GEOSException, ValueError, TypeError) as error:
        raise _refused(
            "not_geojson", _("This is no GeoJSON of an area or a line."), field
        ) from error
    if shape.is_empty:
        raise _refused("nothing_drawn", _("Nothing was drawn."), field)
    return shape


def _inner(found: Any) -> Any:
    """The geometry inside a feature, or inside a collection of one."""
    if not isinstance(found, Mapping):
        return found
    if found.get("type") == "Feature":
        return found.get("geometry")
    features = found.get("features")
    if (
        found.get("type") == "FeatureCollection"
        and isinstance(features, list)
        and len(features) == 1
    ):
        return features[0]
    return found


def _demand_places(shape: BaseGeometry, field: str) -> None:
    points = shapely.get_coordinates(shape)
    if len(points) > MOST_POINTS:
        sentence = _("The shape has more than %(limit)d points. Simplify it first.")
        raise _refused("too_many_points", sentence % {"limit": MOST_POINTS}, field)
    if not np.all(np.abs(points) <= (180.0, 90.0)):  # also false for NaN
        sentence = _("Coordinates must be degrees, longitude first: 117.2, 39.1.")
        raise _refused("not_degrees", sentence, field)


def _invalid(shape: BaseGeometry, field: str) -> Refused:
    reason = shapely.is_valid_reason(shape)
    place = reason.partition("[")[2].rstrip("]").split()
    if not place:
        return _refused("invalid_shape", _("The border of the area is not a proper ring."), field)
    sentence = _("The border crosses itself at %(lon).5f, %(lat).5f. Move its points apart there.")
    return _refused(
        "crosses_itself", sentence % {"lon": float(place[0]), "lat": float(place[1])}, field
    )


def _refused(code: str, sentence: str, field: str) -> Refused:
    return Refused(code, sentence, field=field)
