"""Drawing on the map: a new grid, another border, a split, a merger, a retirement."""

from collections.abc import Callable
from typing import Any

import shapely
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import ActorRequest
from accounts.pages.saving import attempt, status_of
from config.pages import page
from grids.boundaries import shape_of
from grids.drawing import draw_grid, redraw
from grids.drawn import line_from, polygon_from
from grids.forms import BorderForm, MergeForm, NewGridForm, RetireForm, SplitForm, versions_in
from grids.merging import merge
from grids.models import Area, Level
from grids.pages.common import managed, who_sees_areas
from grids.queries import ancestors
from grids.retiring import retire
from grids.splitting import split

# So many neighbours are offered as successors or partners of a merger.
MOST_NEIGHBOURS = 40


def _shown(
    request: ActorRequest, template: str, form: Any, area: Area, **more: Any
) -> HttpResponse:
    context = {"form": form, "area": area, "above": ancestors(area.code), **more}
    return page(request, template, context, status=status_of(form))


def _present(code: str) -> Callable[[], dict[str, Any]]:
    """What is stored now, for somebody who was overtaken."""

    def stored() -> dict[str, Any]:
        area = Area.objects.get(code=code)
        return {"shape": _geojson(area)}

    return stored


def _geojson(area: Area) -> str:
    shape = shape_of(area)
    return shapely.to_geojson(shape) if shape is not None else ""


@require_http_methods(["GET", "HEAD", "POST"])
@who_sees_areas
def draw(request: ActorRequest, code: str) -> HttpResponse:
    """A new grid inside the community or subdistrict `code`."""
    parent = managed(request, code)
    form = NewGridForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: draw_grid(
                parent_code=code,
                shape=polygon_from(form.cleaned_data["shape"]),
                facts=form.facts(),
                trim=form.cleaned_data["trim"],
                by=request.actor,
                now=timezone.now(),
            ),
        )
        if made is not None:
            words = {"name": made.shown_name, "code": made.code}
            messages.success(request, _("%(name)s was founded with the code %(code)s.") % words)
            return redirect("grids:area", made.code)
    return _shown(request, "grids/draw.html", form, parent)


@require_http_methods(["GET", "HEAD", "POST"])
@who_sees_areas
def border(request: ActorRequest, code: str) -> HttpResponse:
    """Another border for a grid."""
    grid = managed(request, code)
    initial = {"shape": _geojson(grid), "version": grid.version}
    form = BorderForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            lambda: redraw(
                code=code,
                version=form.cleaned_data["version"] or 0,
                shape=polygon_from(form.cleaned_data["shape"]),
                trim=form.cleaned_data["trim"],
                by=request.actor,
                now=timezone.now(),
            ),
            stored=_present(code),
        )
        if changed is not None:
            messages.success(
                request, _("The border of %(name)s was saved.") % {"name": changed.shown_name}
            )
            return redirect("grids:area", code)
    return _shown(request, "grids/border.html", form, grid)


@require_http_methods(["GET", "HEAD", "POST"])
@who_sees_areas
def split_grid(request: ActorRequest, code: str) -> HttpResponse:
    """Split a grid along a line."""
    grid = managed(request, code)
    form = SplitForm(request.POST or None, initial={"version": grid.version})
    if request.method == "POST" and form.is_valid():
        parts = attempt(
            form,
            lambda: split(
                code=code,
                version=form.cleaned_data["version"] or 0,
                line=line_from(form.cleaned_data["line"]),
                by=request.actor,
                now=timezone.now(),
            ),
            stored=dict,
        )
        if parts is not None:
            codes = ", ".join(part.code for part in parts)
            messages.success(request, _("Split into %(codes)s.") % {"codes": codes})
            return redirect("grids:area", code)
    return _shown(request, "grids/split.html", form, grid)


@require_http_methods(["GET", "HEAD", "POST"])
@who_sees_areas
def merge_grids(request: ActorRequest, code: str) -> HttpResponse:
    """Merge a grid with neighbours."""
    grid = managed(request, code)
    offered = [grid, *_touching(grid)]
    initial = {"codes": [f"{grid.code}:{grid.version}"]}
    form = MergeForm(request.POST or None, grids=offered, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: merge(
                versions=versions_in(form.cleaned_data["codes"]),
                name=form.cleaned_data["name"],
                by=request.actor,
                now=timezone.now(),
            ),
        )
        if made is not None:
            words = {"name": made.shown_name, "code": made.code}
            messages.success(request, _("Merged into %(name)s (%(code)s).") % words)
            return redirect("grids:area", made.code)
    return _shown(request, "grids/merge.html", form, grid)


@require_http_methods(["GET", "HEAD", "POST"])
@who_sees_areas
def retire_grid(request: ActorRequest, code: str) -> HttpResponse:
    """Retire a grid in favour of others."""
    grid = managed(request, code)
    form = RetireForm(
        request.POST or None, grids=_siblings(grid), initial={"version": grid.version}
    )
    if request.method == "POST" and form.is_valid():
        retired = attempt(
            form,
            lambda: retire(
                code=code,
                version=form.cleaned_data["version"] or 0,
                successors=list(versions_in(form.cleaned_data["successors"])),
                by=request.actor,
                now=timezone.now(),
            ),
            stored=dict,
        )
        if retired is not None:
            messages.success(request, _("%(name)s was retired.") % {"name": retired.shown_name})
            return redirect("grids:area", code)
    return _shown(request, "grids/retire.html", form, grid)


def _siblings(grid: Area) -> list[Area]:
    """The other active grids of the same parent, and those that touch it elsewhere."""
    own = Area.objects.active().at(Level.GRID).filter(parent=grid.parent_id).exclude(pk=grid.pk)
    beside = {area.code: area for area in _near(grid)}
    return sorted(
        ({area.code: area for area in own} | beside).values(), key=lambda area: area.code
    )[:MOST_NEIGHBOURS]


def _touching(grid: Area) -> list[Area]:
    """The active grids of the same parent that have a border with this one."""
    return [area for area in _near(grid) if area.parent_id == grid.parent_id][:MOST_NEIGHBOURS]


def _near(grid: Area) -> list[Area]:
    """Active grids that touch this one, or all but touch it (10⁻⁵ degrees, a metre)."""
    shape = shape_of(grid)
    if shape is None:
        return []
    reach = shape.buffer(1e-5)
    west, south, east, north = reach.bounds
    boxed = (
        Area.objects.active()
        .at(Level.GRID)
        .filter(min_lon__lte=east, max_lon__gte=west, min_lat__lte=north, max_lat__gte=south)
        .exclude(pk=grid.pk)
        .order_by("code")
    )
    return [area for area in boxed if (s := shape_of(area)) is not None and s.intersects(reach)]
