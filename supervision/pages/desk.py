"""The supervisor's page: what is near or past its deadline in scope; urging and ordering at one press."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import add_refusal
from accounts.middleware import ActorRequest
from accounts.pages.gate import only, safe_next
from accounts.roles import May
from config.pages import page
from config.paging import Ordering
from config.refusal import Refused
from incidents.models import Incident
from incidents.pages.lists import one_page
from incidents.pages.slices import posted
from supervision.desk import spread, watched
from supervision.filters import DeskFilter
from supervision.forms import OrderForm
from supervision.orders import MOST_CASES, open_orders
from supervision.reading import cases_numbered, units_of
from supervision.urging import urge_many

DUE_FIRST: Ordering = (("due_order", "asc"), ("id", "asc"))
supervises = only(May.SUPERVISE)


@require_safe
@supervises
def desk(request: ActorRequest) -> HttpResponse:
    """Red and amber cases, the one longest overdue first, and their spread over units and areas."""
    now = timezone.now()
    chosen = DeskFilter(request.GET, queryset=watched(request.actor, now), request=request)
    context: dict[str, Any] = {"filter": chosen, "spread": spread(request.actor, now), "now": now}
    return page(
        request, "supervision/desk.html#desk", context | one_page(request, chosen.qs, DUE_FIRST)
    )


@require_POST
@only(May.URGE)
def urge(request: ActorRequest) -> HttpResponse:
    """Urge the chosen cases, or the one whose button was pressed, and say how each went."""
    only_one = request.POST.get("only")
    numbers = [only_one] if only_one else request.POST.getlist("number")[:MOST_CASES]
    text = request.POST.get("text", "")
    urged = urge_many(numbers=numbers, text=text, by=request.actor, now=timezone.now())
    done = sum(1 for each in urged if each.refused is None)
    if not urged:
        messages.warning(request, _("Choose the cases first."))
    if done:
        said = ngettext("%(n)s case urged.", "%(n)s cases urged.", done) % {"n": done}
        messages.success(request, said)
    for each in urged:
        if each.refused is not None:
            messages.error(request, f"{each.number}: {each.sentence}")
    return redirect(safe_next(request, "supervision:desk"))


@require_http_methods(["GET", "HEAD", "POST"])
@supervises
def new_order(request: ActorRequest) -> HttpResponse:
    """The form for one case or several; `go=do` opens the orders, anything else shows the form."""
    numbers = (request.POST if request.method == "POST" else request.GET).getlist("number")
    cases = cases_numbered(request.actor, numbers[:MOST_CASES])
    if not cases:
        messages.warning(request, _("Choose the cases first."))
        return redirect("supervision:desk")
    doing = request.POST.get("go") == "do"
    units = units_of(cases[0]) if len(cases) == 1 else None
    form = OrderForm(posted(request) if doing else None, units=units)
    if doing and form.is_valid() and _opened(request, form, cases):
        return (
            redirect("incidents:case", cases[0].number) if units else redirect("supervision:desk")
        )
    status = 422 if form.errors else 200
    return page(
        request,
        "supervision/new_order.html#new_order",
        {"form": form, "cases": cases},
        status=status,
    )


def _opened(request: ActorRequest, form: OrderForm, cases: list[Incident]) -> bool:
    facts = form.cleaned_data
    assert form.answer_by is not None, "the form demands a limit or a time"
    try:
        orders = open_orders(
            numbers=[case.number for case in cases],
            unit_id=facts["unit"].pk if facts.get("unit") else None,
            question=facts["question"],
            answer_by=form.answer_by,
            by=request.actor,
            now=timezone.now(),
        )
    except Refused as refused:
        add_refusal(form, refused)
        return False
    n = len(orders)
    messages.success(request, ngettext("%(n)s order opened.", "%(n)s orders opened.", n) % {"n": n})
    return True
