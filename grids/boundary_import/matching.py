"""Shapes and official codes: whose boundary each shape is. By code, never by name unless a person says so."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grids.boundary_import.findings import Finding, Kind, Outcome
from grids.boundary_import.reading import Feature
from grids.models import CODE_LENGTHS, Area, Level
from grids.queries import parent_code

_ENDINGS = re.compile(r"(社区|居民委员会|居委会|村民委员会|村委会|街道办事处|街道|办事处|\s)+")


@dataclass(frozen=True)
class Shape:
    """A mended shape and the feature it came from."""

    feature: Feature
    shape: BaseGeometry
    code: str  # cut to the level's length


@dataclass
class Matches:
    """Which code got which shape, and what was found on the way."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    left_out: list[Shape] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def match(
    shapes: Iterable[tuple[Feature, BaseGeometry]],
    areas: dict[str, Area],
    level: Level,
    *,
    by_name: bool,
) -> Matches:
    """Give each code of `areas` (the register at `level`, and its parents) the shape that bears it.

    At grid level new codes are welcome under a known parent; above it a code that the register does not have
    is left out. With `by_name`, shapes left out for their code go to the one division without a polygon that
    has their name in the same subdistrict.
    """
    matches = Matches()
    groups: dict[str, list[Shape]] = defaultdict(list)
    trimmed = 0
    for feature, shape in shapes:
        code = trim(feature.code, level)
        trimmed += code != feature.code
        candidate = Shape(feature, shape, code)
        problem = _problem(candidate, areas, level)
        if problem:
            matches.findings.append(problem)
            matches.left_out.append(candidate)
        else:
            groups[code].append(candidate)
    for code, candidates in groups.items():
        _settle(code, candidates, areas.get(code), matches)
    _suggest(matches, areas, level, take=by_name)
    if trimmed:
        matches.findings.append(_trimmed(trimmed, level))
    matches.findings += _other_names(matches.shapes, areas, level)
    return matches


def trim(code: str, level: Level) -> str:
    """`120103002000` at subdistrict level is `120103002`: zeros below the level say nothing."""
    length = CODE_LENGTHS[level]
    longer = len(code) > length and len(code) in CODE_LENGTHS.values()
    return code[:length] if longer and not code[length:].strip("0") else code


def bare(name: str) -> str:
    """A name without the words that say what kind of area it is, for comparing."""
    return _ENDINGS.sub("", name) or name


def _found(candidate: Shape, kind: Kind, outcome: Outcome, found: str, done: str) -> Finding:
    return Finding(
        kind=kind, outcome=outcome, found=found, done=done, feature=candidate.feature.number,
        code=candidate.code, name=candidate.feature.name,
    )  # fmt: skip


def _problem(candidate: Shape, areas: dict[str, Area], level: Level) -> Finding | None:
    """Why this code can have no boundary, if so."""
    code, length = candidate.code, CODE_LENGTHS[level]
    left = _("Left out.")
    if not code:
        return _found(candidate, Kind.NO_CODE, Outcome.LEFT_OUT, _("It has no code."), left)
    if not (code.isascii() and code.isdigit() and len(code) == length) or code.endswith("000"):
        found = _("“%(code)s” is no code of this level (%(length)d digits).")
        return _found(
            candidate, Kind.MALFORMED_CODE, Outcome.LEFT_OUT,
            found % {"code": code, "length": length}, left,
        )  # fmt: skip
    area = areas.get(code)
    if area is not None and not area.is_active:
        found = _("The area was retired on %(day)s.") % {"day": area.valid_to}
        return _found(candidate, Kind.RETIRED_CODE, Outcome.LEFT_OUT, found, left)
    if area is None and level is not Level.GRID:
        found = _("The divisions have no such code.")
        return _found(candidate, Kind.UNKNOWN_CODE, Outcome.LEFT_OUT, found, left)
    parent = areas.get(parent_code(code) or "")
    if parent is None or not parent.is_active:
        found = _("The divisions have no %(parent)s that it could lie in.")
        return _found(
            candidate, Kind.UNKNOWN_CODE, Outcome.LEFT_OUT,
            found % {"parent": parent_code(code)}, left,
        )  # fmt: skip
    return None


