"""One page of a list of cases, for every page that shows one."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.middleware import ActorRequest
from config.paging import BadCursor, Ordering, keyset
from incidents.models import Incident
from incidents.querysets import for_list
from incidents.reading import rows


def one_page(
    request: ActorRequest, cases: QuerySet[Incident], ordering: Ordering
) -> dict[str, Any]:
    """The slice that the request asks for, as rows. A cursor that is not ours starts anew and says so."""
    now = timezone.now()
    listed = for_list(cases, now)
    refused = None
    try:
        found = keyset(listed, request.GET, ordering)
    except BadCursor as bad:
        refused = bad.sentence
        first = {key: value for key, value in request.GET.items() if key != "cursor"}
        found = keyset(listed, first, ordering)
    return {"slice": found, "rows": rows(found.items, now), "refused": refused}
