"""Metres and square metres from degrees. WGS 84, longitude first."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]

_WGS84: Final = pyproj.Geod(ellps="WGS84")
_AXIS: Final = _WGS84.a
_ECCENTRICITY: Final = float(np.sqrt(_WGS84.es))


def area_m2(shape: BaseGeometry) -> float:
    """The area on the ellipsoid in m², whichever way the rings turn; 0 for lines, points and nothing."""
    if shape.is_empty:
        return 0.0
    return sum(abs(_WGS84.geometry_area_perimeter(part)[0]) for part in _polygons(shape))


def _polygons(shape: BaseGeometry) -> list[BaseGeometry]:
    if shape.geom_type == "Polygon":
        return [shape]
    return [part for piece in getattr(shape, "geoms", ()) for part in _polygons(piece)]


def mercator(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Points on the ellipsoid's Mercator map (EPSG:3395), on which small shapes keep their form."""
    bent = _ECCENTRICITY * np.sin(np.radians(lat))
    y = np.arctanh(np.sin(np.radians(lat))) - _ECCENTRICITY * np.arctanh(bent)
    return _AXIS * np.radians(lon), _AXIS * y


def mercator_scale(lat: Floats) -> Floats:
    """How many units of that map one metre has at latitude `lat`."""
    radians = np.radians(lat)
    scale: Floats = np.sqrt(1 - (_ECCENTRICITY * np.sin(radians)) ** 2) / np.cos(radians)
    return scale


class LocalPlane:
    """A flat map in metres around one point, true enough (1 in 10,000) for a district some 50 km across."""

    def __init__(self, lon: float, lat: float) -> None:
        self.lon, self.lat = lon, lat
        flat = 1 - _WGS84.es * np.sin(np.radians(lat)) ** 2
        self._metres_east = float(np.radians(1) * _AXIS / np.sqrt(flat) * np.cos(np.radians(lat)))
        self._metres_north = float(np.radians(1) * _AXIS * (1 - _WGS84.es) / flat**1.5)

    def to_metres(self, lonlat: Floats) -> Floats:
        """(n, 2) degrees as (n, 2) metres east and north of the middle."""
        return (lonlat - (self.lon, self.lat)) * (self._metres_east, self._metres_north)

    def to_degrees(self, metres: Floats) -> Floats:
        """The way back."""
        return metres / (self._metres_east, self._metres_north) + (self.lon, self.lat)


def areas_m2(shapes: npt.NDArray[np.object_]) -> Floats:
    """As `area_m2` for an array at once, taking each shape's own latitude: good to 1 in 10,000 for a district."""
    middle = np.radians(shapely.bounds(shapes)[:, [1, 3]].mean(axis=1))  # NaN for nothing
    flat = 1 - _WGS84.es * np.sin(middle) ** 2
    east = np.radians(1) * _AXIS / np.sqrt(flat) * np.cos(middle)
    north = np.radians(1) * _AXIS * (1 - _WGS84.es) / flat**1.5
    areas: Floats = np.nan_to_num(shapely.area(shapes) * east * north)
    return areas
