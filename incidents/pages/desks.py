"""Desks: the inbox of clerks and dispatchers, and the to-do list of units. What is due first stands first."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.middleware import ActorRequest
from config.pages import page
from config.paging import Ordering
from incidents.filters import IncidentFilter
from incidents.pages.lists import fitting, one_page
from incidents.querysets import visible_to
from incidents.queues import DESK, UNIT, Queue, open_to, piles, waiting

DUE_FIRST: Ordering = (("due_order", "asc"), ("id", "asc"))


@login_required
@require_GET
def inbox(request: ActorRequest) -> HttpResponse:
    """The clerk's and the dispatcher's piles."""
    return _desk(request, DESK, "incidents/inbox.html#desk")


@login_required
@require_GET
def todo(request: ActorRequest) -> HttpResponse:
    """A unit's piles."""
    return _desk(request, UNIT, "incidents/todo.html#desk")


def _desk(request: ActorRequest, queues: tuple[Queue, ...], template: str) -> HttpResponse:
    actor = request.actor
    mine = open_to(actor, queues)
    if not mine:
        raise PermissionDenied
    seen = visible_to(actor)
    counted = piles(seen, mine, actor)
    chosen = next((q for q in mine if q.code == request.GET.get("queue")), None) or next(
        (pile.queue for pile in counted if pile.count), mine[0]
    )
    filters = IncidentFilter(request.GET, queryset=waiting(seen, chosen, actor), request=request)
    context: dict[str, Any] = {
        "piles": counted,
        "chosen": chosen,
        "filter": filters,
        "now": timezone.now(),
        "bulk": chosen.next_step == "dispatch",
    }
    return page(request, template, context | one_page(request, fitting(filters), DUE_FIRST))
