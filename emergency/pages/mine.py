"""For the phone of who is called: coming, cannot, I am here; and one's own enrolments and hours."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import ActorRequest
from accounts.pages.gate import somebody
from config.pages import page
from emergency.doors import CALLED
from emergency.models import Called
from emergency.querysets import called_visible_to, own_calls, own_enrolments
from emergency.reading import CalledReading, enrolment_rows, only_one
from emergency.serving import with_hours
from steps.pages import StepPage

MOST = 50
ETAS = (10, 20, 30, 60, 120)
STEPS = StepPage(CALLED, "emergency:called", "emergency:called_step")


@require_safe
@somebody
def mine(request: ActorRequest) -> HttpResponse:
    """My call-ups; where there is one to be answered, it is led to at once."""
    calls = list(own_calls(request.actor)[:MOST])
    only = only_one(calls)
    if only is not None and "all" not in request.GET:
        return redirect("emergency:called", only.number)
    today = timezone.localdate()
    own = with_hours(own_enrolments(request.actor), today)
    return page(request, "emergency/mine.html", {"calls": calls, "rows": enrolment_rows(list(own))})


@require_safe
@somebody
def called(request: ActorRequest, number: str) -> HttpResponse:
    """One thumb. Whoever leads or watches is led to the board instead."""
    found = _seen(request, number)
    if found.person_id != request.actor.user_id:
        board = reverse("emergency:call_up", args=[found.call_up.number])
        return redirect(f"{board}?team={found.team_id}")
    reading = CalledReading(found, request.actor, timezone.now())
    context = {"called": found, "reading": reading, "etas": ETAS}
    return page(request, "emergency/called.html", context)


@require_http_methods(["GET", "POST"])
@somebody
def step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """Answer, check in, mark somebody by phone, stand somebody down."""
    return STEPS.answer(request, number, code)


def _seen(request: ActorRequest, number: str) -> Called:
    related = ("call_up__activation", "team__leader", "enrolment__person")
    found = called_visible_to(request.actor).select_related(*related).filter(number=number).first()
    if found is None:
        raise Http404
    return found
