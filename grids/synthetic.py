"""Boundaries where none is known: a parent is cut into parts, and every part says that it is synthetic."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import shapely
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from accounts.actor import Actor, HeldPost
from accounts.authority import require_over
from accounts.roles import May
from config.refusal import Refused
from grids.boundaries import BOUNDARY_FIELDS, put_boundary, shape_of
from grids.locate import look_again
from grids.models import CODE_LENGTHS, Area, AreaStatus, Level
from grids.numbering import grid_names, next_codes
from grids.partition import apportion, partition
from grids.projection import area_m2
from grids.staffing import hand_over
from journal.append import Happening, append_many

SOURCE: Final = "make_grids"
Progress = Callable[[Any], Iterable[Any]]
# Leftovers between surveyed neighbours that are smaller than this are no ground for a boundary of their own.
_SMALLEST_REST_M2: Final = 10_000.0


@dataclass
class Made:
    """What was made, and what was left as it is, with the reason."""

    boundaries: list[str] = field(default_factory=list)
    grids: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)  # (name, reason)


@dataclass(frozen=True)
class _Deed:
    by: Actor
    now: datetime
    post: HeldPost | None

    def happening(self, verb: str, area: Area, **facts: Any) -> Happening:
        return Happening(
            verb=verb, subject=("area", area.code), area_code=area.code,
            by=self.by, now=self.now, post=self.post, data=facts,
        )  # fmt: skip


@transaction.atomic
def make_boundaries(
    parent_code: str,
    level: Level,
    *,
    by: Actor,
    now: datetime,
    again: bool = False,
    progress: Progress = iter,
) -> Made:
    """Give the divisions at `level` (subdistrict or community) inside `parent_code` that have no boundary one.

    Each parent's ground that no surveyed child covers is cut into as many parts as there are children
    without a boundary; parts go from north-west to south-east, children by their codes. With `again`,
    synthetic boundaries are cut anew. `progress` wraps the parents. Raises PermissionDenied, Refused.
    """
    deed = _Deed(by, now, require_over(by, May.MANAGE_AREAS, parent_code))
    above = {Level.SUBDISTRICT: Level.DISTRICT, Level.COMMUNITY: Level.SUBDISTRICT}.get(level)
    if above is None:
        raise Refused("wrong_level", _("Only subdistricts and communities are cut out this way."))
    areas = _locked(parent_code, [above, level])
    made, changed = Made(), []
    families: dict[str | None, list[Area]] = defaultdict(list)
    for area in areas:
        if area.level == level:
            families[area.parent_id].append(area)
    for parent in progress([a for a in areas if a.level == above]):
        changed += _shared_out(parent, families[parent.code], made, again)
    Area.objects.bulk_update(changed, BOUNDARY_FIELDS, batch_size=200)
    append_many([deed.happening("area.boundary_made", area, source=SOURCE) for area in changed])
    made.boundaries = [area.code for area in changed]
    look_again()
    return made


def _shared_out(parent: Area, children: list[Area], made: Made, again: bool) -> list[Area]:
    """The children of one parent that got a new boundary."""
    wanting = [c for c in children if not c.boundary or (again and c.synthetic)]
    if not wanting:
        return []
    ground = _free_ground(parent, [c for c in children if c not in wanting])
    if ground is None:
        reason = (
            _("The boundary of %(parent)s is not known.")
            if not parent.boundary
            else _("Its neighbours leave no room in %(parent)s.")
        )
        made.skipped += [(c.name, reason % {"parent": parent.name}) for c in wanting]
        return []
    parts = partition(ground, len(wanting))
    return [
        child
        for child, part in zip(wanting, parts, strict=True)
        if put_boundary(child, part, source=f"{SOURCE}: {parent.code}", synthetic=True)
    ]


def _free_ground(parent: Area, placed: Sequence[Area]) -> BaseGeometry | None:
    """What the placed children leave of their parent, without crumbs; None where it is not known or nothing."""
    whole = shape_of(parent)
    if whole is None:
        return None
    taken = [shape for child in placed if (shape := shape_of(child)) is not None]
    if not taken:
        return whole
    rest = shapely.difference(whole, shapely.union_all(taken))
    parts = [p for p in shapely.get_parts(rest) if area_m2(p) >= _SMALLEST_REST_M2]
    return shapely.MultiPolygon(parts) if parts else None


@transaction.atomic
def make_grids(
    parent_code: str,
    *,
    count: int | None = None,
    hectares: float | None = None,
    by: Actor,
    now: datetime,
    again: bool = False,
    progress: Progress = iter,
) -> Made:
    """Cut every community inside `parent_code` that has a boundary and no grids into grids.

    `count` is the number of grids in all, shared out by area with at least one each; or `hectares` the size
    of a grid. Ground of a subdistrict that no community covers becomes special grids under the subdistrict
    itself. With `again`, synthetic grids get new boundaries under their codes; what is too many is retired in
    favour of the grid that now covers it. `progress` wraps the places. Raises PermissionDenied, Refused.
    """
    deed = _Deed(by, now, require_over(by, May.MANAGE_AREAS, parent_code))
    _demand_one_measure(count, hectares)
    made = Made()
    grounds = _grounds(_locked(parent_code, list(Level)), made, again)
    if not grounds:
        return made
    sizes = [area_m2(ground.shape) for ground in grounds]
    if count is not None and count < len(grounds):
        raise Refused(
            "too_few_grids",
            _("%(places)d communities need at least %(places)d grids; %(count)d are too few.")
            % {"places": len(grounds), "count": count},
            field="count",
        )
    if hectares is not None:
        shares = [max(1, round(size / (hectares * 10_000))) for size in sizes]
    else:
        assert count is not None
        shares = apportion(sizes, count)
    cuts = [
        _cut(ground, share, timezone.localdate(now))
        for ground, share in progress(list(zip(grounds, shares, strict=True)))
    ]
    _write(cuts, deed, made)
    look_again()
    return made


def _demand_one_measure(count: int | None, hectares: float | None) -> None:
    if (count is None) == (hectares is None):
        raise Refused("no_measure", _("Say either how many grids there are to be, or how large."))
    if (count is not None and count < 1) or (hectares is not None and not hectares > 0):
        raise Refused("bad_measure", _("The number or size of grids must be more than nothing."))


@dataclass(frozen=True)
class _Ground:
    """A parent, the ground to be cut into grids, and the synthetic grids that stand there already."""

    parent: Area
    shape: BaseGeometry
    old: list[Area]


def _grounds(areas: list[Area], made: Made, again: bool) -> list[_Ground]:
    """Where grids are to be made."""
    children: dict[str | None, list[Area]] = defaultdict(list)
    for area in areas:
        children[area.parent_id].append(area)
    found = []
    for parent in areas:
        if parent.level not in (Level.SUBDISTRICT, Level.COMMUNITY):
            continue
        own = [c for c in children[parent.code] if c.level == Level.GRID]
        ground, reason = _ground_of(parent, children[parent.code])
        if ground is None:
            made.skipped += [(parent.name, reason)] if reason else []
        elif any(not g.synthetic for g in own) or (own and not again):
            made.skipped.append((parent.name, _("It has %(count)d grids.") % {"count": len(own)}))
        else:
            found.append(_Ground(parent, ground, own))
    return found


def _ground_of(parent: Area, children: list[Area]) -> tuple[BaseGeometry | None, str]:
    """The ground to be cut into grids of this parent, or None and why not."""
    if parent.level == Level.COMMUNITY:
        return shape_of(parent), _("Its boundary is not known.")
    communities = [child for child in children if child.level == Level.COMMUNITY]
    rest = _free_ground(parent, communities)
    unknown = sum(1 for community in communities if not community.boundary)
    if rest is not None and unknown:
        reason = _("Ground outside its communities stays: %(count)d of them have no boundary yet.")
        return None, reason % {"count": unknown}
    return rest, ""


@dataclass(frozen=True)
class _Cut:
    """One ground, cut: grids that moved, grids that are new, grids that are too many."""

    fresh: list[Area]
    moved: list[Area]
    kept: list[Area]
    surplus: list[Area]


def _cut(ground: _Ground, count: int, day: date) -> _Cut:
    """Cut one ground into `count` grids: old codes first, then new ones. Nothing is written yet."""
    parts = partition(ground.shape, count)
    source = f"{SOURCE}: {ground.parent.code}"
    kept, surplus = ground.old[:count], ground.old[count:]
    moved = [
        grid
        for grid, part in zip(kept, parts, strict=False)
        if put_boundary(grid, part, source=source, synthetic=True)
    ]
    fresh = []
    codes = next_codes(ground.parent, count - len(kept))
    for code, part in zip(codes, parts[len(kept) :], strict=True):
        name, name_en = grid_names(code)
        grid = Area(
            code=code, level=Level.GRID, name=name, name_en=name_en, parent=ground.parent, valid_from=day
        )  # fmt: skip
        put_boundary(grid, part, source=source, synthetic=True)
        fresh.append(grid)
    return _Cut(fresh, moved, kept, surplus)


def _write(cuts: Sequence[_Cut], deed: _Deed, made: Made) -> None:
    """Put all cuts into the register at once: the journal locks once, however many grids there are."""
    fresh = [grid for cut in cuts for grid in cut.fresh]
    moved = [grid for cut in cuts for grid in cut.moved]
    Area.objects.bulk_update(moved, BOUNDARY_FIELDS, batch_size=200)
    Area.objects.bulk_create(fresh, batch_size=1000)
    gone = [event for cut in cuts for event in _retire_surplus(cut, deed)]
    append_many(
        [deed.happening("area.added", g, source=SOURCE, synthetic=True) for g in fresh]
        + [deed.happening("area.boundary_made", g, source=SOURCE) for g in moved]
        + gone
    )
    made.grids = [g.code for g in fresh]
    made.boundaries = [g.code for g in moved]
    made.retired = [g.code for cut in cuts for g in cut.surplus]


def _retire_surplus(cut: _Cut, deed: _Deed) -> list[Happening]:
    happened = []
    for grid in cut.surplus:
        spot = _shape(grid).representative_point()
        heirs = [*cut.kept, *cut.fresh]
        heir = min(heirs, key=lambda h: (_shape(h).distance(spot), h.code))
        grid.status, grid.valid_to = AreaStatus.RETIRED, timezone.localdate(deed.now)
        grid.version += 1
        grid.save(update_fields=["status", "valid_to", "version"])
        grid.successors.set([heir])
        hand_over([grid], [heir], day=timezone.localdate(deed.now))
        happened.append(deed.happening("area.retired", grid, successors=[heir.code]))
    return happened


def _shape(area: Area) -> BaseGeometry:
    shape = shape_of(area)
    assert shape is not None
    return shape


def _locked(root: str, levels: Sequence[Level]) -> list[Area]:
    """The active areas of these levels in the subtree, locked in code order, behind their district's lock."""
    district = Area.objects.filter(code=root[: CODE_LENGTHS[Level.DISTRICT]])
    inside = Area.objects.active().subtree(root).filter(level__in=levels)
    rows = (inside | district).order_by("code").select_for_update(of=("self",))
    areas = [area for area in rows if area.code.startswith(root) and area.level in levels]
    if not areas:
        raise Refused(
            "area_unknown", _("There is no area with the code %(code)s.") % {"code": root}, 404
        )
    return areas
