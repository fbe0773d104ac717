"""What a person sees when something goes wrong: what happened, what was kept, what to do.

The pages need neither database nor context processors; if even a template fails, two plain
sentences remain. Addresses under /api/ get problem details (RFC 9457) instead.
"""

import logging
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from config.layout import theme_of

log = logging.getLogger(__name__)

LAST_RESORT = (
    "<!doctype html><meta charset=utf-8><title>Yiwang</title>"
    "<p>系统出现故障，已记录，请稍后再试。"
    "<p>Something failed here; it has been recorded. Please try again later."
)


def error_page(request: HttpRequest, status: int, name: str = "") -> HttpResponse:
    """The page `templates/<name or status>.html`, or problem details below /api/."""
    if request.path.startswith("/api/"):
        return _problem(request, status)
    try:
        body = render_to_string(f"{name or status}.html", _frame(request))
    except Exception:
        log.exception("error page %s could not be drawn", name or status)
        body = LAST_RESORT
    return HttpResponse(body, status=status)


def _frame(request: HttpRequest) -> dict[str, object]:
    return {"theme": theme_of(request), "address": request.path}


def _problem(request: HttpRequest, status: int) -> JsonResponse:
    phrase = HTTPStatus(status).phrase
    return JsonResponse(
        {
            "type": "about:blank",
            "title": phrase,
            "status": status,
            "detail": _sentence(status),
            "code": phrase.lower().replace(" ", "_"),
            "instance": request.path,
        },
        status=status,
        content_type="application/problem+json",
    )


def _sentence(status: int) -> str:
    return {
        400: _("The request could not be understood."),
        403: _("You may not do that."),
        404: _("There is nothing at this address."),
        413: _("That is too large to send."),
        429: _("Too many requests at once. Wait a moment, then try again."),
    }.get(status, _("Something failed here; it has been recorded."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 where the body was too large to be read."""
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the session: signed out or in elsewhere, or cookies are off."""
    return error_page(request, 403, "403_csrf")


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return error_page(request, 429)
