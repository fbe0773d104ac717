"""Lists of whistles: the desk of a street, what a unit is summoned to, and the map."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from clocks.lamps import lamp
from config.pages import page, slice_of
from config.paging import Ordering
from grids.queries import seen_prefixes
from incidents.reading import time_left
from whistles.filters import WhistleFilter
from whistles.querysets import SEES, calls_of, for_list, on_map, visible_to
from whistles.reading import rows

NEWEST: Ordering = (("drafted_at", "desc"), ("id", "desc"))
MOST_ON_MAP = 1_000
MOST_CALLS = 100


@login_required
@only(*SEES)
@require_GET
def whistles(request: ActorRequest) -> HttpResponse:
    """Every whistle in scope, filtered, the newest first."""
    chosen = WhistleFilter(
        request.GET, queryset=for_list(visible_to(request.actor)), request=request
    )
    found = slice_of(request, chosen.qs, NEWEST)
    context = {
        "filter": chosen,
        "slice": found,
        "rows": rows(found.items, timezone.now()),
        "may_blow": bool(request.actor.posts_with(May.BLOW)),
    }
    return page(request, "whistles/whistles.html#rows", context)


@login_required
@only(May.COME)
@require_GET
def called(request: ActorRequest) -> HttpResponse:
    """Where my unit must go now. Phone first."""
    now = timezone.now()
    found = [
        (
            part,
            lamp(part.whistle.due_at, part.whistle.amber_at, now),
            time_left(part.whistle.due_at, now),
        )
        for part in calls_of(request.actor)[:MOST_CALLS]
    ]
    return page(request, "whistles/called.html", {"calls": found})


@login_required
@only(*SEES)
@require_GET
def whistle_map(request: ActorRequest) -> HttpResponse:
    """Open whistles on the map; whoever may blow marks a point and blows one there."""
    now = timezone.now()
    points = [
        {
            "n": one.number,
            "x": one.lon,
            "y": one.lat,
            "l": lamp(one.due_at, one.amber_at, now),
            "t": f"{one.type.shown_name} · {one.get_state_display()}",
        }
        for one in on_map(request.actor, MOST_ON_MAP)
    ]
    seen = seen_prefixes(request.actor)
    context = {
        "points": points,
        "parent": seen[0] if seen else "",
        "may_blow": bool(request.actor.posts_with(May.BLOW)),
        "words": {
            "here": _("Blow a whistle here"),
            "open": _("Open the whistle"),
            "new": reverse("whistles:new"),
        },
    }
    return page(request, "whistles/map.html", context)
