"""One shape at a time: what is wrong with it, what can be mended, and what has to be left out."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grids.boundary_import.findings import Finding, Kind, Outcome
from grids.boundary_import.reading import Feature
from grids.coordinates import to_wgs84
from grids.projection import area_m2

# The box of China with its seas (the same for longitudes as for the shifted systems).
_CHINA: Final = (72.0, 3.0, 138.0, 55.0)
_POLYGONS: Final = ("Polygon", "MultiPolygon")
# Crumbs that a repair may leave behind.
_CRUMB_M2: Final = 0.01


def mend(feature: Feature, crs: str) -> tuple[BaseGeometry | None, list[Finding]]:
    """The feature's polygon or multipolygon in WGS 84, or None where it must be left out, and the findings."""
    findings: list[Finding] = []
    shape = _readable(feature, findings)
    for step in (_polygonal, _flat, _turned):
        if shape is not None:
            shape = step(feature, shape, findings)
    if shape is not None and _in_place(feature, shape, findings):
        shape = _in_wgs84(shape, crs)
        shape = _valid(feature, shape, findings)
        return shape, findings
    return None, findings


def _finding(
    feature: Feature, kind: Kind, outcome: Outcome, found: str, done: str, **more: float | None
) -> Finding:
    return Finding(
        kind=kind,
        outcome=outcome,
        found=found,
        done=done,
        feature=feature.number,
        code=feature.code,
        name=feature.name,
        **more,  # type: ignore[arg-type]  # amount, share, lon, lat
    )


def _readable(feature: Feature, findings: list[Finding]) -> BaseGeometry | None:
    if feature.unreadable:
        found = _("Its geometry is broken beyond reading.")
        findings.append(_finding(feature, Kind.UNREADABLE, Outcome.LEFT_OUT, found, _("Left out.")))
        return None
    if feature.shape is None or feature.shape.is_empty:
        found = _("It has no geometry.")
        findings.append(_finding(feature, Kind.EMPTY, Outcome.LEFT_OUT, found, _("Left out.")))
        return None
    if feature.unclosed:
        found = _("A ring does not end where it began.")
        done = _("Closed by a straight line.")
        findings.append(_finding(feature, Kind.UNCLOSED, Outcome.REPAIRED, found, done))
    return feature.shape


def _polygonal(
    feature: Feature, shape: BaseGeometry, findings: list[Finding]
) -> BaseGeometry | None:
    if shape.geom_type in _POLYGONS:
        return shape
    found = _("It is a %(type)s.") % {"type": shape.geom_type}
    polygons = list(_polygons_in(shape))
    if not polygons:
        findings.append(_finding(feature, Kind.WRONG_TYPE, Outcome.LEFT_OUT, found, _("Left out.")))
        return None
    done = _("Its %(count)d polygons were taken, the rest left.") % {"count": len(polygons)}
    findings.append(_finding(feature, Kind.WRONG_TYPE, Outcome.REPAIRED, found, done))
    return shapely.MultiPolygon(polygons)


def _polygons_in(shape: BaseGeometry) -> Iterator[shapely.Polygon]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon" and not part.is_empty:
            yield part
        elif part.geom_type not in ("Point", "LineString", "LinearRing", "Polygon"):
            yield from _polygons_in(part)


def _flat(feature: Feature, shape: BaseGeometry, findings: list[Finding]) -> BaseGeometry:
    if not shape.has_z:
        return shape
    heights = shapely.get_coordinates(shape, include_z=True)[:, 2]
    if np.any(np.nan_to_num(heights) != 0):  # KML writes a height of 0 everywhere
        found = _("It has heights, up to %(metres).1f m.") % {"metres": float(np.nanmax(heights))}
        findings.append(
            _finding(feature, Kind.Z_VALUES, Outcome.REPAIRED, found, _("Heights were dropped."))
        )
    return shapely.force_2d(shape)


