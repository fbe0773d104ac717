"""Every error of the API is one document: RFC 9457 problem details, in the caller's language.

Members: `type` (a URN of the code), `title` (the status in words), `status`, `detail` (the sentence),
`code` (stable, for programs), `instance` (the address, or for an unexpected fault the id it is logged
under), `errors` (for wrong input: field, message, code) and `kept` (what was kept of what was sent).
"""

import logging
import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import Serializer, as_serializer_error
from rest_framework.views import set_rollback

from config.refusal import Refused

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
Sentence = str | Promise

TITLES: dict[int, Sentence] = {
    400: _("The request is not right"),
    401: _("Not signed in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Wrong method"),
    406: _("No such format"),
    409: _("Stands against the present state"),
    412: _("Changed in the meantime"),
    413: _("Too large"),
    415: _("Unknown kind of content"),
    422: _("Cannot be done as asked"),
    428: _("Say which version you saw"),
    429: _("Too many requests"),
    500: _("Unexpected fault"),
    503: _("Out of order for the moment"),
}


def problem(
    status: int,
    code: str,
    detail: Sentence,
    *,
    instance: str,
    errors: list[dict[str, str]] | None = None,
    kept: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The problem document itself."""
    title = TITLES.get(status) or HTTPStatus(status).phrase
    document: dict[str, Any] = {
        "type": f"urn:yiwang:problem:{code}",
        "title": str(title),
        "status": status,
        "detail": str(detail),
        "code": code,
        "instance": instance,
    }
    if errors:
        document["errors"] = errors
    if kept:
        document["kept"] = dict(kept)
    return document


def problem_response(exc: Exception, context: Mapping[str, Any]) -> Response:
    """The API's exception handler: whatever a view raises becomes a problem document."""
    request = context["request"]
    set_rollback()
    if isinstance(exc, Refused):
        return _refused(exc, request)
    if isinstance(exc, DjangoValidationError):
        exc = exceptions.ValidationError(as_serializer_error(exc))
    known = _as_api_exception(exc)
    if known is None:
        return _unexpected(exc, context)
    return _known(known, request)


def _answer(document: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        document, status=document["status"], headers=dict(headers or {}), content_type=MEDIA_TYPE
    )


def _refused(refusal: Refused, request: Any) -> Response:
    document = problem(
        refusal.status,
        refusal.code,
        refusal.sentence,
        instance=request.path,
        errors=refusal.errors,
        kept=refusal.kept,
    )
    return _answer(document, refusal.headers)


def _as_api_exception(exc: Exception) -> exceptions.APIException | None:
    """The exceptions of Django and of the database that mean something to a caller."""
    if isinstance(exc, exceptions.APIException):
        return exc
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(exc, RequestDataTooBig):
        return _TooLarge()
    if isinstance(exc, SuspiciousOperation):
        return exceptions.ParseError()
    if isinstance(exc, DataError) or "NUL (0x00)" in str(exc):
        log.error("input that no check refused", exc_info=exc)
        return _CannotBeKept()
    if isinstance(exc, OperationalError | InterfaceError):
        log.warning("database unavailable or busy", exc_info=exc)
        return _OutOfOrder()
    return None


class _TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = _("The request is larger than this service takes.")
    default_code = "too_large"


class _CannotBeKept(exceptions.APIException):
    """Wrong input that got past every check, and that the database did not take."""

    status_code = 400
    default_detail = _("A value is too long, too large or holds characters that cannot be kept.")
    default_code = "cannot_be_kept"


class _OutOfOrder(exceptions.APIException):
    """The database is away, or gave this transaction up (deadlock, time limit)."""

    status_code = 503
    default_detail = _("Nothing was changed. Try again in a few seconds.")
    default_code = "try_again"
    wait = 2


def _known(exc: exceptions.APIException, request: Any) -> Response:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    if isinstance(exc, exceptions.ValidationError):
        errors = list(_flat(exc.get_full_details()))
        detail: Sentence = _(
            "Some of what was sent is not right; each mistake is listed. Nothing was changed."
        )
        document = problem(exc.status_code, "invalid", detail, instance=request.path, errors=errors)
    else:
        code, detail = _code_and_sentence(exc)
        document = problem(exc.status_code, code, detail, instance=request.path)
    return _answer(document, headers)


def _code_and_sentence(exc: exceptions.APIException) -> tuple[str, Sentence]:
    codes = exc.get_codes()
    code = codes if isinstance(codes, str) else exc.default_code
    return _SENTENCES.get((exc.status_code, code), (code, str(exc.detail)))


# Where the framework's own sentence says too little.
_SENTENCES: dict[tuple[int, str], tuple[str, Sentence]] = {
    (401, "not_authenticated"): (
        "not_authenticated",
        _("Sign in, or send an access token of a partner system."),
    ),
    (403, "permission_denied"): (
        "permission_denied",
        _("Your posts do not allow this. Nothing was changed."),
    ),
    (404, "not_found"): (
        "not_found",
        _("There is nothing at this address, or nothing that you may see."),
    ),
}


def _flat(details: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Nested validation errors as a list; the field as a path with dots, '' for the whole request."""
    if isinstance(details, Mapping) and {"message", "code"} == set(details):
        code = str(details["code"])
        yield {"field": path, "message": _own_words(str(details["message"]), code), "code": code}
    elif isinstance(details, Mapping):
        for key, inner in details.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from _flat(inner, ".".join(filter(None, [path, name])))
    elif isinstance(details, list):
        whole = all(isinstance(d, Mapping) and {"message", "code"} == set(d) for d in details)
        for number, inner in enumerate(details):
            yield from _flat(inner, path if whole else ".".join(filter(None, [path, str(number)])))


# How the framework begins to say that something else than an object came; the type follows.
_NO_OBJECT = Serializer.default_error_messages["invalid"]


def _own_words(message: str, code: str) -> str:
    """The sentence of an error; ours where the framework's Chinese says something else, or names types of Python."""
    if code == "null_characters_not_allowed":
        return str(_("The text has a NUL character (U+0000), which cannot be kept. Take it out."))
    if code == "invalid" and message.startswith(str(_NO_OBJECT).partition("{")[0]):
        return str(_("A JSON object with named fields is expected here."))
    return message


def _unexpected(exc: Exception, context: Mapping[str, Any]) -> Response:
    """A fault of ours: logged with an id, and the caller is told the id and nothing else."""
    fault = f"urn:uuid:{uuid4()}"
    request = context["request"]
    log.error("%s %s %s", fault, request.method, request.path, exc_info=exc)
    view = context.get("view")
    got_request_exception.send(sender=type(view), request=request)
    return _answer(_fault_document(fault))


def _fault_document(fault: str) -> dict[str, Any]:
    return problem(
        500,
        "unexpected",
        _("Something went wrong on our side. It is logged under the number given here."),
        instance=fault,
    )


def problem_page(request: HttpRequest, status: int) -> HttpResponse:
    """The problem document for what goes wrong outside every view: in middleware, or looking the address up."""
    if status >= 500:
        fault = f"urn:uuid:{uuid4()}"
        log.error("%s %s %s", fault, request.method, request.path)
        document = _fault_document(fault)
    else:
        code, sentence = _OUTSIDE.get(status, ("bad_request", _("The request cannot be read.")))
        document = problem(status, code, sentence, instance=request.path)
    return JsonResponse(document, status=status, content_type=MEDIA_TYPE)


_OUTSIDE: dict[int, tuple[str, Sentence]] = {
    405: ("method_not_allowed", _("This address does not take this method.")),
    403: _SENTENCES[403, "permission_denied"],
    404: _SENTENCES[404, "not_found"],
    413: (_TooLarge.default_code, _TooLarge.default_detail),
    429: ("throttled", _("Too many requests at once. Wait a moment, then try again.")),
}
