"""Orders: those to answer and those to judge, and the page of one with the steps that may be taken."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.forms import add_refusal
from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from config.pages import page, slice_of
from config.paging import Ordering
from config.refusal import Refused
from supervision.filters import PILES, OrderFilter
from supervision.forms import StepForm
from supervision.models import Order
from supervision.querysets import visible_to
from supervision.reading import for_list, pile_counts, row, rows, seen_case, story
from supervision.steps import ORDER_STEPS
from supervision.taking import NotYours, steps_for, take

DUE_FIRST: Ordering = (("due_at", "asc"), ("id", "asc"))
NEWEST_FIRST: Ordering = (("id", "desc"),)
concerned = only(May.SUPERVISE, May.ANSWER_ORDER)


@require_safe
@concerned
def orders(request: ActorRequest) -> HttpResponse:
    """A unit's orders to answer, and a supervisor's to judge: pile by pile, what is due first at the top."""
    seen = visible_to(request.actor)
    counts = pile_counts(seen)
    pile = request.GET.get("pile") or next(
        (code for code, n in counts.items() if n != "0"), PILES[0][0]
    )
    given = request.GET.copy()
    given["pile"] = pile
    chosen = OrderFilter(given, queryset=for_list(seen), request=request)
    found = slice_of(request, chosen.qs, NEWEST_FIRST if pile == "ended" else DUE_FIRST)
    context = {
        "filter": chosen,
        "piles": [(code, label, counts.get(code)) for code, label in PILES],
        "pile": pile,
        "slice": found,
        "rows": rows(found.items, timezone.now()),
        "may_supervise": bool(request.actor.posts_with(May.SUPERVISE)),
    }
    return page(request, "supervision/orders.html#orders", context)


@require_safe
@concerned
def order(request: ActorRequest, pk: int) -> HttpResponse:
    """One order: question, answers round by round, what happened, and what may be done now."""
    return page(request, "supervision/order.html", _context(request, pk))


@require_POST
@concerned
def step(request: ActorRequest, pk: int, code: str) -> HttpResponse:
    """Take a step. Whatever goes wrong, what was typed comes back."""
    if code not in ORDER_STEPS:
        raise Http404
    found = _seen(request, pk)
    form = StepForm(request.POST, step=ORDER_STEPS[code])
    if form.is_valid() and _taken(request, found, code, form):
        messages.success(request, str(ORDER_STEPS[code].label))
        return redirect("supervision:order", found.pk)
    context = _context(request, pk) | {"typed": (code, form)}
    context["steps"] = [
        (row, form if row.code == code else unbound) for row, unbound in context["steps"]
    ]
    return page(request, "supervision/order.html", context, status=422)


def _taken(request: ActorRequest, found: Order, code: str, form: StepForm) -> bool:
    version = request.POST.get("version", "")
    try:
        take(
            code,
            order_id=found.pk,
            text=form.cleaned_data["text"],
            answer_by=form.answer_by,
            by=request.actor,
            now=timezone.now(),
            version=int(version) if version.isdecimal() else None,
        )
    except NotYours:
        raise
    except Refused as refused:
        add_refusal(form, refused)
        return False
    return True


def _seen(request: ActorRequest, pk: int) -> Order:
    found = for_list(visible_to(request.actor)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _context(request: ActorRequest, pk: int) -> dict[str, Any]:
    found = _seen(request, pk)
    return {
        "order": found,
        "row": row(found, timezone.now()),
        "replies": found.replies.select_related("replied_by"),
        "steps": [(each, StepForm(step=each)) for each in steps_for(found, request.actor)],
        "story": story(found),
        "seen_case": seen_case(found, request.actor),
    }
