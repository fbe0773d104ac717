"""Which grid a point lies in. Each process holds an index of the active grids' boundaries.

A report is never refused for its position: a point outside every grid goes to the nearest one within
`settings.LOCATE_NEAREST_METRES`, marked approximate, and else stays unplaced for a person to place.
On a shared border, and where two boundaries overlap, the grid with the smaller code has the point.

The index is built again when `BoundaryVersion` has moved. A process asks for the number at most once in
`settings.LOCATE_CHECK_SECONDS`, so another process's change is seen within that time; `look_again()` asks at once.
"""

import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from django.conf import settings
from django.utils.translation import gettext as _

from grids.models import Area, BoundaryVersion, Level
from grids.projection import mercator, mercator_scale


class How(StrEnum):
    """How a point came to its grid."""

    INSIDE = "inside"
    NEAREST = "nearest"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Located:
    """A grid's code or None, how it was found, and how far (metres) the point lies outside of it.

    `synthetic`: the boundary that decided was made by the program, not surveyed.
    """

    grid_code: str | None
    how: How
    distance_m: float = 0.0
    synthetic: bool = False

    @property
    def approximate(self) -> bool:
        return self.how is How.NEAREST


@dataclass(frozen=True)
class LocatedMany:
    """What `locate_many` found: arrays of one length. Unplaced points have the code ''."""

    codes: npt.NDArray[np.str_]
    distances_m: npt.NDArray[np.float64]  # 0 inside, NaN where unplaced
    synthetic: frozenset[str]  # codes whose boundary was made by the program

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, index: int) -> Located:
        code, distance = str(self.codes[index]), float(self.distances_m[index])
        if not code:
            return UNPLACED
        how = How.NEAREST if distance > 0 else How.INSIDE
        return Located(code, how, distance, code in self.synthetic)


UNPLACED: Final = Located(None, How.UNPLACED)


def locate(lon: float, lat: float) -> Located:
    """The grid of a WGS 84 point in degrees, longitude first.

    Raises ValueError with a sentence where the numbers are no place on earth (NaN, infinite, out of range).
    """
    _demand_place(lon, lat)
    return _index().locate(lon, lat)


def locate_many(lons: npt.ArrayLike, lats: npt.ArrayLike) -> LocatedMany:
    """As `locate` for many WGS 84 points at once. Raises ValueError if any of them is no place on earth."""
    x, y = np.asarray(lons, np.float64).ravel(), np.asarray(lats, np.float64).ravel()
    if len(x) != len(y):
        raise ValueError(_("There must be as many longitudes as latitudes."))
    bad = np.flatnonzero(~((np.abs(x) <= 180) & (np.abs(y) <= 90)))
    if len(bad):
        _demand_place(float(x[bad[0]]), float(y[bad[0]]))
    return _index().locate_many(x, y)


def look_again() -> None:
    """Make the next call ask whether boundaries have changed. Every action that changes one calls this."""
    global _checked_at
    _checked_at = 0.0


