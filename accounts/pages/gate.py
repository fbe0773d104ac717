"""Who may enter a page: somebody signed in, with one of the permissions named."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.middleware import ActorRequest
from accounts.roles import May

P = ParamSpec("P")
Page = Callable[Concatenate[ActorRequest, P], HttpResponseBase]


def somebody(page: Page[P]) -> Callable[..., HttpResponseBase]:
    """Anonymous visitors sign in first; the page itself decides about everybody else."""

    @wraps(page)
    @login_required
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return page(request, *args, **kwargs)

    return guarded


def only(*allowed: May) -> Callable[[Page[P]], Callable[..., HttpResponseBase]]:
    """Anonymous visitors sign in first; people none of whose posts gives any of `allowed` are refused (403)."""

    def guard(page: Page[P]) -> Callable[..., HttpResponseBase]:
        @wraps(page)
        @login_required
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(request.actor.posts_with(may) for may in allowed):
                raise PermissionDenied
            return page(request, *args, **kwargs)

        return guarded

    return guard


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where the visitor wanted to go, if it is on this very site; else `otherwise`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else otherwise
