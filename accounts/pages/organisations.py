"""Organisations: the list, the tree, and one of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import area_names
from accounts.edits import LOCAL
from accounts.filters import OrganisationFilter
from accounts.forms import OrganisationForm
from accounts.middleware import ActorRequest
from accounts.models import Organisation
from accounts.organisation_tree import nodes
from accounts.organisations import (
    PARENTS,
    change_organisation,
    create_organisation,
    deactivate_organisation,
    reactivate_organisation,
)
from accounts.pages.gate import only
from accounts.pages.saving import attempt, attempt_plainly, status_of
from accounts.roles import May
from accounts.visible import organisations_visible_to, posts_visible_to
from config.pages import page, slice_of
from config.paging import Direction

ORDERINGS: dict[str, tuple[str, Direction]] = {
    "code": ("code", "asc"),
    "-code": ("code", "desc"),
    "name": ("name", "asc"),
    "-name": ("name", "desc"),
}


@require_safe
@only(May.MANAGE_PEOPLE)
def organisations(request: ActorRequest) -> HttpResponse:
    """The list, filtered and sorted."""
    rows = organisations_visible_to(request.actor).select_related(*PARENTS)
    chosen = OrganisationFilter(request.GET, rows)
    first = ORDERINGS.get(request.GET.get("ordering", ""), ORDERINGS["code"])
    found = slice_of(request, chosen.qs, (first, ("pk", "asc")))
    names = area_names.names_of({row.area_code for row in found.items})
    context = {"filter": chosen, "slice": found, "area_names": names}
    return page(request, "accounts/organisations.html#organisation_rows", context)


@require_safe
@only(May.MANAGE_PEOPLE)
def organisation_tree(request: ActorRequest) -> HttpResponse:
    """The same as a tree: who governs whom, or who directs whose trade."""
    by = request.GET.get("by", "")
    parent = by if by in PARENTS else PARENTS[0]
    rows = organisations_visible_to(request.actor).filter(active=True)
    context = {"nodes": nodes(rows, parent), "parent": parent}
    return page(request, "accounts/organisation_tree.html", context)


@require_safe
@only(May.MANAGE_PEOPLE)
def organisation(request: ActorRequest, pk: int) -> HttpResponse:
    """One organisation: facts, what stands under it, who holds posts in it."""
    shown = _get(request, pk)
    today = timezone.now().astimezone(LOCAL).date()
    visible = organisations_visible_to(request.actor)
    context = {
        "organisation": shown,
        "area_name": area_names.names_of([shown.area_code]).get(shown.area_code, ""),
        "governed": visible.filter(administrative_parent=shown),
        "directed": visible.filter(professional_parent=shown),
        "posts": posts_visible_to(request.actor)
        .held_on(today)
        .filter(organisation=shown)
        .select_related("user")
        .order_by("role", "user__name")[:200],
    }
    return page(request, "accounts/organisation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_PEOPLE)
def organisation_new(request: ActorRequest) -> HttpResponse:
    """Create one."""
    initial = {name: request.GET.get(name, "") for name in ("administrative_parent", "area_code")}
    form = OrganisationForm(request.POST or None, by=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: create_organisation(
                form.cleaned_data["code"], form.facts(), by=request.actor, now=timezone.now()
            ),
        )
        if made is not None:
            messages.success(request, _("%(name)s was created.") % {"name": made.shown_name})
            return redirect("accounts:organisation", made.pk)
    context = {"form": form}
    return page(request, "accounts/organisation_edit.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_PEOPLE)
def organisation_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Change one; who was overtaken sees what the others wrote beside what they typed."""
    shown = _get(request, pk)
    form = OrganisationForm(request.POST or None, by=request.actor, itself=shown)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            lambda: change_organisation(
                shown,
                form.facts(),
                version=form.cleaned_data["version"] or 0,
                by=request.actor,
                now=timezone.now(),
            ),
            stored=lambda: _stored(shown),
        )
        if changed is not None:
            messages.success(request, _("%(name)s was saved.") % {"name": changed.shown_name})
            return redirect("accounts:organisation", pk)
    context = {"form": form, "organisation": shown}
    return page(request, "accounts/organisation_edit.html", context, status=status_of(form))


@require_POST
@only(May.MANAGE_PEOPLE)
def organisation_switch(request: ActorRequest, pk: int) -> HttpResponse:
    """Close it, or open it again."""
    shown = _get(request, pk)
    now = timezone.now()
    if request.POST.get("active") == "true":
        attempt_plainly(
            request,
            lambda: reactivate_organisation(shown, by=request.actor, now=now),
            _("%(name)s is active again.") % {"name": shown.shown_name},
        )
    else:
        attempt_plainly(
            request,
            lambda: deactivate_organisation(shown, by=request.actor, now=now),
            _("%(name)s is not active any more.") % {"name": shown.shown_name},
        )
    return redirect("accounts:organisation", pk)


def _get(request: ActorRequest, pk: int) -> Organisation:
    rows = organisations_visible_to(request.actor).select_related(*PARENTS)
    return get_object_or_404(rows, pk=pk)


def _stored(organisation: Organisation) -> dict[str, Any]:
    names = ("name", "name_en", "kind", "department_kind", "area_code", *PARENTS, "phone")
    return {name: getattr(organisation, name) for name in names}
