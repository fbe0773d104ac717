"""Areas as a tree."""

from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from config.refusal import Refused
from grids.models import Area, Level
from grids.queries import parent_code, visible_to

Branch = dict[str, Any]

MOST_AREAS: Final = 8_000
_LEVELS: Final = list(Level)


class TreeTooLarge(Refused):
    """More areas than one answer should carry."""

    def __init__(self) -> None:
        super().__init__(
            "tree_too_large",
            _("That is more than %(limit)d areas. Ask for a smaller root or fewer levels.")
            % {"limit": MOST_AREAS},
            400,
            field="depth",
        )


def branch(root: str, depth: int, actor: Actor) -> Branch | None:
    """The area `root` with `depth` levels of areas below it, as far as the actor sees them; None where the
    actor does not see the root. Two queries. Raises TreeTooLarge.
    """
    seen = visible_to(actor).subtree(root).active().listed()
    top = seen.filter(code=root).first()
    if top is None:
        return None
    rows = seen.filter(_down_to(Level(top.level), depth)).order_by("code")[: MOST_AREAS + 1]
    areas = list(rows)
    if len(areas) > MOST_AREAS:
        raise TreeTooLarge
    branches = {root: _leaf(top)}
    for area in areas:
        above = parent_code(area.code)
        if area.code != root and above in branches:
            branches[area.code] = _leaf(area)
            branches[above]["children"].append(branches[area.code])
    return branches[root]


def _down_to(level: Level, depth: int) -> Q:
    """Areas at most `depth` levels below `level`. A grid right under a subdistrict is one level below it."""
    first = _LEVELS.index(level)
    wanted = Q(level__in=_LEVELS[first : first + depth + 1])
    if Level.COMMUNITY in _LEVELS[first : first + depth + 1]:
        wanted |= Q(level=Level.GRID, parent__level=Level.SUBDISTRICT)
    return wanted


def _leaf(area: Area) -> Branch:
    return {
        "code": area.code,
        "name": area.shown_name,
        "level": area.level,
        "synthetic": area.synthetic,
        "children": [],
    }
