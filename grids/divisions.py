"""Official divisions become areas: added, renamed, and what is gone is reported. Nothing is deleted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.authority import require_over
from accounts.roles import May
from grids.china_division import Division
from grids.english_names import english_name
from grids.locate import look_again
from grids.models import Area, Level
from grids.queries import codes_above, parent_code
from journal.append import Happening, append_many


@dataclass(frozen=True)
class DivisionsReport:
    """What an import of divisions did. `vanished` are areas here that the source no longer has."""

    unchanged: int = 0
    added: list[Division] = field(default_factory=list)
    renamed: list[tuple[Division, str]] = field(default_factory=list)  # with the former name
    vanished: list[Area] = field(default_factory=list)
    retired: list[Division] = field(default_factory=list)  # in the source, but retired here


@transaction.atomic
def import_divisions(
    divisions: Sequence[Division], *, root: str, source: str, by: Actor, now: datetime
) -> DivisionsReport:
    """Add and rename areas so that the subtree of `root` holds `divisions`; run twice it changes nothing.

    `divisions` must contain the way up from `root`. Areas that the source no longer has stay as they are,
    because cases hang on them: retiring is a person's decision. Grids are not touched. `source` goes into
    the journal. Raises PermissionDenied.
    """
    post = require_over(by, May.MANAGE_AREAS, root)
    held = {area.code: area for area in _locked(root)}
    report = _compared(divisions, held)
    day = timezone.localdate(now)
    Area.objects.bulk_create([_area(division, day) for division in report.added], batch_size=1000)
    for division, _former in report.renamed:
        area = held[division.code]
        area.name, area.name_en = division.name, english_name(division.name, division.level)
        area.version += 1
    renamed = [held[division.code] for division, _former in report.renamed]
    Area.objects.bulk_update(renamed, ["name", "name_en", "version"], batch_size=1000)

    def happened(verb: str, division: Division, **facts: str) -> Happening:
        return Happening(
            verb=verb,
            subject=("area", division.code),
            area_code=division.code,
            by=by,
            now=now,
            post=post,
            data={"name": division.name, "source": source, **facts},
        )

    append_many(
        [happened("area.added", division) for division in report.added]
        + [happened("area.renamed", division, former=former) for division, former in report.renamed]
    )
    look_again()
    return report


def _locked(root: str) -> list[Area]:
    """The rows that may change, locked in code order."""
    above = Area.objects.filter(code__in=codes_above(root))
    below = Area.objects.subtree(root).exclude(level=Level.GRID)
    return list((above | below).listed().order_by("code").select_for_update(of=("self",)))


def _compared(divisions: Sequence[Division], held: dict[str, Area]) -> DivisionsReport:
    unchanged = 0
    report = DivisionsReport()
    for division in divisions:
        area = held.get(division.code)
        if area is None:
            report.added.append(division)
        elif not area.is_active:
            report.retired.append(division)
        elif area.name != division.name:
            report.renamed.append((division, area.name))
        else:
            unchanged += 1
    known = {division.code for division in divisions}
    vanished = [area for area in held.values() if area.code not in known and area.is_active]
    return DivisionsReport(unchanged, report.added, report.renamed, vanished, report.retired)


def _area(division: Division, day: date) -> Area:
    return Area(
        code=division.code,
        level=division.level,
        name=division.name,
        name_en=english_name(division.name, division.level)[:120],
        parent_id=parent_code(division.code),
        valid_from=day,
    )
