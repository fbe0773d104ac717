"""Who may call the API: people by their session, partner systems by an OAuth 2 access token.

A view names the scope that a partner system needs: `needs_scope = "incidents:write"`, or by method,
`needs_scope = {"GET": "incidents:read", "POST": "incidents:write"}`; "" opens it to every partner system.
A view that names none is closed to partner systems. People need no scopes: their posts decide.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from oauth2_provider.scopes import SettingsScopes
from rest_framework.authentication import SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from config.rates import Rate

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it loads this module


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
    """A ceiling on each partner system's requests, over all processes (`DEFAULT_THROTTLE_RATES["client"]`).

    People are not throttled.
    """

    rate_name = "client"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        caller = caller_of(request)
        if caller.kind != "client":
            return True
        rates: Any = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
        self.rate = Rate.parsed(rates[self.rate_name])
        return self.rate.allows(f"client:{caller.id}")

    def wait(self) -> float:
        """Seconds until it is worth trying again."""
        return self.rate.wait()
