"""Taking hold of areas before they are changed: always from the district downwards, so that nobody deadlocks."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from accounts.actor import Actor
from config.refusal import Refused, SomebodyWasFirst
from grids.models import CODE_LENGTHS, Area, Level
from grids.queries import visible_to


def hold(codes: Collection[str]) -> dict[str, Area]:
    """The areas, their parents and their district, locked in code order until the transaction ends.

    The lock on the district keeps a second person from drawing in it at the same moment. Codes that do not
    exist are absent.
    """
    wanted = set(codes)
    wanted |= {code[: CODE_LENGTHS[Level.DISTRICT]] for code in codes}
    rows = Area.objects.filter(code__in=wanted).order_by("code")
    found = {area.code: area for area in rows.select_for_update(of=("self",), no_key=True)}
    parents = {a.parent_id for a in found.values() if a.parent_id} - set(found)
    # Parents are never written here, so they need no lock of their own: the district's stands for them.
    found |= {area.code: area for area in Area.objects.filter(code__in=parents)}
    return found


def held_grids(codes: Collection[str], versions: Mapping[str, int], by: Actor) -> list[Area]:
    """The grids, locked, as the person saw them. Raises Area.DoesNotExist for a code that `by` does not see,
    Refused for what is no grid, SomebodyWasFirst where one was changed or retired since.
    """
    seen = set(visible_to(by).filter(code__in=codes).values_list("code", flat=True))
    if set(codes) - seen:
        raise Area.DoesNotExist
    areas = hold(codes)
    grids = [areas[code] for code in sorted(set(codes))]
    for grid in grids:
        if grid.level != Level.GRID:
            sentence = _("%(name)s is no grid; only grids are drawn, split, merged and retired.")
            raise Refused("not_a_grid", sentence % {"name": grid.shown_name})
        demand_unchanged(grid, versions.get(grid.code))
    return grids


def demand_unchanged(area: Area, version: int | None) -> None:
    """Raises SomebodyWasFirst where the area was retired, or changed since `version` (None: whatever it is)."""
    if not area.is_active:
        raise SomebodyWasFirst(
            _("%(name)s was retired on %(day)s. Nothing was changed.")
            % {"name": area.shown_name, "day": area.valid_to},
            kept={"version": area.version},
        )
    if version is not None and area.version != version:
        raise SomebodyWasFirst(
            _("%(name)s was changed after you opened it. What you drew is still here.")
            % {"name": area.shown_name},
            kept={"version": area.version},
        )
