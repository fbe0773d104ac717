"""The whole examination of a file of boundaries. It reads the file and the register, and writes nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grids.boundaries import shape_of
from grids.boundary_import import neighbours
from grids.boundary_import.findings import Finding, Kind, Outcome, Report
from grids.boundary_import.matching import Matches, Shape, match
from grids.boundary_import.mending import mend
from grids.boundary_import.neighbours import Placed
from grids.boundary_import.reading import Feature, Source, read
from grids.coordinates import to_wgs84
from grids.models import CODE_LENGTHS, Area, Level
from grids.queries import codes_above, parent_code

STANDARD_TOLERANCE_M2 = 1.0

Progress = Callable[[str], object]


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the person who imports says about the file. `tolerance_m2`: smaller overlaps and gaps are summed up."""

    level: Level
    crs: str
    layer: str = ""
    code_field: str = ""
    name_field: str = ""
    encoding: str = ""
    by_name: bool = False
    tolerance_m2: float = STANDARD_TOLERANCE_M2


@dataclass(frozen=True)
class NewBoundary:
    """A sound boundary for one code (WGS 84, valid). `name` and `number` are the feature's."""

    code: str
    name: str
    shape: BaseGeometry
    number: int
    repaired: bool


@dataclass(frozen=True)
class Examination:
    """The report, and what an import would write."""

    report: Report
    boundaries: dict[str, NewBoundary]


def examine(path: Path, options: Options, progress: Progress = lambda words: None) -> Examination:
    """Look at every feature of the file. Raises CannotRead where there is nothing to look at, ValueError (a
    sentence) for an unknown coordinate system."""
    to_wgs84(0.0, 0.0, options.crs)
    progress(_("Reading %(file)s …") % {"file": path.name})
    source = read(
        path,
        layer=options.layer,
        code_field=options.code_field,
        name_field=options.name_field,
        encoding=options.encoding,
    )
    report = Report(
        path.name, options.level, options.crs, source.layer, source.code_field, source.name_field,
        len(source.features), findings=list(source.findings),
    )  # fmt: skip
    progress(_("Looking at %(count)d shapes …") % {"count": len(source.features)})
    mended = _mended(source, options.crs, report)
    areas = _areas(mended, options.level)
    matches = match(mended, areas, options.level, by_name=options.by_name)
    report.findings += matches.findings
    progress(_("Comparing neighbours …"))
    boundaries = _compared(matches, areas, options, report)
    report.taken = len(boundaries)
    report.sort()
    return Examination(report, boundaries)


def _mended(source: Source, crs: str, report: Report) -> list[tuple[Feature, BaseGeometry]]:
    sound = []
    for feature in source.features:
        shape, findings = mend(feature, crs)
        report.findings += findings
        if shape is not None:
            sound.append((feature, shape))
    return sound


def _areas(mended: list[tuple[Feature, BaseGeometry]], level: Level) -> dict[str, Area]:
    """The register of the districts that the file speaks of: everything at `level` and above."""
    length = CODE_LENGTHS[Level.DISTRICT]
    districts = {
        f.code[:length] for f, _shape in mended if len(f.code) >= length and f.code.isdigit()
    }
    found: dict[str, Area] = {}
    for district in sorted(districts):
        levels = [lv for lv in Level if CODE_LENGTHS[lv] <= CODE_LENGTHS[level]]
        for area in Area.objects.subtree(district).filter(level__in=levels):
            found[area.code] = area
        for area in Area.objects.filter(code__in=codes_above(district)):
            found[area.code] = area
    return found


def _compared(
    matches: Matches, areas: dict[str, Area], options: Options, report: Report
) -> dict[str, NewBoundary]:
    parents = _parents(areas, options.level)
    fresh = [_placed(code, shape, areas) for code, shape in sorted(matches.shapes.items())]
    beyond = neighbours.sticking_out(fresh, parents, options.tolerance_m2)
    report.findings += beyond
    dropped = {f.code for f in beyond if f.outcome is Outcome.LEFT_OUT}
    fresh = [p for p in fresh if p.code not in dropped]
    standing = _standing(areas, options.level, {p.code for p in fresh})
    left_out = [Placed(s.code, s.feature.label, s.shape) for s in matches.left_out]
    together = fresh + standing
    surveyed = [placed for placed in together if not placed.synthetic]
    if together:
        report.findings += neighbours.overlaps(surveyed, options.tolerance_m2)
        report.findings += neighbours.gaps(together, parents, left_out, options.tolerance_m2)
    report.findings += _parts(fresh) + _without_polygon(surveyed, areas, options.level)
    report.findings += _parents_without(fresh, parents, areas) + _stale(fresh, options.level)
    repaired = {
        f.feature
        for f in report.findings
        if f.outcome is Outcome.REPAIRED and f.kind is not Kind.Z_VALUES
    }
    return {
        p.code: NewBoundary(
            p.code, matches.shapes[p.code].feature.name, p.shape, p.number, p.number in repaired
        )
        for p in fresh
    }


