"""/healthz: whether this process can do its work. For load balancers, so without host check or sign-in."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

PATH = "/healthz"


class HealthMiddleware:
    """Answers /healthz before anything else looks at the request: 200, or 503 naming what is down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return _answer() if request.path_info == PATH else self.get_response(request)


def _answer() -> JsonResponse:
    state = {"database": _works(_ask_database), "broker": _works(_ask_broker)}
    well = all(state.values())
    return JsonResponse(
        {part: "up" if up else "down" for part, up in state.items()},
        status=200 if well else 503,
        headers={"Cache-Control": "no-store"},
    )


def _works(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:  # noqa: BLE001 — whatever it is, this part does not work
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    cache.get("healthz")
