"""One URL gives the page or the fragment of it that htmx asked for."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.messages import get_messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from config.filtering import state
from config.paging import CURSOR, BadCursor, Ordering, Row, Slice, keyset


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a part: not a boosted page, not a page out of its history."""
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return False
    return not (htmx.boosted or htmx.history_restore_request)


def fragment_of(template: str) -> tuple[str, str]:
    """The page's template and its fragment's: `incidents/inbox.html#rows` → `incidents/inbox.html`,
    `incidents/_rows.html`; without `#name` the fragment has the page's own name (`_inbox.html`).

    The page includes that very file, so that a fragment can never differ from the page.
    """
    full, _hash, name = template.partition("#")
    folder, _slash, file = full.rpartition("/")
    stem = name or file.removesuffix(".html")
    return full, f"{folder}/_{stem}.html" if folder else f"_{stem}.html"


def _beside(request: HttpRequest, context: Mapping[str, Any]) -> str:
    """What belongs to an answer but stands elsewhere on the page: messages, the filters that are set."""
    body = ""
    if len(get_messages(request)):
        body += render_to_string("components/toasts.html", {"swap": True}, request)
    filterset = context.get("filter")
    if filterset is not None:
        body += render_to_string(
            "components/filter_state.html", {"swap": True, **state(filterset, request.GET)}, request
        )
    return body


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render `room/name.html` as a whole page, or `room/_name.html` (`room/name.html#part` →
    `room/_part.html`) where htmx asked for a fragment.

    A fragment carries waiting messages with it, as toasts swapped out of band, and where the context
    has a FilterSet named `filter`, its chips. A fragment with an error status (400, 409, 412, 413, 422,
    428) is swapped in too, so a form that is refused comes back as it was typed. Both answers vary on
    the htmx headers, so no cache mixes them up.
    """
    full, part = fragment_of(template)
    if wants_fragment(request):
        body: str = render_to_string(part, dict(context or {}), request)
        body += _beside(request, context or {})
    else:
        body = render_to_string(full, dict(context or {}), request)
    response = HttpResponse(body, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response


def slice_of(
    request: HttpRequest,
    rows: "QuerySet[Any, Row]",
    ordering: Ordering,
    size: int | None = None,
) -> Slice[Row]:
    """The rows that the request asks for. A link that was made up leads to the first page, with a sentence."""
    try:
        return keyset(rows, request.GET, ordering, size)
    except BadCursor as bad:
        messages.warning(request, str(bad.sentence))
        first = {key: value for key, value in request.GET.items() if key != CURSOR}
        return keyset(rows, first, ordering, size)
