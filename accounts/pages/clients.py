"""Partner systems: the list, one of them, its secret."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import area_names
from accounts.clients import (
    NewSecret,
    change_client,
    create_client,
    deactivate_client,
    known_scopes,
    reactivate_client,
    renew_secret,
)
from accounts.forms import ClientForm
from accounts.middleware import ActorRequest
from accounts.models import ApiClient
from accounts.pages.gate import only
from accounts.pages.saving import attempt, attempt_plainly, status_of
from accounts.roles import May, Role
from accounts.visible import clients_visible_to
from config.pages import page, slice_of


@require_safe
@only(May.MANAGE_POLICIES)
def clients(request: ActorRequest) -> HttpResponse:
    """The list, active ones first."""
    rows = clients_visible_to(request.actor).select_related("organisation")
    found = slice_of(request, rows, (("active", "desc"), ("name", "asc"), ("pk", "asc")))
    names = area_names.names_of({row.area_code for row in found.items})
    context = {"slice": found, "rows": [_in_words(row) for row in found.items], "area_names": names}
    return page(request, "accounts/clients.html#client_rows", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_POLICIES)
def client_new(request: ActorRequest) -> HttpResponse:
    """Admit one; its secret is on the answer, once."""
    form = ClientForm(request.POST or None, by=request.actor)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: create_client(form.facts(), by=request.actor, now=timezone.now())
        )
        if made is not None:
            return _show_once(request, made)
    return page(request, "accounts/client_edit.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_POLICIES)
def client(request: ActorRequest, pk: int) -> HttpResponse:
    """One of them: what it may do, changed here."""
    shown = _get(request, pk)
    form = ClientForm(request.POST or None, by=request.actor, itself=shown)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            lambda: change_client(
                shown,
                form.facts(),
                version=form.cleaned_data["version"] or 0,
                by=request.actor,
                now=timezone.now(),
            ),
            stored=lambda: _stored(shown),
        )
        if changed is not None:
            messages.success(request, _("%(name)s was saved.") % {"name": changed.name})
            return redirect("accounts:clients")
    context = {"form": form, "client": shown}
    return page(request, "accounts/client_edit.html", context, status=status_of(form))


@never_cache
@require_POST
@only(May.MANAGE_POLICIES)
def client_secret(request: ActorRequest, pk: int) -> HttpResponse:
    """A new secret; the old one stops working."""
    shown = _get(request, pk)
    made = attempt_plainly(
        request, lambda: renew_secret(shown, by=request.actor, now=timezone.now()), ""
    )
    return _show_once(request, made) if made else redirect("accounts:client", pk)


@require_POST
@only(May.MANAGE_POLICIES)
def client_switch(request: ActorRequest, pk: int) -> HttpResponse:
    """Shut it out at once, or let it in again."""
    shown = _get(request, pk)
    by, now = request.actor, timezone.now()
    if request.POST.get("active") == "true":
        attempt_plainly(
            request,
            lambda: reactivate_client(shown, by=by, now=now),
            _("%(name)s may come in again.") % {"name": shown.name},
        )
    else:
        attempt_plainly(
            request,
            lambda: deactivate_client(shown, by=by, now=now),
            _("%(name)s is shut out.") % {"name": shown.name},
        )
    return redirect("accounts:client", pk)


def _get(request: ActorRequest, pk: int) -> ApiClient:
    rows = clients_visible_to(request.actor).select_related("organisation")
    return get_object_or_404(rows, pk=pk)


def _show_once(request: ActorRequest, made: NewSecret) -> HttpResponse:
    context = {"client": made.client, "secret": made.secret}
    return page(request, "accounts/client_secret.html", context)


def _in_words(row: ApiClient) -> tuple[ApiClient, list[Any], list[Any]]:
    scopes = known_scopes()
    return (
        row,
        [scopes[scope] for scope in row.allowed_scopes if scope in scopes],
        [Role(role).label for role in row.roles if role in Role.values],
    )


def _stored(row: ApiClient) -> dict[str, Any]:
    return {
        "name": row.name,
        "area_code": row.area_code,
        "organisation": row.organisation,
        "scopes": row.allowed_scopes,
        "roles": row.roles,
    }
