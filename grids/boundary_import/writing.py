"""What an examination found sound goes into the register: all of it in one transaction, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.authority import require_over
from accounts.roles import May
from config.refusal import SomebodyWasFirst
from grids.boundaries import BOUNDARY_FIELDS, put_boundary
from grids.boundary_import.examining import Examination, NewBoundary
from grids.locate import look_again
from grids.models import CODE_LENGTHS, Area, Level
from grids.numbering import grid_names
from grids.projection import area_m2
from grids.queries import parent_code
from journal.append import Happening, append_many


@dataclass(frozen=True)
class Written:
    """How many boundaries were changed, how many grids were founded, and how many were as they are now."""

    changed: int
    added: int
    unchanged: int


@transaction.atomic
def import_boundaries(examination: Examination, *, by: Actor, now: datetime) -> Written:
    """Write the sound boundaries of an examination. At grid level new codes become new grids.

    Raises PermissionDenied, SomebodyWasFirst where an area was retired since the examination.
    """
    report, boundaries = examination.report, examination.boundaries
    length = CODE_LENGTHS[Level.DISTRICT]
    posts = {d: require_over(by, May.MANAGE_AREAS, d) for d in {c[:length] for c in boundaries}}
    held = {
        area.code: area
        for area in Area.objects.filter(code__in=boundaries)
        .order_by("code")
        .select_for_update(of=("self",))
    }
    _demand_standing(held.values())
    new = [
        _new_grid(b, report.file, timezone.localdate(now))
        for b in boundaries.values()
        if b.code not in held
    ]
    changed = [
        area
        for code, area in held.items()
        if put_boundary(area, boundaries[code].shape, source=report.file, synthetic=False)
    ]
    Area.objects.bulk_create(new, batch_size=1000)
    Area.objects.bulk_update(changed, BOUNDARY_FIELDS, batch_size=200)

    def happened(verb: str, area: Area) -> Happening:
        facts: dict[str, Any] = {
            "file": report.file,
            "crs": report.crs,
            "area_m2": round(area_m2(boundaries[area.code].shape)),
            "repaired": boundaries[area.code].repaired,
        }
        return Happening(
            verb=verb, subject=("area", area.code), area_code=area.code, by=by, now=now,
            post=posts[area.code[:length]], data=facts,
        )  # fmt: skip

    append_many(
        [happened("area.added", area) for area in new]
        + [happened("area.boundary_imported", area) for area in changed]
    )
    look_again()
    return Written(len(changed), len(new), len(held) - len(changed))


def _demand_standing(areas: Iterable[Area]) -> None:
    gone = [area.name for area in areas if not area.is_active]
    if gone:
        raise SomebodyWasFirst(
            _("%(names)s was retired in the meantime. Nothing was written; examine the file again.")
            % {"names": "、".join(gone)}
        )


def _new_grid(boundary: NewBoundary, source: str, day: date) -> Area:
    usual, english = grid_names(boundary.code)
    area = Area(
        code=boundary.code,
        level=Level.GRID,
        name=boundary.name or usual,
        name_en="" if boundary.name else english,
        parent_id=parent_code(boundary.code),
        valid_from=day,
    )
    put_boundary(area, boundary.shape, source=source, synthetic=False)
    return area
