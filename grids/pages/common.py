"""What the pages of areas share: who may enter, and how an area is found."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts.authority import post_over
from accounts.middleware import ActorRequest
from accounts.pages.gate import somebody
from accounts.roles import May
from grids.models import Area, Level
from grids.queries import seen_prefixes, visible_to

P = ParamSpec("P")
Page = Callable[Concatenate[ActorRequest, P], HttpResponseBase]


def who_sees_areas(page: Page[P]) -> Callable[..., HttpResponseBase]:
    """Anonymous visitors sign in first; people whose posts show no areas are refused (403)."""

    @wraps(page)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not seen_prefixes(request.actor):
            raise PermissionDenied
        return page(request, *args, **kwargs)

    return somebody(guarded)


def seen_area(request: ActorRequest, code: str) -> Area:
    """The area, if this person sees it; else 404."""
    return get_object_or_404(visible_to(request.actor).select_related("acting_body"), code=code)


def managed(request: ActorRequest, code: str, may: May = May.MANAGE_AREAS) -> Area:
    """The area, for somebody who may do `may` there: 404 for who does not see it, 403 for who may not."""
    area = seen_area(request, code)
    if post_over(request.actor, may, area.code) is None:
        raise PermissionDenied
    return area


def can_hold_grids(area: Area) -> bool:
    """Whether a grid can be drawn under it."""
    return area.is_active and area.level in (Level.SUBDISTRICT, Level.COMMUNITY)
