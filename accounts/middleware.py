"""Who is asking: every request carries its Actor; and what must come first: a new password, a sign-in after a pause."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts import languages, passwords
from accounts.actor import Actor
from accounts.identity import ANONYMOUS, actor_of
from accounts.models import User
from config.problems import MEDIA_TYPE, problem

ACTING_POST = "acting_post"
LAST_SEEN = "last_seen"
NOTED_EVERY = 60  # seconds
# A page that asks by itself (the bell) says so, and does not count as somebody being there.
BACKGROUND_HEADER = "X-Background"

# What somebody may do before the new password is chosen.
_FREE = frozenset(
    {"accounts:change_password", "accounts:sign_out", "accounts:sign_in", "set_language"}
)


class ActorRequest(HttpRequest):
    """A request after the middleware: for annotations in pages and API modules."""

    actor: Actor
    htmx: HtmxDetails
    LANGUAGE_CODE: str


class ActorMiddleware:
    """Sets `request.actor`, lazily: pages that do not ask who is there cost no query.

    Before a view runs it ends sessions that were left alone for `SESSION_COOKIE_AGE` seconds, and leads to
    the choice of a new password where one is due.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer instead of the view where something else must come first."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name == "set_language" and request.method == "POST":
            languages.remember(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if not isinstance(request.user, User):
            return None
        now = timezone.now()
        if _was_away(request, now):
            auth.logout(request)
            messages.info(request, _("You were away for a while and were signed out."))
            return None if name in _FREE else _lead(request, settings.LOGIN_URL, "signed_out")
        if name not in _FREE and passwords.must_be_changed(request.user, now):
            return _lead(request, "accounts:change_password", "password_change_required")
        return None


def _actor(request: HttpRequest) -> Actor:
    if not isinstance(request.user, User):
        return ANONYMOUS
    acting = request.session.get(ACTING_POST)
    return actor_of(request.user, acting=acting if isinstance(acting, int) else None)


def _was_away(request: HttpRequest, now: datetime) -> bool:
    """Whether nobody was at the keyboard for the idle time; otherwise notes that somebody is.

    Noting saves the session and moves its end; once a minute is enough, and spares a write per page.
    """
    seen = request.session.get(LAST_SEEN)
    moment = int(now.timestamp())
    if not isinstance(seen, int):
        request.session[LAST_SEEN] = moment
        return False
    if moment - seen > settings.SESSION_COOKIE_AGE:
        return True
    if moment - seen >= NOTED_EVERY and BACKGROUND_HEADER not in request.headers:
        request.session[LAST_SEEN] = moment
    return False


def _lead(request: HttpRequest, to: str, code: str) -> HttpResponse:
    """Send a person to a page, htmx too; tell a program what the matter is (RFC 9457)."""
    if request.path.startswith("/api/"):
        status = 401 if code == "signed_out" else 403
        detail = {
            "signed_out": _("You were away for a while and were signed out."),
            "password_change_required": _("Choose a new password first, on the page."),
        }[code]
        body = problem(status, code, detail, instance=request.path)
        return JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    address = reverse(to)
    if request.method == "GET" and not request.headers.get("HX-Request"):
        address += "?" + urlencode({"next": request.get_full_path()})
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return redirect(address)
