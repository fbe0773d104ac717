"""Boundaries for maps: simplified for the zoom, never more than 500 KB in one answer."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from accounts.actor import Actor
from config.refusal import Refused
from grids.boundaries import shape_of
from grids.locate import boundary_number
from grids.models import Area, Level
from grids.queries import seen_prefixes, visible_to

MOST_BYTES = 500_000
MOST_AREAS = 1_500
_CACHED_SECONDS = 900
# Degrees that a pixel of a 256-pixel tile spans at zoom 0.
_DEGREES_PER_PIXEL = 360 / 256
_COARSEST = 6
# From here on shapes are given as they are stored.
_FINE = 17


class BadBox(Refused):
    """A box that is not west, south, east, north in degrees."""

    def __init__(self) -> None:
        super().__init__(
            "bad_box",
            _("A box is four numbers in degrees: west, south, east, north."),
            400,
            field="bbox",
        )


@dataclass(frozen=True)
class Asked:
    """Which boundaries, and how fine: `zoom` as web maps count it (0–20), `bbox` in degrees, WGS 84."""

    parent: str = ""
    level: str = ""
    bbox: str = ""
    zoom: int = 14


def feature_collection(asked: Asked, actor: Actor) -> bytes:
    """GeoJSON (UTF-8) of the active areas that are asked for and that the actor may see.

    Coordinates are (lon, lat), WGS 84, with as many digits as the zoom shows. Where everything would weigh
    more than 500 KB, shapes are simplified further; `truncated` says that areas had to be left out.
    Answers for a box are not kept: nobody asks for the same box again, and the cache is shared with the broker.
    """
    if asked.bbox:
        return _build(asked, actor)
    key = _cache_key(asked, actor)
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = _build(asked, actor)
        cache.set(key, kept, _CACHED_SECONDS)
    return kept


def version_of(asked: Asked, actor: Actor) -> str:
    """What the answer depends on, as the ETag's version: the boundaries, the language, who asks for what."""
    facts = [boundary_number(), get_language(), seen_prefixes(actor), asked]
    return sha256(repr(facts).encode()).hexdigest()[:32]


def _cache_key(asked: Asked, actor: Actor) -> str:
    return f"geojson:{version_of(asked, actor)}"


def _build(asked: Asked, actor: Actor) -> bytes:
    areas = list(_areas(asked, actor)[: MOST_AREAS + 1])
    truncated = len(areas) > MOST_AREAS
    zoom = asked.zoom
    while True:
        body = _dumped(areas[:MOST_AREAS], zoom, truncated)
        if len(body) <= MOST_BYTES:
            return body
        if zoom > _COARSEST:
            zoom -= 1
        else:
            areas, truncated = areas[: len(areas) * 2 // 3], True


def _areas(asked: Asked, actor: Actor) -> Any:
    areas = visible_to(actor).active().filter(boundary__isnull=False)
    if asked.parent:
        areas = areas.subtree(asked.parent)
    if asked.level:
        areas = areas.at(Level(asked.level))
    if asked.bbox:
        west, south, east, north = box_of(asked.bbox)
        areas = areas.filter(
            min_lon__lte=east, max_lon__gte=west, min_lat__lte=north, max_lat__gte=south
        )
    return areas.order_by("code")


def box_of(text: str) -> tuple[float, float, float, float]:
    """(west, south, east, north) in degrees from `w,s,e,n`. Raises BadBox."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise BadBox from None
    inside = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    if not inside:
        raise BadBox
    return west, south, east, north


def _dumped(areas: list[Area], zoom: int, truncated: bool) -> bytes:
    shapes = _simplified(areas, zoom)
    features = [feature(area, shape) for area, shape in zip(areas, shapes, strict=True)]
    collection = {"type": "FeatureCollection", "truncated": truncated, "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def feature(area: Area, shape: BaseGeometry) -> dict[str, Any]:
    """One area as a GeoJSON feature with this shape."""
    return {
        "type": "Feature",
        "id": area.code,
        "properties": {
            "code": area.code,
            "name": area.shown_name,
            "level": area.level,
            "synthetic": area.synthetic,
        },
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


def _simplified(areas: list[Area], zoom: int) -> npt.NDArray[np.object_]:
    """The areas' shapes with no more detail than `zoom` shows. Neighbours keep their common borders."""
    shapes = np.array([shape_of(area) for area in areas], dtype=object)
    pixel = _DEGREES_PER_PIXEL / 2**zoom
    if zoom < _FINE:
        levels = np.array([area.level for area in areas])
        for level in set(levels):
            own = levels == level
            # Its tolerance is the side of the triangle that may vanish, not a distance.
            shapes[own] = shapely.coverage_simplify(shapes[own], 2 * pixel)
    digits = 5 if zoom < _FINE else 7
    return shapely.transform(shapes, lambda xy: np.round(xy, digits))
