"""The map of open cases in scope. Points come box by box, never the whole city at once."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.middleware import ActorRequest
from accounts.roles import May
from clocks.lamps import lamp
from config.pages import page
from grids.panels import outlines_for
from grids.queries import seen_prefixes
from incidents.choices import OPEN
from incidents.filters import IncidentFilter
from incidents.points import BadBox, points_in
from incidents.querysets import visible_to

# So many points are drawn at once; beyond that the page says so, and zooming in shows the rest.
MOST_POINTS = 3_000


@login_required
@require_GET
def open_map(request: ActorRequest) -> HttpResponse:
    """The page; the points are fetched for the box that is shown."""
    request.actor.require(May.SEE_CASES)
    cases = visible_to(request.actor).filter(state__in=OPEN)
    context = {
        "filter": IncidentFilter(request.GET, queryset=cases, request=request),
        "parent": seen_prefixes(request.actor)[0] if seen_prefixes(request.actor) else "",
        "outlines": [vars(one) for one in outlines_for(request.actor)],
        "words": {
            "shown": _("%(n)s open cases in this part of the map"),
            "cut": _("The first %(n)s open cases of this part of the map; zoom in for the rest"),
            "none": _("No open case in this part of the map"),
            "failed": _("The cases could not be fetched. Move the map to try again."),
            "open": _("Open the case"),
            "unclassified": _("Not classified yet"),
        },
    }
    return page(request, "incidents/map.html", context)


@login_required
@require_GET
def points(request: ActorRequest) -> JsonResponse:
    """Open cases in `box=west,south,east,north` (degrees, WGS 84), filtered as the list is."""
    request.actor.require(May.SEE_CASES)
    cases = visible_to(request.actor).filter(state__in=OPEN)
    filtered = IncidentFilter(request.GET, queryset=cases, request=request).qs
    try:
        found = points_in(filtered, request.GET.get("box", ""), most=MOST_POINTS + 1)
    except BadBox as bad:
        return JsonResponse({"detail": str(bad), "code": bad.code}, status=bad.status)
    now = timezone.now()
    rows = [
        {
            "n": number,
            "x": lon,
            "y": lat,
            "l": lamp(due, amber, now),
            "i": item or "",
        }
        for number, lon, lat, due, amber, item in found[:MOST_POINTS]
    ]
    return JsonResponse({"points": rows, "cut": len(found) > MOST_POINTS})
