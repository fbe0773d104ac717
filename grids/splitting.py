"""One grid becomes two or more along a drawn line."""

from datetime import datetime

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
from grids.drawn import SMALLEST_M2
from grids.locate import look_again
from grids.locking import held_grids
from grids.models import Area, Level
from grids.numbering import grid_names, next_codes
from grids.partition import in_reading_order
from grids.projection import area_m2
from grids.retiring import put_out_of_use
from journal.append import Happening, append_many


@transaction.atomic
def split(
    *, code: str, version: int | None, line: shapely.LineString, by: Actor, now: datetime
) -> list[Area]:
    """Cut a grid along `line` (WGS 84). The parts get new codes, west to east and north to south; the old
    code is retired in their favour. Parts of a synthetic grid are synthetic too.

    Raises PermissionDenied, Area.DoesNotExist, SomebodyWasFirst, Refused.
    """
    (grid,) = held_grids([code], {code: version} if version is not None else {}, by)
    post = require_over(by, May.MANAGE_AREAS, code)
    parts = in_reading_order(_cut(grid, line))
    assert grid.parent is not None
    day = timezone.localdate(now)
    fresh = []
    for new_code, part in zip(next_codes(grid.parent, len(parts)), parts, strict=True):
        name, name_en = grid_names(new_code)
        area = Area(
            code=new_code,
            level=Level.GRID,
            name=name,
            name_en=name_en,
            parent=grid.parent,
            plot_type=grid.plot_type,
            acting_body=grid.acting_body,
            valid_from=day,
        )
        source = grid.boundary_source if grid.synthetic else DRAWN
        put_boundary(area, part, source=source, synthetic=grid.synthetic)
        fresh.append(area)
    Area.objects.bulk_create(fresh)
    put_out_of_use([grid], fresh, verb="area.split", by=by, now=now, post=post)
    append_many(
        [
            Happening(
                verb="area.drawn", subject=("area", area.code), area_code=area.code, by=by, now=now,
                post=post, data={"split_from": code, "synthetic": area.synthetic},
            )
            for area in fresh
        ]
    )  # fmt: skip
    look_again()
    return fresh


def _cut(grid: Area, line: shapely.LineString) -> list[BaseGeometry]:
    """The parts on both sides of the line. Raises Refused where it does not cut, or cuts off a crumb."""
    shape = shape_of(grid)
    if shape is None:
        raise Refused("no_boundary", _("This grid has no border yet; draw it first."), field="line")
    parts: list[BaseGeometry] = []
    for piece in shapely.get_parts(shape):
        noded = shapely.union_all([piece.boundary, line])
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        parts += [face for face in faces if piece.contains(face.point_on_surface())]
    if len(parts) <= len(shapely.get_parts(shape)):
        raise Refused(
            "line_does_not_cut",
            _("The line must lead from border to border, right through the grid."),
            field="line",
        )
    crumb = min(area_m2(part) for part in parts)
    if crumb < SMALLEST_M2:
        sentence = _("A part of only %(size).0f m² would be left. Draw the line elsewhere.")
        raise Refused("crumb", sentence % {"size": crumb}, field="line")
    return parts
