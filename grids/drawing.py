"""Drawing a grid on the map, moving its border, and saying what it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from accounts.actor import Actor
from accounts.authority import require_over
from accounts.models import Organisation
from accounts.roles import May
from config.refusal import Refused
from grids.boundaries import BOUNDARY_FIELDS, put_boundary, shape_of
from grids.fitting import fitted
from grids.locate import look_again
from grids.locking import demand_unchanged, held_grids, hold
from grids.models import Area, Level, PlotType
from grids.numbering import grid_names, next_codes
from grids.projection import area_m2
from grids.queries import visible_to
from journal.append import append

DRAWN = "drawn on the map"


@dataclass(frozen=True, kw_only=True)
class GridFacts:
    """What a person says about a grid besides its border."""

    name: str = ""
    name_en: str = ""
    plot_type: PlotType | str = ""
    acting_body: Organisation | None = None


@transaction.atomic
def draw_grid(
    *,
    parent_code: str,
    shape: BaseGeometry,
    facts: GridFacts,
    by: Actor,
    now: datetime,
    trim: bool = False,
) -> Area:
    """Found a grid with this border (valid, WGS 84) under a community, or under a subdistrict for a park.

    It gets the next code that was never used. `trim` cuts off what lies outside or on neighbours.
    Raises PermissionDenied, Area.DoesNotExist, Refused.
    """
    if not visible_to(by).filter(code=parent_code).exists():
        raise Area.DoesNotExist
    post = require_over(by, May.MANAGE_AREAS, parent_code)
    parent = hold([parent_code])[parent_code]
    demand_unchanged(parent, None)
    code = next_codes(parent, 1)[0]
    border = fitted(shape, parent, trim=trim)
    usual, english = grid_names(code)
    named = bool(facts.name.strip())
    grid = Area(
        code=code,
        level=Level.GRID,
        name=facts.name.strip() or usual,
        name_en=facts.name_en.strip() if named else english,
        parent=parent,
        plot_type=facts.plot_type,
        acting_body=facts.acting_body,
        valid_from=timezone.localdate(now),
    )
    put_boundary(grid, border, source=DRAWN, synthetic=False)
    grid.save(force_insert=True)
    append(
        "area.drawn",
        subject=("area", code),
        area_code=code,
        by=by,
        now=now,
        post=post,
        data={"area_m2": round(area_m2(border)), "trimmed": trim},
    )
    look_again()
    return grid


@transaction.atomic
def redraw(
    *,
    code: str,
    version: int | None,
    shape: BaseGeometry,
    by: Actor,
    now: datetime,
    trim: bool = False,
) -> Area:
    """Give a grid another border (valid, WGS 84); a synthetic one becomes a drawn one.

    Raises PermissionDenied, Area.DoesNotExist, SomebodyWasFirst, Refused.
    """
    (grid,) = held_grids([code], {code: version} if version is not None else {}, by)
    post = require_over(by, May.MANAGE_AREAS, code)
    assert grid.parent is not None
    border = fitted(shape, grid.parent, instead_of=[grid], trim=trim)
    old = shape_of(grid)
    before = round(area_m2(old)) if old is not None else 0
    if put_boundary(grid, border, source=DRAWN, synthetic=False):
        grid.save(update_fields=BOUNDARY_FIELDS)
        append(
            "area.boundary_changed",
            subject=("area", code),
            area_code=code,
            by=by,
            now=now,
            post=post,
            data={"area_m2": round(area_m2(border)), "before_m2": before, "trimmed": trim},
        )
        look_again()
    return grid


@transaction.atomic
def describe(*, code: str, version: int | None, facts: GridFacts, by: Actor, now: datetime) -> Area:
    """Change what an area is called and what it is. Names of divisions are official: only a grid's may change.

    Raises PermissionDenied, Area.DoesNotExist, SomebodyWasFirst, Refused.
    """
    if not visible_to(by).filter(code=code).exists():
        raise Area.DoesNotExist
    post = require_over(by, May.MANAGE_AREAS, code)
    area = hold([code])[code]
    demand_unchanged(area, version)
    wanted = {"plot_type": str(facts.plot_type), "acting_body": facts.acting_body}
    if area.level == Level.GRID:
        if not facts.name.strip():
            raise Refused("no_name", _("A grid needs a name."), field="name")
        wanted |= {"name": facts.name.strip(), "name_en": facts.name_en.strip()}
    changed = [field for field, value in wanted.items() if getattr(area, field) != value]
    if changed:
        for field in changed:
            setattr(area, field, wanted[field])
        area.version += 1
        area.save(update_fields=[*changed, "version"])
        append(
            "area.described",
            subject=("area", code),
            area_code=code,
            by=by,
            now=now,
            post=post,
            data={"fields": changed, "name": area.name},
        )
        look_again()
    return area
