"""People: the list, one person with their posts, and what administrators do to an account."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import area_names
from accounts.actor import Actor
from accounts.authority import grants, post_over
from accounts.edits import LOCAL
from accounts.filters import PersonFilter
from accounts.forms import NewPersonForm, PersonForm
from accounts.middleware import ActorRequest
from accounts.models import Post, User
from accounts.pages.gate import only
from accounts.pages.saving import attempt, attempt_plainly, status_of
from accounts.people import (
    NewPassword,
    change_person,
    create_person,
    deactivate_person,
    home_area,
    needed_over,
    reactivate_person,
    require_over_person,
    reset_password,
)
from accounts.personal import mask_phone
from accounts.posts import grantable_by, state_of
from accounts.roles import May
from accounts.visible import ADMINISTERING, people_visible_to
from config.pages import page, slice_of
from config.paging import Direction

ORDERINGS: dict[str, tuple[str, Direction]] = {
    "username": ("username", "asc"),
    "-username": ("username", "desc"),
    "name": ("name", "asc"),
    "-name": ("name", "desc"),
}


@require_safe
@only(*ADMINISTERING)
def people(request: ActorRequest) -> HttpResponse:
    """The list: filters, sorting, posts held today, phone numbers masked. Three queries, and one for area names."""
    chosen = PersonFilter(request.GET, listed_people(request.actor))
    first = ORDERINGS.get(request.GET.get("ordering", ""), ORDERINGS["username"])
    found = slice_of(request, chosen.qs, (first, ("pk", "asc")))
    context = {"filter": chosen, "slice": found, "may_create": _may_create(request)}
    return page(request, "accounts/people.html#people_rows", context)


def listed_people(actor: Actor) -> QuerySet[User]:
    """The people that an administrator sees, each with the posts held today in `held`."""
    held = Post.objects.held_on(_today()).select_related("organisation", "user").order_by("id")
    return (
        people_visible_to(actor)
        .select_related("organisation")
        .prefetch_related(Prefetch("posts", held, to_attr="held"))
    )


@require_safe
@only(*ADMINISTERING)
def person(request: ActorRequest, pk: int) -> HttpResponse:
    """One person: facts, posts over time, and what this administrator may do to the account."""
    shown = _get(request, pk)
    posts = list(shown.posts.select_related("organisation").order_by("-valid_from", "-id"))
    needed = needed_over(shown, timezone.now())
    own = request.actor.user_id == shown.pk
    context = {
        "person": shown,
        "phone": mask_phone(shown.phone),
        "timeline": [(post, state_of(post, _today())) for post in posts],
        "area_names": area_names.names_of({post.area_code for post in posts}),
        "may_administer": post_over(request.actor, needed, home_area(shown)) is not None,
        "needed": needed,
        "own": own,
        "endable": {post.pk for post in posts if _may_end(request, post)},
        "may_grant": bool(grantable_by(request.actor)) and not own and shown.is_active,
    }
    return page(request, "accounts/person.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_PEOPLE)
def person_new(request: ActorRequest) -> HttpResponse:
    """Create an account; the one-time password is on the answer, once."""
    form = NewPersonForm(request.POST or None, by=request.actor)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: create_person(
                form.cleaned_data["username"], form.facts(), by=request.actor, now=timezone.now()
            ),
        )
        if made is not None:
            return _show_once(request, made)
    return page(request, "accounts/person_edit.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@only(*ADMINISTERING)
def person_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Change name, organisation, phone."""
    shown = _get(request, pk)
    require_over_person(shown, by=request.actor, now=timezone.now())
    form = PersonForm(request.POST or None, by=request.actor, itself=shown)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            lambda: change_person(
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
            return redirect("accounts:person", pk)
    context = {"form": form, "person": shown}
    return page(request, "accounts/person_edit.html", context, status=status_of(form))


@never_cache
@require_POST
@only(*ADMINISTERING)
def person_password(request: ActorRequest, pk: int) -> HttpResponse:
    """A new one-time password in place of a forgotten one."""
    shown = _get(request, pk)
    made = attempt_plainly(
        request, lambda: reset_password(shown, by=request.actor, now=timezone.now()), ""
    )
    return _show_once(request, made) if made else redirect("accounts:person", pk)


@never_cache
@require_POST
@only(*ADMINISTERING)
def person_switch(request: ActorRequest, pk: int) -> HttpResponse:
    """Switch the account off at once, or on again with a one-time password."""
    shown = _get(request, pk)
    by, now = request.actor, timezone.now()
    if request.POST.get("active") == "true":
        made = attempt_plainly(request, lambda: reactivate_person(shown, by=by, now=now), "")
        return _show_once(request, made) if made else redirect("accounts:person", pk)
    attempt_plainly(
        request,
        lambda: deactivate_person(shown, by=by, now=now),
        _("The account of %(name)s is switched off, their posts have ended.")
        % {"name": shown.name},
    )
    return redirect("accounts:person", pk)


def _get(request: ActorRequest, pk: int) -> User:
    rows = people_visible_to(request.actor).select_related("organisation")
    return get_object_or_404(rows, pk=pk)


def _today() -> date:
    return timezone.now().astimezone(LOCAL).date()


def _may_end(request: ActorRequest, post: Post) -> bool:
    own = request.actor.user_id == post.user_id
    return not own and post_over(request.actor, grants(post.role), post.area_code) is not None


def _may_create(request: ActorRequest) -> bool:
    return bool(request.actor.posts_with(May.MANAGE_PEOPLE))


def _show_once(request: ActorRequest, made: NewPassword) -> HttpResponse:
    context = {"person": made.user, "password": made.password}
    return page(request, "accounts/person_password.html", context)


def _stored(user: User) -> dict[str, Any]:
    return {"name": user.name, "organisation": user.organisation}
