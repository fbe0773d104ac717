"""Neighbouring grids become one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import shapely
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from accounts.actor import Actor
from accounts.authority import require_over
from accounts.roles import May
from config.refusal import Refused
from grids.boundaries import put_boundary, shape_of
from grids.drawing import DRAWN
from grids.locate import look_again
from grids.locking import held_grids
from grids.models import Area, Level
from grids.numbering import grid_names, next_codes
from grids.projection import LocalPlane
from grids.retiring import put_out_of_use
from journal.append import append

# Surveys leave cracks between neighbours; up to this width (metres) they count as touching.
_CRACK_M: Final = 1.0


@transaction.atomic
def merge(*, versions: Mapping[str, int], name: str = "", by: Actor, now: datetime) -> Area:
    """Make one grid of those in `versions` (code → version that was seen). It gets a new code; the old
    ones are retired in its favour. All must lie in one community and touch.

    Raises PermissionDenied, Area.DoesNotExist, SomebodyWasFirst, Refused.
    """
    if len(versions) < 2:
        raise Refused("one_is_not_enough", _("Choose at least two grids."), field="codes")
    grids = held_grids(list(versions), versions, by)
    posts = [require_over(by, May.MANAGE_AREAS, grid.code) for grid in grids]
    parent = grids[0].parent
    if parent is None or any(grid.parent_id != parent.code for grid in grids):
        raise Refused(
            "different_parents",
            _("Only grids of the same community can be merged."),
            field="codes",
        )
    shape = _joined(grids)
    code = next_codes(parent, 1)[0]
    usual, english = grid_names(code)
    plots = {grid.plot_type for grid in grids}
    merged = Area(
        code=code,
        level=Level.GRID,
        name=name.strip() or usual,
        name_en="" if name.strip() else english,
        parent=parent,
        plot_type=plots.pop() if len(plots) == 1 else "",
        valid_from=timezone.localdate(now),
    )
    synthetic = any(grid.synthetic for grid in grids)
    source = next((g.boundary_source for g in grids if g.synthetic), DRAWN)
    put_boundary(merged, shape, source=source, synthetic=synthetic)
    merged.save(force_insert=True)
    put_out_of_use(grids, [merged], verb="area.merged", by=by, now=now, post=posts[0])
    append(
        "area.drawn",
        subject=("area", code),
        area_code=code,
        by=by,
        now=now,
        post=posts[0],
        data={"merged_from": [grid.code for grid in grids], "synthetic": synthetic},
    )
    look_again()
    return merged


def _joined(grids: list[Area]) -> BaseGeometry:
    """The union, with cracks between neighbours closed. Raises Refused where it falls into more pieces."""
    shapes = [shape_of(grid) for grid in grids]
    if any(shape is None for shape in shapes):
        raise Refused("no_boundary", _("A grid without a border cannot be merged."), field="codes")
    union: BaseGeometry = shapely.union_all(shapes)
    if _touching(shapes):
        return union
    closed = _without_cracks(union)
    if len(shapely.get_parts(closed)) >= len(shapely.get_parts(union)):
        raise Refused("not_neighbours", _("These grids do not touch each other."), field="codes")
    return closed


def _touching(shapes: list[BaseGeometry | None]) -> bool:
    """Whether every grid can be reached from the first over shared borders (a shared corner is none)."""
    reached, waiting = {0}, [0]
    while waiting:
        one = shapes[waiting.pop()]
        found = {i for i, other in enumerate(shapes) if i not in reached and _adjoin(one, other)}
        reached |= found
        waiting += sorted(found)
    return len(reached) == len(shapes)


def _adjoin(one: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    if one is None or other is None or not one.intersects(other):
        return False
    return bool(one.intersection(other).length > 0)


def _without_cracks(union: BaseGeometry) -> BaseGeometry:
    plane = LocalPlane(*union.centroid.coords[0])
    flat = shapely.transform(union, plane.to_metres)
    filled = flat.buffer(_CRACK_M / 2, join_style="mitre").buffer(-_CRACK_M / 2, join_style="mitre")
    return shapely.union_all([union, shapely.transform(filled, plane.to_degrees)])
