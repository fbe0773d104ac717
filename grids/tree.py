"""Areas as a tree."""

from typing import Any

from accounts.actor import Actor
from grids.models import Area
from grids.queries import parent_code, visible_to

Branch = dict[str, Any]


def branch(root: str, depth: int, actor: Actor) -> Branch | None:
    """The area `root` with `depth` levels of areas below it, as far as the actor sees them; None where the
    actor does not see the root. One query."""
    areas = visible_to(actor).subtree(root).active().listed().order_by("code")
    branches: dict[str, Branch] = {}
    depths: dict[str, int] = {}
    for area in areas:
        above = parent_code(area.code)
        if area.code == root:
            depths[root] = 0
        elif above in depths and depths[above] < depth:
            depths[area.code] = depths[above] + 1
        else:
            continue
        branches[area.code] = _leaf(area)
        if area.code != root and above is not None:
            branches[above]["children"].append(branches[area.code])
    return branches.get(root)


def _leaf(area: Area) -> Branch:
    return {
        "code": area.code,
        "name": area.shown_name,
        "level": area.level,
        "synthetic": area.synthetic,
        "children": [],
    }
