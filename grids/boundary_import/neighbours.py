"""Shapes beside each other and inside their parents: overlaps, gaps, what sticks out. Areas in m², WGS 84."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grids.boundary_import.findings import Finding, Kind, Outcome
from grids.projection import areas_m2
from grids.queries import parent_code

# A shape that lies mostly elsewhere has the wrong code or the wrong coordinate system.
MOSTLY: Final = 0.5
# What floating point leaves between shapes that share their border.
_ROUNDING_M2: Final = 1e-4


@dataclass(frozen=True)
class Placed:
    """A boundary with its code and name; `number` is the feature's, 0 for one that the register has already."""

    code: str
    name: str
    shape: BaseGeometry
    number: int = 0
    synthetic: bool = False


def overlaps(placed: list[Placed], tolerance_m2: float) -> list[Finding]:
    """Pairs that share more than `tolerance_m2`, where at least one of them comes from the file."""
    shapes = np.array([p.shape for p in placed], dtype=object)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    fresh = np.array([p.number > 0 for p in placed], dtype=bool)
    pairs = (first < second) & (fresh[first] | fresh[second])
    first, second = first[pairs], second[pairs]
    shared = shapely.intersection(shapes[first], shapes[second])
    sizes = areas_m2(shared)
    findings = [
        _overlap(placed[first[i]], placed[second[i]], shared[i], float(sizes[i]))
        for i in np.flatnonzero(sizes >= tolerance_m2)
    ]
    small = sizes[(sizes > _ROUNDING_M2) & (sizes < tolerance_m2)]
    if len(small):
        findings.append(
            _below(
                _("%(count)d overlaps of less than %(limit)g m², %(sum).2f m² together."),
                small,
                tolerance_m2,
            )
        )
    return findings


def _below(words: str, small: npt.NDArray[np.float64], tolerance_m2: float) -> Finding:
    figures = {"count": len(small), "limit": tolerance_m2, "sum": float(small.sum())}
    return Finding(
        kind=Kind.BELOW_TOLERANCE,
        outcome=Outcome.NOTE,
        found=words % figures,
        done=_("Not listed: rounding along shared borders."),
        amount=float(small.sum()),
    )


def _overlap(one: Placed, two: Placed, shared: BaseGeometry, size: float) -> Finding:
    if one.code > two.code:
        one, two = two, one
    spot = shared.representative_point()
    return Finding(
        kind=Kind.OVERLAP,
        outcome=Outcome.KEPT,
        found=_("%(size).1f m² are shared with %(other)s.") % {"size": size, "other": two.name},
        done=_("Both kept as drawn; a point in it belongs to %(code)s.") % {"code": one.code},
        feature=one.number,
        code=one.code,
        name=one.name,
        other_code=two.code,
        other_name=two.name,
        amount=size,
        lon=spot.x,
        lat=spot.y,
    )


def sticking_out(
    placed: list[Placed], parents: dict[str, Placed], tolerance_m2: float
) -> list[Finding]:
    """Children that reach beyond their parent by more than `tolerance_m2`, with the share that lies outside."""
    children = [p for p in placed if p.number and parent_code(p.code) in parents]
    if not children:
        return []
    shapes = np.array([c.shape for c in children], dtype=object)
    homes = [parents[parent_code(c.code) or ""] for c in children]
    outside = shapely.difference(shapes, np.array([h.shape for h in homes], dtype=object))
    sizes, whole = areas_m2(outside), areas_m2(shapes)
    return [
        _outside(children[i], homes[i], outside[i], float(sizes[i]), float(sizes[i] / whole[i]))
        for i in np.flatnonzero(sizes >= tolerance_m2)
    ]


def _outside(
    child: Placed, parent: Placed, outside: BaseGeometry, size: float, share: float
) -> Finding:
    left_out = share > MOSTLY and not parent.synthetic
    spot = outside.representative_point()
    found = _("%(size).1f m² (%(share).2f %%) lie outside of %(parent)s.")
    return Finding(
        kind=Kind.OUTSIDE_PARENT,
        outcome=Outcome.LEFT_OUT if left_out else Outcome.KEPT,
        found=found % {"size": size, "share": share * 100, "parent": parent.name},
        done=_("Left out: most of it lies elsewhere; look at its code and the coordinate system.")
        if left_out
        else _("Kept as drawn."),
        feature=child.number,
        code=child.code,
        name=child.name,
        other_code=parent.code,
        other_name=parent.name,
        amount=size,
        share=share,
        lon=spot.x,
        lat=spot.y,
    )


def gaps(
    placed: list[Placed],
    parents: dict[str, Placed],
    left_out: list[Placed],
    tolerance_m2: float,
) -> list[Finding]:
    """Places that no child covers: in each parent whose boundary is known, else holes between children."""
    families: dict[str, list[Placed]] = defaultdict(list)
    for child in placed:
        families[parent_code(child.code) or ""].append(child)
    orphans = [c for code, family in families.items() if code not in parents for c in family]
    findings: list[Finding] = []
    small: list[float] = []
    for parent, hole in _holes(families, parents, orphans):
        size = float(areas_m2(np.array([hole], dtype=object))[0])
        if size >= tolerance_m2:
            findings.append(_gap(parent, hole, size, placed, left_out))
        elif size > _ROUNDING_M2:
            small.append(size)
    if small:
        words = _("%(count)d gaps of less than %(limit)g m², %(sum).2f m² together.")
        findings.append(_below(words, np.array(small), tolerance_m2))
    return findings


def _holes(
    families: dict[str, list[Placed]], parents: dict[str, Placed], orphans: list[Placed]
) -> list[tuple[Placed | None, BaseGeometry]]:
    holes: list[tuple[Placed | None, BaseGeometry]] = []
    for code, parent in sorted(parents.items()):
        covered = shapely.union_all([child.shape for child in families.get(code, [])])
        rest = shapely.difference(parent.shape, covered)
        holes += [(parent, part) for part in shapely.get_parts(rest) if part.area > 0]
    for part in shapely.get_parts(shapely.union_all([child.shape for child in orphans])):
        holes += [(None, shapely.Polygon(ring)) for ring in getattr(part, "interiors", ())]
    return holes


def _gap(
    parent: Placed | None,
    hole: BaseGeometry,
    size: float,
    placed: list[Placed],
    left_out: list[Placed],
) -> Finding:
    spot = hole.representative_point()
    lying = [
        p.name
        for p in left_out
        if p.shape.intersection(hole).area > 0.5 * min(p.shape.area, hole.area)
    ]
    done = _("Nothing: points in it go to the nearest grid.")
    if lying:
        done = _("Left out of the file lies there: %(names)s.") % {"names": "、".join(lying)}
    return Finding(
        kind=Kind.GAP,
        outcome=Outcome.KEPT,
        found=_("%(size).1f m² belong to nobody, beside %(names)s.")
        % {"size": size, "names": "、".join(_beside(hole, placed)) or "—"},
        done=done,
        code=parent.code if parent else "",
        name=parent.name if parent else "",
        amount=size,
        lon=spot.x,
        lat=spot.y,
    )


def _beside(hole: BaseGeometry, placed: list[Placed]) -> list[str]:
    """Names of the shapes that touch the hole."""
    near = hole.buffer(1e-6)
    return [p.name for p in placed if p.shape.intersects(near)][:6]
