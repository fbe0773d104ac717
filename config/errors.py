"""What a person sees when something goes wrong: what happened, what was kept, what to do.

The pages need neither database nor context processors; if even a template fails, two plain
sentences remain. Addresses under /api/ get problem details (RFC 9457) instead.
"""

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.layout import theme_of
from config.problems import problem_page

log = logging.getLogger(__name__)

LAST_RESORT = (
    "<!doctype html><meta charset=utf-8><title>Yiwang</title>"
    "<p>系统出现故障，已记录，请稍后再试。"
    "<p>Something failed here; it has been recorded. Please try again later."
)


def error_page(request: HttpRequest, status: int, name: str = "") -> HttpResponse:
    """The page `templates/<name or status>.html`, or problem details below /api/."""
    if request.path.startswith("/api/"):
        return problem_page(request, status)
    try:
        body: str = render_to_string(f"{name or status}.html", _frame(request))
    except Exception:
        log.exception("error page %s could not be drawn", name or status)
        body = LAST_RESORT
    return HttpResponse(body, status=status)


def _frame(request: HttpRequest) -> dict[str, object]:
    return {"theme": theme_of(request), "address": request.path}


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
