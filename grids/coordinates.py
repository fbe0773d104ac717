"""The coordinate systems of Chinese maps, to and from WGS 84. Degrees, longitude first.

`wgs84` is what a satellite receiver says. `cgcs2000` is the national system of 2000: its ellipsoid differs
from WGS 84 by a tenth of a millimetre and its frame by some decimetres of continental drift, which is less
than any boundary or phone knows, so both are taken as equal here. `gcj02` (Amap, Tencent, Google's Chinese
map) is WGS 84 pushed aside by 50 to 700 m; `bd09` (Baidu) is `gcj02` pushed once more.

The push is the well-known published approximation, valid within a box around China; outside it nothing is
moved. The way back inverts that very formula to better than 0.1 mm, but the official maps themselves keep to
it only within about a metre. Every function takes numbers or numpy arrays and gives back the same shape.
"""

from typing import Any, Final, Literal, TypeVar, get_args

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

Crs = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
Numbers = TypeVar("Numbers", float, npt.NDArray[np.float64])
Floats = npt.NDArray[np.float64]
Pair = tuple[Floats, Floats]

SYSTEMS: Final[tuple[str, ...]] = get_args(Crs)

# Ellipsoid of Krasovsky, on which GCJ-02 is defined, and the box within which it applies.
_AXIS: Final = 6378245.0
_ECCENTRICITY_2: Final = 0.00669342162296594323
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271
_BAIDU_TURN: Final = np.pi * 3000.0 / 180.0


def to_wgs84(lon: Numbers, lat: Numbers, crs: str) -> tuple[Numbers, Numbers]:
    """(lon, lat) of `crs` as WGS 84. Raises ValueError (a sentence) for an unknown `crs`."""
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    if crs == "gcj02":
        x, y = _unshifted(x, y)
    elif crs == "bd09":
        x, y = _unshifted(*_baidu_inverse(x, y))
    else:
        _demand_known(crs)
    pair: tuple[Numbers, Numbers] = _as_given(lon, x, y)
    return pair


def from_wgs84(lon: Numbers, lat: Numbers, crs: str) -> tuple[Numbers, Numbers]:
    """WGS 84 (lon, lat) as `crs`. Raises ValueError (a sentence) for an unknown `crs`."""
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    if crs == "gcj02":
        x, y = _shifted(x, y)
    elif crs == "bd09":
        inside = in_china(x, y)
        x, y = _where(inside, _baidu(*_shifted(x, y)), (x, y))
    else:
        _demand_known(crs)
    pair: tuple[Numbers, Numbers] = _as_given(lon, x, y)
    return pair


def in_china(lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether points lie in the box within which GCJ-02 applies."""
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    inside = (x >= _WEST) & (x <= _EAST) & (y >= _SOUTH) & (y <= _NORTH)
    return np.asarray(inside)


def _demand_known(crs: str) -> None:
    if crs not in ("wgs84", "cgcs2000"):
        raise ValueError(
            _("“%(crs)s” is no known coordinate system; known are %(known)s.")
            % {"crs": crs, "known": ", ".join(SYSTEMS)}
        )


def _as_given(given: float | Floats, x: Floats, y: Floats) -> Any:
    """Numbers for numbers, arrays for arrays."""
    return (float(x), float(y)) if np.ndim(given) == 0 else (x, y)


def _where(condition: npt.NDArray[np.bool_], yes: Pair, no: Pair) -> Pair:
    return np.where(condition, yes[0], no[0]), np.where(condition, yes[1], no[1])


def _shifted(lon: Floats, lat: Floats) -> Pair:
    east, north = _push(lon, lat)
    return _where(in_china(lon, lat), (lon + east, lat + north), (lon, lat))


def _unshifted(lon: Floats, lat: Floats) -> Pair:
    """Invert `_shifted` by fixed-point iteration: the push changes by less than 1 % over its own length."""
    x, y = lon, lat
    for _round in range(8):
        east, north = _push(x, y)
        x, y = lon - east, lat - north
    return _where(in_china(lon, lat), (x, y), (lon, lat))


def _push(lon: Floats, lat: Floats) -> Pair:
    """How far (degrees east, degrees north) GCJ-02 moves a WGS 84 point."""
    x, y = lon - 105.0, lat - 35.0
    waves = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    north += (waves + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    east += (waves + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    latitude = np.radians(lat)
    flatness = 1.0 - _ECCENTRICITY_2 * np.sin(latitude) ** 2
    metres_north = _AXIS * (1.0 - _ECCENTRICITY_2) / (flatness * np.sqrt(flatness))
    metres_east = _AXIS / np.sqrt(flatness) * np.cos(latitude)
    return np.degrees(east / metres_east), np.degrees(north / metres_north)


def _baidu(lon: Floats, lat: Floats) -> Pair:
    """GCJ-02 as BD-09."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _baidu_inverse(lon: Floats, lat: Floats) -> Pair:
    """BD-09 as GCJ-02: the published rough way back, then corrected by what is left over."""
    x, y = lon - 0.0065, lat - 0.006
    for _round in range(5):
        east, north = _baidu(x, y)
        x, y = x + (lon - east), y + (lat - north)
    return _where(in_china(x, y), (x, y), (lon, lat))
