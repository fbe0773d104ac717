"""Cutting a polygon into parts of about equal size: same input, same parts, nothing left and nothing twice.

Lattice points inside the polygon are grouped around evenly spread centres (Lloyd's method, started along a
space-filling curve, so there is no chance in it). The borders between the centres (Voronoi) are then noded with
the polygon's own ring, so that neighbouring parts share their vertices exactly.
"""

import heapq
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from grids.projection import LocalPlane, area_m2

Floats = npt.NDArray[np.float64]

_POINTS_PER_PART: Final = 120
_ROUNDS: Final = 40
# A part smaller than this share of the mean is no part but a sliver, and joins its neighbour.
_SLIVER: Final = 0.2


def partition(shape: BaseGeometry, count: int) -> list[BaseGeometry]:
    """`count` parts of a valid polygon or multipolygon (WGS 84 degrees), from west to east and north to south.

    Together the parts are the shape, to within rounding along its ring (a nanometre); they touch, and do not
    overlap. A part of a connected shape is connected. Pieces of a multipolygon that are too small for a
    part of their own go with the nearest one. Raises ValueError for a count below 1 or an empty shape.
    """
    if count < 1 or shape.is_empty:
        raise ValueError("there must be a shape and at least one part")
    pieces = sorted(shapely.get_parts(shape), key=lambda piece: (-piece.area, piece.bounds))
    shares = apportion([area_m2(piece) for piece in pieces], count, least=0)
    parts: list[BaseGeometry] = []
    for piece, share in zip(pieces, shares, strict=True):
        if share:
            parts += _cut(piece, share)
    for piece, share in zip(pieces, shares, strict=True):
        if not share:
            nearest = min(range(len(parts)), key=lambda i: parts[i].distance(piece))
            parts[nearest] = shapely.union_all([parts[nearest], piece])
    return in_reading_order(parts)


def apportion(sizes: Sequence[float], count: int, *, least: int = 1) -> list[int]:
    """`count` seats shared out by size (Webster's method), each at least `least` where the count suffices."""
    if not sizes:
        return []
    least = least if count >= least * len(sizes) else 0
    seats = [least] * len(sizes)
    queue = [(-size / (least + 0.5), i) for i, size in enumerate(sizes)]
    heapq.heapify(queue)
    for _seat in range(count - least * len(sizes)):
        i = queue[0][1]
        seats[i] += 1
        heapq.heapreplace(queue, (-sizes[i] / (seats[i] + 0.5), i))
    return seats


