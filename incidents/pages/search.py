"""All cases in scope: search by number, words and address, filters, and export of what is shown."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.middleware import ActorRequest
from accounts.roles import May
from config.pages import page
from config.paging import Ordering
from incidents.export import cases_sheet
from incidents.filters import IncidentFilter
from incidents.pages.lists import fitting, one_page
from incidents.querysets import visible_to

NEWEST: Ordering = (("reported_at", "desc"), ("id", "desc"))
DUE: Ordering = (("due_order", "asc"), ("id", "asc"))
ORDERS: dict[str, Ordering] = {"newest": NEWEST, "due": DUE}


@login_required
@require_GET
def search(request: ActorRequest) -> HttpResponse:
    """The list of all cases in scope. `?export=xlsx` gives the rows as shown, up to a stated number."""
    request.actor.require(May.SEE_CASES)
    filters = IncidentFilter(request.GET, queryset=visible_to(request.actor), request=request)
    order = request.GET.get("ordering", "newest")
    if request.GET.get("export") == "xlsx" and filters.is_valid():
        return cases_sheet(filters.qs, by=request.actor, now=timezone.now())
    context = {"filter": filters, "order": order, "q": request.GET.get("q", "")}
    listed = one_page(request, fitting(filters), ORDERS.get(order, NEWEST))
    return page(request, "incidents/search.html#found", context | listed)