def _settle(code: str, candidates: list[Shape], area: Area | None, matches: Matches) -> None:
    """Of several shapes with one code, decide which is meant."""
    if len(candidates) == 1:
        matches.shapes[code] = candidates[0]
        return
    official = bare(area.name) if area else ""
    rightly = [c for c in candidates if bare(c.feature.name) == official]
    chosen = rightly or (candidates if len({c.feature.name for c in candidates}) == 1 else [])
    if chosen:
        union = shapely.union_all([c.shape for c in chosen])
        matches.shapes[code] = replace(chosen[0], shape=union)
    for candidate in candidates:
        outcome, done = _verdict(candidate, chosen, area)
        others = [c for c in candidates if c is not candidate]
        finding = _found(
            candidate, Kind.DUPLICATE_CODE, outcome,
            _("%(count)d features have this code.") % {"count": len(candidates)}, done,
        )  # fmt: skip
        other = others[0].feature
        matches.findings.append(replace(finding, other_code=code, other_name=other.name))
        if candidate not in chosen:
            matches.left_out.append(candidate)


def _verdict(candidate: Shape, chosen: list[Shape], area: Area | None) -> tuple[Outcome, str]:
    if candidate not in chosen:
        if not chosen:
            return Outcome.LEFT_OUT, _("Left out: nobody can say which of them is meant.")
        official = area.name if area else ""
        return Outcome.LEFT_OUT, _("Left out: the division is called %(name)s.") % {
            "name": official
        }
    if len(chosen) > 1:
        return Outcome.REPAIRED, _("Taken together as one area in parts.")
    return Outcome.KEPT, _("Taken: its name is the division's.")


def _suggest(matches: Matches, areas: dict[str, Area], level: Level, *, take: bool) -> None:
    """For shapes left out for their code: the one division that they may be, by name and subdistrict."""
    if level is Level.GRID:
        return
    free: dict[tuple[str, str], list[Area]] = defaultdict(list)
    for area in areas.values():
        if area.level == level and area.is_active and area.code not in matches.shapes:
            free[(parent_code(area.code) or "", bare(area.name))].append(area)
    wanted = Counter(_whose(candidate, level) for candidate in matches.left_out)
    for candidate in list(matches.left_out):
        likely = free.get(_whose(candidate, level), [])
        if len(likely) == 1 and wanted[_whose(candidate, level)] == 1:
            _adopt(matches, candidate, likely[0], take=take)


def _whose(candidate: Shape, level: Level) -> tuple[str, str]:
    above = parent_code(candidate.code.ljust(CODE_LENGTHS[level], "0")[: CODE_LENGTHS[level]])
    return above or "", bare(candidate.feature.name)


def _adopt(matches: Matches, candidate: Shape, area: Area, *, take: bool) -> None:
    words = {"code": area.code, "name": area.name}
    if take:
        done = _("Taken by name as %(code)s %(name)s.") % words
        matches.shapes[area.code] = replace(candidate, code=area.code)
        matches.left_out.remove(candidate)
    else:
        done = _("Left out. By name it may be %(code)s %(name)s: --by-name takes it so.") % words
    for i, finding in enumerate(matches.findings):
        if finding.feature == candidate.feature.number and finding.outcome is Outcome.LEFT_OUT:
            outcome = Outcome.REPAIRED if take else Outcome.LEFT_OUT
            matches.findings[i] = replace(
                finding, outcome=outcome, done=done, other_code=area.code, other_name=area.name
            )


def _trimmed(count: int, level: Level) -> Finding:
    length = CODE_LENGTHS[level]
    return Finding(
        kind=Kind.CODE_TRIMMED,
        outcome=Outcome.NOTE,
        found=_("%(count)d codes are longer than %(length)d digits and end in zeros.")
        % {"count": count, "length": length},
        done=_("Shortened to %(length)d digits.") % {"length": length},
        amount=None,
    )


def _other_names(shapes: dict[str, Shape], areas: dict[str, Area], level: Level) -> list[Finding]:
    """Shapes taken by code whose name is not the division's."""
    findings = []
    for code, candidate in shapes.items():
        area, name = areas.get(code), candidate.feature.name
        if area is None or name in ("", area.name) or trim(candidate.feature.code, level) != code:
            continue
        finding = _found(
            candidate, Kind.NAME_DIFFERS, Outcome.KEPT,
            _("The division is called %(name)s.") % {"name": area.name},
            _("Taken by its code; the division's name stays."),
        )  # fmt: skip
        findings.append(replace(finding, code=code, other_code=code, other_name=area.name))
    return findings