class GridIndex:
    """An STRtree over grids' polygons, sorted by code."""

    def __init__(
        self, codes: list[str], polygons: npt.NDArray[np.object_], synthetic: frozenset[str]
    ) -> None:
        self.codes = codes
        self.synthetic = synthetic
        self._code_array = np.array([*codes, ""], dtype="U15")
        self._polygons = polygons
        shapely.prepare(polygons)
        self._tree = shapely.STRtree(polygons)
        self._lock = threading.Lock()
        self._near: shapely.STRtree | None = None

    def locate(self, lon: float, lat: float) -> Located:
        hits = self._tree.query(shapely.Point(lon, lat))
        inside = [i for i in hits if shapely.intersects_xy(self._polygons[i], lon, lat)]
        if inside:
            code = self.codes[min(inside)]
            return Located(code, How.INSIDE, 0.0, code in self.synthetic)
        return self._nearest(np.array([lon]), np.array([lat]))

    def locate_many(
        self, lons: npt.NDArray[np.float64], lats: npt.NDArray[np.float64]
    ) -> LocatedMany:
        found = self._inside(lons, lats)
        distances = np.where(found >= 0, 0.0, np.nan)
        outside = np.flatnonzero(found < 0)
        if len(outside):
            found[outside], distances[outside] = self._near_points(lons[outside], lats[outside])
        return LocatedMany(self._code_array[found], distances, self.synthetic)

    def _inside(
        self, lons: npt.NDArray[np.float64], lats: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.intp]:
        """The index of the first grid that has each point, or -1."""
        points, grids = self._tree.query(shapely.points(lons, lats))
        # One grid after the other: its polygon is in the processor's cache for all of its points.
        order = np.argsort(grids, kind="stable")
        points, grids = points[order], grids[order]
        hit = shapely.intersects_xy(self._polygons[grids], lons[points], lats[points])
        nobody = len(self.codes)
        found = np.full(len(lons), nobody, dtype=np.intp)
        np.minimum.at(found, points[hit], grids[hit])
        found[found == nobody] = -1
        return found

    def _nearest(self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> Located:
        found, distance = self._near_points(lon, lat)
        if found[0] < 0:
            return UNPLACED
        code = self.codes[found[0]]
        return Located(code, How.NEAREST, float(distance[0]), code in self.synthetic)

    def _near_points(
        self, lons: npt.NDArray[np.float64], lats: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
        """The index of the nearest grid within reach of each point (or -1), and the distance in metres."""
        found = np.full(len(lons), -1, dtype=np.intp)
        distances = np.full(len(lons), np.nan)
        # Beyond 85 degrees a Mercator map ends; no grid lies there.
        on_map = np.flatnonzero(np.abs(lats) <= 85)
        reach = float(settings.LOCATE_NEAREST_METRES)
        if not len(on_map) or not len(self.codes) or reach <= 0:
            return found, distances
        scale = mercator_scale(lats[on_map])
        points = shapely.points(*mercator(lons[on_map], lats[on_map]))
        (who, grid), gaps = self._near_tree().query_nearest(
            points, max_distance=reach * float(scale.max()), return_distance=True
        )
        metres = gaps / scale[who]
        near = np.flatnonzero(metres <= reach)
        # Of equally near grids the smaller code wins: in this order it stands first for its point.
        order = near[np.lexsort((grid[near], who[near]))]
        each, first = np.unique(who[order], return_index=True)
        chosen = order[first]
        found[on_map[each]] = grid[chosen]
        distances[on_map[each]] = np.maximum(metres[chosen], 1e-9)
        return found, distances

    def _near_tree(self) -> shapely.STRtree:
        """The same polygons on a Mercator map, where distances are alike in all directions."""
        with self._lock:
            if self._near is None:
                flat = shapely.transform(
                    self._polygons, lambda xy: np.column_stack(mercator(xy[:, 0], xy[:, 1]))
                )
                self._near = shapely.STRtree(flat)
            return self._near


_held: GridIndex | None = None
_held_number: int | None = None
_checked_at = 0.0
_building = threading.Lock()


def _index() -> GridIndex:
    """The index of this process, built again if the boundaries have changed since."""
    global _held, _held_number, _checked_at
    now = time.monotonic()
    if _held is not None and now - _checked_at < settings.LOCATE_CHECK_SECONDS:
        return _held
    # While one thread builds, the others go on with what they have.
    if not _building.acquire(blocking=_held is None):
        return _held  # type: ignore[return-value]
    try:
        number = boundary_number()
        if _held is None or number != _held_number:
            _held, _held_number = _build(), number
        _checked_at = now
        return _held
    finally:
        _building.release()


def boundary_number() -> int:
    """The number of the boundaries as they stand; 0 before the first area."""
    return BoundaryVersion.objects.values_list("number", flat=True).first() or 0


def _build() -> GridIndex:
    rows = list(
        Area.objects.active()
        .filter(level=Level.GRID, boundary__isnull=False)
        .order_by("code")
        .values_list("code", "boundary", "synthetic")
    )
    polygons = np.empty(len(rows), dtype=object)
    polygons[:] = shapely.from_wkb([bytes(boundary or b"") for _c, boundary, _s in rows])
    synthetic = frozenset(code for code, _b, made in rows if made)
    return GridIndex([code for code, _b, _s in rows], polygons, synthetic)


def _demand_place(lon: float, lat: float) -> None:
    if not (-180.0 <= lon <= 180.0):  # also false for NaN
        raise ValueError(_("The longitude must be a number of degrees between -180 and 180."))
    if not (-90.0 <= lat <= 90.0):
        raise ValueError(_("The latitude must be a number of degrees between -90 and 90."))
