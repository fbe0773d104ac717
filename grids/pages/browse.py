"""The browser of areas: a tree, a list with filters, a map of the same ground."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.authority import post_over
from accounts.middleware import ActorRequest
from accounts.roles import May
from config.pages import page, slice_of
from config.paging import CURSOR, SIZE
from grids.counting import Below, below
from grids.filters import AreaFilter
from grids.models import Area, AreaQuerySet
from grids.pages.common import can_hold_grids, who_sees_areas
from grids.queries import codes_above, seen_prefixes, visible_to

NOT_FILTERS = {"at", CURSOR, SIZE}


@dataclass(frozen=True)
class Node:
    """One area in the tree: open ones show their children."""

    area: Area
    here: bool
    open: bool
    children: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Row:
    """One area in the list, with what lies below it."""

    area: Area
    below: Below


@require_safe
@who_sees_areas
def areas(request: ActorRequest) -> HttpResponse:
    """What lies in one area (`at`), or what fits the filters anywhere below it."""
    seen = visible_to(request.actor).listed()
    here = _here(request, seen)
    inside = seen.subtree(here.code).exclude(code=here.code) if here else seen
    chosen = AreaFilter(request.GET, inside)
    filtered = any(value for name, value in request.GET.items() if name not in NOT_FILTERS)
    rows = chosen.qs if filtered else inside.filter(parent=here, status="active")
    if not filtered and here is None:
        rows = chosen.qs.filter(parent=None)
    found = slice_of(request, rows, (("code", "asc"),))
    staffing = bool(request.actor.posts_with(May.SEE_STAFFING))
    counted = below([area.code for area in found.items], timezone.localdate(), staffing=staffing)
    context: dict[str, Any] = {
        "filter": chosen,
        "filtered": filtered,
        "slice": found,
        "rows": [Row(area, counted[area.code]) for area in found.items],
        "here": here,
        "tree": _tree(seen, here),
        "staffing": staffing,
        "may_draw": here is not None
        and can_hold_grids(here)
        and post_over(request.actor, May.MANAGE_AREAS, here.code) is not None,
    }
    return page(request, "grids/areas.html#area_rows", context)


def _here(request: ActorRequest, seen: AreaQuerySet) -> Area | None:
    """The area that is looked into: the one asked for, else the top of what the person sees."""
    asked = request.GET.get("at", "")
    if asked:
        found = seen.filter(code=asked).first()
        if found is None:
            raise Http404
        return found
    tops = seen_prefixes(request.actor)
    if len(tops) == 1 and tops[0]:
        return seen.filter(code=tops[0]).first()
    return None


def _tree(seen: AreaQuerySet, here: Area | None) -> tuple[Node, ...]:
    """The way to the area that is looked into, with everything beside it. One query."""
    path = {*codes_above(here.code), here.code} if here else set()
    rows = seen.active().filter(parent__in=path) | seen.active().filter(parent=None)
    children: dict[str | None, list[Area]] = {}
    for area in rows.order_by("code"):
        children.setdefault(area.parent_id, []).append(area)

    def nodes(parent: str | None) -> tuple[Node, ...]:
        return tuple(
            Node(
                area,
                here is not None and area.code == here.code,
                area.code in path,
                nodes(area.code) if area.code in path else (),
            )
            for area in children.get(parent, [])
        )

    return nodes(None)