def in_reading_order(parts: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """From north to south in bands, in each from west to east (the usual numbering of grids).

    Source: domain.md section 2.12 (Xi'an DB6101/T 3185).
    """
    spots = [part.representative_point() for part in parts]
    north, south = max(p.y for p in spots), min(p.y for p in spots)
    bands = max(1, round(len(parts) ** 0.5))
    height = (north - south) / bands or 1.0

    def place(i: int) -> tuple[int, float, float]:
        band = min(bands - 1, int((north - spots[i].y) / height))
        return band, spots[i].x, -spots[i].y

    return [parts[i] for i in sorted(range(len(parts)), key=place)]


def _cut(polygon: shapely.Polygon, count: int) -> list[BaseGeometry]:
    """One connected polygon into connected parts."""
    if count == 1:
        return [polygon]
    centres = _centres(polygon, count)
    parts = _without_slivers(_connected(_cells(polygon, centres)), area_m2(polygon) / count)
    while len(parts) < count:
        parts.sort(key=lambda part: (-part.area, part.bounds))
        parts = _connected(_cells(parts[0], _centres(parts[0], 2))) + parts[1:]
    return parts


def _centres(polygon: BaseGeometry, count: int) -> Floats:
    """Evenly spread points (degrees), each the middle of about as much ground as the others."""
    plane = LocalPlane(*polygon.centroid.coords[0])
    points = plane.to_metres(_lattice(polygon, plane, count * _POINTS_PER_PART))
    centres = np.array([g.mean(axis=0) for g in np.array_split(points[_curve(points)], count)])
    for _round in range(_ROUNDS):
        owner = shapely.STRtree(_points(centres)).nearest(_points(points))
        sizes = np.bincount(owner, minlength=count)
        sums = np.column_stack([np.bincount(owner, points[:, i], count) for i in (0, 1)])
        moved = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
        if np.abs(moved - centres).max() < 0.01:
            break
        centres = moved
    return plane.to_degrees(centres)


def _points(coordinates: Floats) -> npt.NDArray[np.object_]:
    return np.asarray(shapely.points(coordinates))


def _lattice(polygon: BaseGeometry, plane: LocalPlane, wanted: int) -> Floats:
    """At least `wanted` points of a square lattice that lie in the polygon (degrees)."""
    shapely.prepare(polygon)
    west, south, east, north = polygon.bounds
    corners = plane.to_metres(np.array([[west, south], [east, north]]))
    step = float(np.sqrt(area_m2(polygon) / wanted))
    while True:
        x = np.arange(corners[0, 0] + step / 2, corners[1, 0], step)
        y = np.arange(corners[0, 1] + step / 2, corners[1, 1], step)
        points = plane.to_degrees(np.column_stack([axis.ravel() for axis in np.meshgrid(x, y)]))
        inside = points[shapely.contains_xy(polygon, points[:, 0], points[:, 1])]
        if len(inside) >= wanted / 2:
            return inside
        step /= 2


def _curve(points: Floats) -> npt.NDArray[np.intp]:
    """The order of points along a Hilbert curve, so that points near each other come near each other."""
    low, high = points.min(axis=0), points.max(axis=0)
    spread = float((high - low).max()) or 1.0
    x, y = (((points - low) / spread) * 1023).astype(np.int64).T
    key = np.zeros(len(points), dtype=np.int64)
    half = 512
    while half:
        right, upper = (x & half) > 0, (y & half) > 0
        key += half * half * ((3 * right) ^ upper)
        turn = ~upper
        flip = turn & right
        x, y = np.where(flip, 1023 - x, x), np.where(flip, 1023 - y, y)
        x, y = np.where(turn, y, x), np.where(turn, x, y)
        half //= 2
    return np.argsort(key, kind="stable")


def _cells(polygon: BaseGeometry, centres: Floats) -> dict[int, list[BaseGeometry]]:
    """The faces that the borders between the centres cut the polygon into, by the centre they are nearest to."""
    plane = LocalPlane(*polygon.centroid.coords[0])
    flat = plane.to_metres(centres)
    frame = shapely.transform(polygon, plane.to_metres).envelope.buffer(1000.0)
    borders = shapely.voronoi_polygons(shapely.MultiPoint(flat), extend_to=frame, only_edges=True)
    lines = shapely.union_all([polygon.boundary, shapely.transform(borders, plane.to_degrees)])
    faces = np.array(shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))))
    spots = shapely.point_on_surface(faces)
    shapely.prepare(polygon)
    mine = shapely.contains(polygon, spots)
    faces, spots = faces[mine], spots[mine]
    near = shapely.STRtree(_points(flat)).nearest(shapely.transform(spots, plane.to_metres))
    cells: dict[int, list[BaseGeometry]] = defaultdict(list)
    for face, centre in zip(faces, near, strict=True):
        cells[int(centre)].append(face)
    return cells


def _connected(cells: dict[int, list[BaseGeometry]]) -> list[BaseGeometry]:
    """One connected part per cell: each cell keeps its largest face, stray ones join a neighbour."""
    parts: list[BaseGeometry] = []
    strays: list[BaseGeometry] = []
    for _centre, faces in sorted(cells.items()):
        ordered = sorted(faces, key=lambda face: (-face.area, face.bounds))
        parts.append(ordered[0])
        strays += ordered[1:]
    return _joined(parts, strays)


def _joined(parts: list[BaseGeometry], strays: list[BaseGeometry]) -> list[BaseGeometry]:
    """Every stray face goes to the part with which it shares the longest border."""
    waiting = sorted(strays, key=lambda face: (-face.area, face.bounds))
    while waiting:
        later = []
        for face in waiting:
            shared = [_border(part, face) for part in parts]
            best = int(np.argmax(shared))
            if shared[best] > 0:
                parts[best] = shapely.union_all([parts[best], face])
            else:
                later.append(face)
        if len(later) == len(waiting):
            raise ValueError("a face touches no part: the shape was not connected")
        waiting = later
    return parts


def _border(one: BaseGeometry, two: BaseGeometry) -> float:
    return (
        float(shapely.intersection(one.boundary, two.boundary).length)
        if one.intersects(two)
        else 0.0
    )


def _without_slivers(parts: list[BaseGeometry], mean_m2: float) -> list[BaseGeometry]:
    small = [part for part in parts if area_m2(part) < _SLIVER * mean_m2]
    sound = [part for part in parts if area_m2(part) >= _SLIVER * mean_m2]
    return _joined(sound, small) if sound else parts
