"""Who is asking: every request carries its Actor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails

from accounts.actor import Actor
from accounts.identity import ANONYMOUS, actor_of
from accounts.models import User

ACTING_POST = "acting_post"


class ActorRequest(HttpRequest):
    """A request after the middleware: for annotations in pages and API modules."""

    actor: Actor
    htmx: HtmxDetails
    LANGUAGE_CODE: str


class ActorMiddleware:
    """Sets `request.actor`, lazily: pages that do not ask who is there cost no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    if not isinstance(request.user, User):
        return ANONYMOUS
    acting = request.session.get(ACTING_POST)
    return actor_of(request.user, acting=acting if isinstance(acting, int) else None)
