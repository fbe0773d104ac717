"""The asked page of a list; a link that was made up leads to the first one, with a sentence."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet

from accounts.middleware import ActorRequest
from config.paging import CURSOR, BadCursor, Ordering, Slice, keyset


def slice_of(
    request: ActorRequest, rows: "QuerySet[Any]", ordering: Ordering
) -> tuple[Slice[Any], int]:
    """The rows that the request asks for, and the HTTP status: 400 after a cursor that is not ours."""
    try:
        return keyset(rows, request.GET, ordering), 200
    except BadCursor as refused:
        messages.warning(request, str(refused.sentence))
        first = {key: value for key, value in request.GET.items() if key != CURSOR}
        return keyset(rows, first, ordering), 400
