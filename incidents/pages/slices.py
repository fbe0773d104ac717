"""What pages of lists and forms share: the asked page of a list, and what a form is bound to."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest

from config.paging import CURSOR, BadCursor, Ordering, Slice, keyset


def slice_of(
    request: HttpRequest, rows: "QuerySet[Any]", ordering: Ordering, size: int | None = None
) -> Slice[Any]:
    """The rows that the request asks for."""
    try:
        return keyset(rows, request.GET, ordering, size)
    except BadCursor as bad:
        messages.warning(request, str(bad.sentence))
        first = {key: value for key, value in request.GET.items() if key != CURSOR}
        return keyset(rows, first, ordering, size)


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: the data of a POST, even an empty one; nothing otherwise."""
    return request.POST if request.method == "POST" else None


def posted_with_files(request: HttpRequest) -> tuple[Any, Any]:
    """The same with what was uploaded."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