def _placed(code: str, shape: Shape, areas: dict[str, Area]) -> Placed:
    name = areas[code].name if code in areas else shape.feature.label
    return Placed(code, name, shape.shape, shape.feature.number)


def _parents(areas: dict[str, Area], level: Level) -> dict[str, Placed]:
    """Those areas above `level` whose boundary is known and that have children here."""
    above = {parent_code(a.code) for a in areas.values() if a.level == level and a.is_active}
    if level is Level.GRID:
        above |= {a.code for a in areas.values() if a.level == Level.COMMUNITY}
    return {
        code: Placed(code, area.name, shape, 0, area.synthetic)
        for code, area in areas.items()
        if code in above and area.is_active and (shape := shape_of(area))
    }


def _standing(areas: dict[str, Area], level: Level, replaced: set[str]) -> list[Placed]:
    """Boundaries of the same level that the register has and that this file does not replace."""
    return [
        Placed(a.code, a.name, shape, 0, a.synthetic)
        for a in areas.values()
        if a.level == level and a.is_active and a.code not in replaced and (shape := shape_of(a))
    ]


def _parts(fresh: list[Placed]) -> list[Finding]:
    findings = []
    for placed in fresh:
        count = len(shapely.get_parts(placed.shape))
        if count > 1:
            found = _("It has %(count)d parts.") % {"count": count}
            findings.append(
                _about(placed, Kind.SEVERAL_PARTS, Outcome.KEPT, found, _("Kept as drawn."))
            )
    return findings


def _about(placed: Placed, kind: Kind, outcome: Outcome, found: str, done: str) -> Finding:
    return Finding(
        kind=kind, outcome=outcome, found=found, done=done,
        feature=placed.number, code=placed.code, name=placed.name,
    )  # fmt: skip


def _without_polygon(surveyed: list[Placed], areas: dict[str, Area], level: Level) -> list[Finding]:
    """Divisions at this level, in the districts of the file, that will still have no surveyed boundary."""
    have = {p.code for p in surveyed}
    missing = [a for a in areas.values() if a.level == level and a.is_active and a.code not in have]
    return [
        Finding(
            kind=Kind.NO_POLYGON,
            outcome=Outcome.MISSING,
            found=_("The file has no polygon for it."),
            done=_("Keeps its synthetic boundary.")
            if area.synthetic
            else _("Still without a boundary."),
            code=area.code,
            name=area.name,
        )
        for area in missing
    ]


def _parents_without(
    fresh: list[Placed], parents: dict[str, Placed], areas: dict[str, Area]
) -> list[Finding]:
    wanting = sorted({parent_code(p.code) or "" for p in fresh} - set(parents))
    return [
        Finding(
            kind=Kind.NO_PARENT_BOUNDARY,
            outcome=Outcome.NOTE,
            found=_("Its own boundary is not known."),
            done=_("What lies in it could not be compared with it."),
            code=code,
            name=areas[code].name,
        )
        for code in wanting
        if code in areas
    ]


def _stale(fresh: list[Placed], level: Level) -> list[Finding]:
    """Synthetic areas that were cut from a boundary which is about to change."""
    if level is Level.GRID:
        return []
    made = Area.objects.active().filter(synthetic=True).exclude(level=level)
    inside = Counter(code[: CODE_LENGTHS[level]] for code in made.values_list("code", flat=True))
    findings = []
    for placed in fresh:
        if count := inside[placed.code]:
            found = _("%(count)d areas inside have synthetic boundaries.") % {"count": count}
            done = _("Left as they are; make_grids makes them anew.")
            findings.append(_about(placed, Kind.STALE_CHILDREN, Outcome.NOTE, found, done))
    return findings
