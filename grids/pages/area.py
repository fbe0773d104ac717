"""One area: what it is, where it lies, who serves it, what happened to it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.authority import post_over
from accounts.middleware import ActorRequest
from accounts.models import Organisation, Post
from accounts.pages.saving import attempt, status_of
from accounts.roles import May, Role
from config.pages import page
from grids.boundaries import shape_of
from grids.candidates import bodies_for, people_for
from grids.counting import below
from grids.drawing import describe
from grids.forms import AssignForm, DescribeForm, described
from grids.models import Area, Duty, Level, Staffing
from grids.pages.common import can_hold_grids, managed, seen_area, who_sees_areas
from grids.panels import panels_of
from grids.projection import area_m2
from grids.queries import ancestors, codes_above
from grids.staffing import history, serving
from journal.queries import timeline
from journal.wording import lines

MOST_EVENTS = 30


@require_safe
@who_sees_areas
def area(request: ActorRequest, code: str) -> HttpResponse:
    """The area's page."""
    shown = seen_area(request, code)
    return page(request, "grids/area.html", area_context(request, shown))


def area_context(
    request: ActorRequest, shown: Area, assign: AssignForm | None = None
) -> dict[str, Any]:
    """Everything on the area's page; `assign` is the form of a duty as it was sent."""
    today = timezone.localdate()
    actor, code = request.actor, shown.code
    staffing = post_over(actor, May.SEE_STAFFING, code) is not None
    may_staff = shown.is_active and post_over(actor, May.MANAGE_STAFFING, code) is not None
    shape = shape_of(shown)
    events = timeline("area", code)
    if not staffing:
        events = events.exclude(verb__startswith="staffing.")
    latest = events.order_by("-seq")[:MOST_EVENTS]
    return {
        "area": shown,
        "above": ancestors(code),
        "hectares": area_m2(shape) / 10_000 if shape is not None else None,
        "below": below([code], today, staffing=staffing)[code],
        "children": Area.objects.active().listed().filter(parent=shown).count(),
        "successors": shown.successors.listed(),
        "predecessors": shown.predecessors.listed(),
        "body": _body(shown),
        "commanders": _commanders(code, today),
        "is_grid": shown.level == Level.GRID,
        "staffing": staffing,
        "crew": _crew(code, today) if staffing and shown.level == Level.GRID else [],
        "past": _past(code, today) if staffing and shown.level == Level.GRID else [],
        "may_staff": may_staff,
        "assign": assign or AssignForm(people=people_for(actor), initial={"since": today})
        if may_staff and shown.level == Level.GRID
        else None,
        "may_manage": shown.is_active and post_over(actor, May.MANAGE_AREAS, code) is not None,
        "may_draw": can_hold_grids(shown),
        "lines": lines(latest),
        "panels": panels_of(shown, actor),
    }


def _body(shown: Area) -> Organisation | None:
    """The organisation that is founded for this very area (a subdistrict's office, a community's committee)."""
    kinds = {Level.SUBDISTRICT: "subdistrict", Level.COMMUNITY: "community"}
    kind = kinds.get(Level(shown.level))
    if kind is None:
        return None
    return Organisation.objects.filter(area_code=shown.code, kind=kind, active=True).first()


def _commanders(code: str, day: date) -> list[Post]:
    """Who is first responsible here: the commander of the area, else of the nearest area above (domain row A1)."""
    chain = [*codes_above(code), code]
    posts = (
        Post.objects.held_on(day)
        .filter(role=Role.COMMANDER, area_code__in=chain)
        .select_related("user", "organisation")
    )
    nearest = max((len(post.area_code) for post in posts), default=0)
    return [post for post in posts if len(post.area_code) == nearest]


def _crew(code: str, day: date) -> list[Staffing]:
    """Who serves the grid, the chief first."""
    order = list(Duty)
    return sorted(serving(code, day), key=lambda held: (order.index(Duty(held.duty)), held.pk))


def _past(code: str, day: date) -> Any:
    return history(code).filter(Q(valid_to__lt=day))


@require_http_methods(["GET", "HEAD", "POST"])
@who_sees_areas
def describe_area(request: ActorRequest, code: str) -> HttpResponse:
    """Change what it is called and what it is."""
    shown = managed(request, code)
    form = DescribeForm(request.POST or None, area=shown, organisations=bodies_for(request.actor))
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            lambda: describe(
                code=code,
                version=form.cleaned_data["version"],
                facts=form.facts(),
                by=request.actor,
                now=timezone.now(),
            ),
            stored=lambda: described(seen_area(request, code)),
        )
        if changed is not None:
            messages.success(request, _("%(name)s was saved.") % {"name": changed.shown_name})
            return redirect("grids:area", code)
    context = {"area": shown, "above": ancestors(code), "form": form}
    return page(request, "grids/describe.html", context, status=status_of(form))