def _turned(feature: Feature, shape: BaseGeometry, findings: list[Finding]) -> BaseGeometry:
    """Coordinates that only make sense the other way round are turned round."""
    west, south, east, north = shape.bounds
    if not _within(south, west, north, east) or _within(west, south, east, north):
        return shape
    found = _("Latitude stands before longitude.")
    done = _("Turned round.")
    findings.append(_finding(feature, Kind.SWAPPED, Outcome.REPAIRED, found, done))
    return shapely.transform(shape, lambda xy: xy[:, ::-1])


def _within(west: float, south: float, east: float, north: float) -> bool:
    box = _CHINA
    return box[0] <= west and box[1] <= south and east <= box[2] and north <= box[3]


def _in_place(feature: Feature, shape: BaseGeometry, findings: list[Finding]) -> bool:
    west, south, east, north = shape.bounds
    if _within(west, south, east, north):
        return True
    where = {"x": f"{west:.6g}", "y": f"{south:.6g}"}
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        kind, found = (
            Kind.NOT_DEGREES,
            _("Coordinates such as %(x)s, %(y)s are no degrees.") % where,
        )
        done = _("Left out: the file needs word of its projection (a .prj file).")
    else:
        kind, found = Kind.OUTSIDE_CHINA, _("It lies at %(x)s, %(y)s.") % where
        done = _("Left out.")
    findings.append(_finding(feature, kind, Outcome.LEFT_OUT, found, done))
    return False


def _in_wgs84(shape: BaseGeometry, crs: str) -> BaseGeometry:
    return shapely.transform(
        shape, lambda xy: np.column_stack(to_wgs84(xy[:, 0].copy(), xy[:, 1].copy(), crs))
    )


def _valid(feature: Feature, shape: BaseGeometry, findings: list[Finding]) -> BaseGeometry | None:
    """A valid polygon or multipolygon, with what the repair did to the area."""
    if shape.is_valid:
        return _plain(shape)
    reason = shapely.is_valid_reason(shape)
    before = area_m2(shape)
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = [part for part in _polygons_in(mended) if area_m2(part) > _CRUMB_M2]
    words, lon, lat = _reason(reason)
    if not parts:
        findings.append(
            _finding(
                feature, Kind.INVALID, Outcome.LEFT_OUT, words,
                _("Left out: nothing with an area remains."), lon=lon, lat=lat,
            )
        )  # fmt: skip
        return None
    repaired = _plain(shapely.MultiPolygon(parts))
    after = area_m2(repaired)
    done = _(
        "Repaired (make_valid): %(before).0f m² as drawn, %(after).0f m² now (%(change)+.1f m²)."
    )
    figures = {"before": before, "after": after, "change": after - before}
    findings.append(
        _finding(
            feature, Kind.INVALID, Outcome.REPAIRED, words, done % figures,
            amount=after - before, lon=lon, lat=lat,
        )
    )  # fmt: skip
    return repaired


def _plain(shape: BaseGeometry) -> BaseGeometry:
    """A multipolygon of one part as that polygon."""
    parts = shapely.get_parts(shape)
    polygon: BaseGeometry = parts[0] if len(parts) == 1 else shape
    return polygon


_REASONS: Final = {
    "Ring Self-intersection": lambda: _("A ring touches itself."),
    "Self-intersection": lambda: _("A ring crosses itself."),
    "Hole lies outside shell": lambda: _("A hole lies outside of its polygon."),
    "Holes are nested": lambda: _("A hole lies in another."),
    "Nested shells": lambda: _("A part lies inside another."),
    "Duplicate Rings": lambda: _("A ring stands there twice."),
    "Too few points in geometry component": lambda: _("A ring has too few points."),
    "Interior is disconnected": lambda: _("A hole cuts the polygon apart."),
}


def _reason(reason: str) -> tuple[str, float | None, float | None]:
    """GEOS's reason in the reader's words, and where."""
    kind, _bracket, place = reason.partition("[")
    words = _REASONS[kind]() if kind in _REASONS else kind
    try:
        lon, lat = (float(number) for number in place.rstrip("]").split())
    except ValueError:
        return words, None, None
    return words, lon, lat
