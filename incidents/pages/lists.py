"""One page of a list of cases, for every page that shows one."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.middleware import ActorRequest
from config.pages import slice_of
from config.paging import Ordering
from incidents.filters import IncidentFilter
from incidents.models import Incident
from incidents.querysets import for_list
from incidents.reading import rows


def one_page(
    request: ActorRequest, cases: QuerySet[Incident], ordering: Ordering
) -> dict[str, Any]:
    """The slice that the request asks for, as rows."""
    now = timezone.now()
    found = slice_of(request, for_list(cases, now), ordering)
    return {"slice": found, "rows": rows(found.items, now)}


def fitting(filters: IncidentFilter) -> QuerySet[Incident]:
    """What the filters leave; nothing while one of them cannot be understood, so that no list looks filtered
    that is not."""
    cases: QuerySet[Incident] = filters.qs if filters.is_valid() else filters.queryset.none()
    return cases
