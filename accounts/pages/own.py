"""Signing in and out, one's own password, and the post one acts under."""

import math

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import languages, passwords, people
from accounts import sign_in as signing
from accounts.forms import ChangePasswordForm, SignInForm, add_refusal
from accounts.middleware import ACTING_POST, ActorRequest
from accounts.models import User
from accounts.pages.gate import safe_next
from config.pages import page
from config.refusal import Refused


@never_cache
@csrf_protect
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: ActorRequest) -> HttpResponse:
    """Name and password; then to where the person wanted to go, or to their own work."""
    home = resolve_url("home")
    wanted = safe_next(request, home)
    if request.user.is_authenticated and request.method != "POST":
        return redirect(wanted)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = signing.sign_in(request, **form.cleaned_data, now=timezone.now())
        except signing.LockedOut as locked:
            return _locked_out(request, locked)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            response = redirect(wanted)
            languages.follow(user, response)
            return response
    status = 422 if form.errors else 200
    context = {"form": form, "next": wanted, "going_on": wanted != home}
    return page(request, "accounts/sign_in.html", context, status=status)


def _locked_out(request: ActorRequest, locked: signing.LockedOut) -> HttpResponse:
    seconds = max((locked.until - timezone.now()).total_seconds(), 1)
    context = {"until": locked.until, "minutes": math.ceil(seconds / 60)}
    response = page(request, "accounts/locked_out.html", context, status=429)
    response["Retry-After"] = str(math.ceil(seconds))
    return response


@require_POST
def sign_out(request: ActorRequest) -> HttpResponse:
    """End the session, and say so on the sign-in page."""
    signing.sign_out(request, by=request.actor, now=timezone.now())
    messages.success(request, _("You are signed out."))
    return redirect("accounts:sign_in")


@never_cache
@sensitive_post_parameters()
@login_required
def change_password(request: ActorRequest) -> HttpResponse:
    """Choose a new password: wanted, or due because it is an initial one or too old."""
    assert isinstance(request.user, User)
    now = timezone.now()
    wanted = safe_next(request, resolve_url("home"))
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old_password"], form.cleaned_data["new_password"]
        try:
            user = people.change_own_password(request.user, old, new, by=request.actor, now=now)
        except Refused as refused:
            add_refusal(form, refused)
        except ValidationError as wrong:
            form.add_error("new_password", wrong)
        else:
            auth.update_session_auth_hash(request, user)
            messages.success(request, _("Your new password holds from now on."))
            return redirect(wanted)
    context = {
        "form": form,
        "next": wanted,
        "due": passwords.must_be_changed(request.user, now),
        "initial": request.user.must_change_password,
    }
    status = 422 if form.errors else 200
    return page(request, "accounts/change_password.html", context, status=status)


@require_POST
@login_required
def act_under(request: ActorRequest) -> HttpResponse:
    """Choose the post under which the next deeds are done, or none. One that is not held does not exist (404)."""
    asked = request.POST.get("post", "")
    if asked == "":
        request.session.pop(ACTING_POST, None)
        messages.success(request, _("You now act under all your posts."))
        return redirect(safe_next(request, resolve_url("home")))
    chosen = next((post for post in request.actor.posts if str(post.id) == asked), None)
    if chosen is None:
        raise Http404
    request.session[ACTING_POST] = chosen.id
    messages.success(request, _("You now act as %(post)s.") % {"post": chosen.title})
    return redirect(safe_next(request, resolve_url("home")))
