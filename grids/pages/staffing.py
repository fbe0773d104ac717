"""Who serves the grids: the list of gaps, its Excel file, giving and ending duties."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.pages.saving import attempt, attempt_plainly, status_of
from accounts.roles import May
from config.pages import page, slice_of
from grids.candidates import people_for, search_people
from grids.filters import StaffingFilter
from grids.forms import AssignForm, EndForm, person_written
from grids.models import Duty
from grids.pages.area import area_context
from grids.pages.common import managed
from grids.staffing import assign, crews, end_duty, held_in, with_gaps
from grids.staffing_sheet import staffing_sheet


def _chosen(request: ActorRequest) -> StaffingFilter:
    grids = with_gaps(request.actor, timezone.localdate())
    return StaffingFilter(request.GET, grids, request=request)


@require_safe
@only(May.SEE_STAFFING)
def staffing(request: ActorRequest) -> HttpResponse:
    """Grids with their people; by default those that lack somebody."""
    chosen = _chosen(request)
    found = slice_of(request, chosen.qs, (("code", "asc"),))
    context: dict[str, Any] = {
        "filter": chosen,
        "slice": found,
        "crews": crews(found.items, timezone.localdate()),
        "totals": chosen.totals(),
    }
    return page(request, "grids/staffing.html#crew_rows", context)


@require_safe
@only(May.SEE_STAFFING)
def staffing_export(request: ActorRequest) -> HttpResponse:
    """What the list shows, as an Excel file."""
    return staffing_sheet(_chosen(request).qs, by=request.actor, now=timezone.now())


@require_POST
@only(May.MANAGE_STAFFING, May.SEE_STAFFING)
def assign_duty(request: ActorRequest, code: str) -> HttpResponse:
    """Give somebody a duty in a grid."""
    grid = managed(request, code, May.MANAGE_STAFFING)
    form = AssignForm(request.POST, people=people_for(request.actor))
    if form.is_valid():
        held = attempt(
            form,
            lambda: assign(
                grid_code=code,
                person=form.cleaned_data["person"],
                duty=form.cleaned_data["duty"],
                since=form.cleaned_data["since"],
                by=request.actor,
                now=timezone.now(),
            ),
        )
        if held is not None:
            words = {"name": held.person.name, "duty": Duty(held.duty).label}
            messages.success(request, _("%(name)s is %(duty)s now.") % words)
            return redirect("grids:area", code)
    context = area_context(request, grid, form)
    return page(request, "grids/area.html", context, status=status_of(form))


@require_POST
@only(May.MANAGE_STAFFING, May.SEE_STAFFING)
def end(request: ActorRequest, pk: int) -> HttpResponse:
    """End a duty, today or on a given day."""
    held = get_object_or_404(held_in(request.actor), pk=pk)
    managed(request, held.grid_id, May.MANAGE_STAFFING)
    form = EndForm(request.POST)
    last_day = form.cleaned_data["last_day"] if form.is_valid() else None
    if form.errors:
        messages.error(request, _("The last day must be a date. Nothing was changed."))
    else:
        attempt_plainly(
            request,
            lambda: end_duty(
                staffing_id=pk, last_day=last_day, by=request.actor, now=timezone.now()
            ),
            _("%(name)s's duty was ended.") % {"name": held.person.name},
        )
    return redirect("grids:area", held.grid_id)


@require_safe
@only(May.MANAGE_STAFFING)
def people_options(request: ActorRequest) -> HttpResponse:
    """Suggestions for the person of a duty, as <option> elements."""
    people = search_people(request.actor, request.GET.get("person", ""))
    options = [person_written(person) for person in people]
    return page(request, "grids/options.html", {"options": options})
