"""Who may call the API: people by their session, partner systems by an OAuth 2 access token.

A view names the scope that a partner system needs: `needs_scope = "incidents:write"`, or by method,
`needs_scope = {"GET": "incidents:read", "POST": "incidents:write"}`; "" opens it to every partner system.
A view that names none is closed to partner systems. People need no scopes: their posts decide.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from oauth2_provider.scopes import SettingsScopes
from rest_framework.authentication import SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it loads this module

log = logging.getLogger(__name__)


class Caller(Protocol):
    """As much of `accounts.actor.Actor` as this room needs."""

    kind: str
    id: int | None
    scopes: frozenset[str]


def caller_of(request: Request) -> Caller:
    """Who is asking; the middleware put it there, or for a partner system `PartnerClient`."""
    caller: Caller = request.actor  # type: ignore[attr-defined]
    return caller


def has_bearer(request: Any) -> bool:
    """Whether the request carries an access token (and so comes from a partner system, not a browser)."""
    return get_authorization_header(request).lower().startswith(b"bearer")


class SessionUser(SessionAuthentication):
    """A signed-in person. Writing needs the CSRF token. An access token, where there is one, counts instead."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        return None if has_bearer(request) else super().authenticate(request)

    def authenticate_header(self, request: Request) -> str:
        """Makes the answer to a stranger 401 instead of 403."""
        return _challenge(request)


class PartnerClient(OAuth2Authentication):  # type: ignore[misc]  # untyped library
    """A partner system with an access token. Sets `request.actor` to the client, narrowed to its scopes."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The client behind the token; raises AuthenticationFailed (401) for a token that is not valid."""
        if not has_bearer(request):
            return None
        verified = super().authenticate(request)
        if verified is None or verified[1].application is None:
            raise AuthenticationFailed(
                _("The access token is unknown, expired or withdrawn. Ask for a new one."),
                code="invalid_token",
            )
        token = verified[1]
        # On Django's own request, under the framework's wrapper, where the middleware put the other one.
        plain: Any = request._request  # noqa: SLF001
        plain.actor = _client_actor()(token.application, token.scope.split())
        return AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        return _challenge(request)


def _challenge(request: Request) -> str:
    return 'Bearer realm="yiwang"' + (', error="invalid_token"' if has_bearer(request) else "")


def _client_actor() -> Callable[[Any, Iterable[str]], Any]:
    """`accounts.identity.client_actor`, by its name in the settings: this room lies below accounts."""
    found: Callable[[Any, Iterable[str]], Any] = import_string(settings.CLIENT_ACTOR)
    return found


def scope_needed(view: "APIView", method: str) -> str | None:
    """The scope that a partner system needs for `method` here; None where partners may not come at all."""
    needed: str | Mapping[str, str] | None = getattr(view, "needs_scope", None)
    if isinstance(needed, Mapping):
        asked = "GET" if method in ("HEAD", "OPTIONS") else method
        return needed.get(asked)
    return needed


class ActorRequired(BasePermission):
    """Somebody known is asking; and a partner system holds the scope that the view names."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """False (401) for strangers. Raises PermissionDenied (403) naming the scope that is missing."""
        if caller_of(request).kind == "client":
            return _in_scope(request, view)
        return bool(request.user and request.user.is_authenticated)


def _in_scope(request: Request, view: "APIView") -> bool:
    scope = scope_needed(view, request.method or "GET")
    if scope is None:
        raise PermissionDenied(
            _("Partner systems have no access to this address."), code="people_only"
        )
    if scope and scope not in caller_of(request).scopes:
        raise PermissionDenied(
            _("The access token lacks the scope %(scope)s.") % {"scope": scope},
            code="insufficient_scope",
        )
    return True


class ClientScopes(SettingsScopes):  # type: ignore[misc]  # untyped library
    """Scopes that a token can be issued with: those the client is allowed, all of them unless it asks for less."""

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        every: list[str] = list(self.get_all_scopes())
        if application is None:
            return every
        return [scope for scope in every if scope in application.allowed_scopes]

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return self.get_available_scopes(application, request)


class ClientRateThrottle(BaseThrottle):
    """A ceiling on each partner system's requests, over all processes, counted in the cache.

    The rate (`DEFAULT_THROTTLE_RATES["client"]`, e.g. `6000/min`) holds over a sliding window, reckoned from the
    counts of this period and the one before: two numbers per client, whatever the rate. People are not
    throttled. With the cache gone, requests pass: a broken counter must not stop reports.
    """

    @cached_property
    def rate(self) -> tuple[int, int]:
        """(requests, seconds)"""
        rates: Any = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
        number, period = rates["client"].split("/")
        return int(number), {"s": 1, "m": 60, "h": 3600, "d": 86400}[period[0]]

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if caller_of(request).kind != "client":
            return True
        limit, seconds = self.rate
        self.now = time.time()
        period, into = divmod(self.now, seconds)
        try:
            counted = self._count(caller_of(request).id, int(period), seconds)
        except Exception:
            log.warning("request counter is out of order", exc_info=True)
            return True
        this_period, last_period = counted
        return this_period + last_period * (1 - into / seconds) <= limit

    def wait(self) -> float:
        """Seconds until it is worth trying again: the rest of this period, at most a minute."""
        _limit, seconds = self.rate
        return min(seconds - self.now % seconds, 60.0)

    def _count(self, client: int | None, period: int, seconds: int) -> tuple[int, int]:
        keys = [f"rate:{client}:{period}", f"rate:{client}:{period - 1}"]
        cache.add(keys[0], 0, timeout=2 * seconds)
        this_period = cache.incr(keys[0])
        return this_period, int(cache.get(keys[1], 0))
