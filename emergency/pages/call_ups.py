"""The live board of a call-up, for the commander and for each leader."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import ActorRequest
from accounts.pages.gate import somebody
from config.pages import page
from emergency.doors import CALL_UPS
from emergency.querysets import call_ups_visible_to
from emergency.reading import Board
from steps.pages import StepPage

STEPS = StepPage(CALL_UPS, "emergency:call_up", "emergency:call_up_step")


@require_safe
@somebody
def call_up(request: ActorRequest, number: str) -> HttpResponse:
    """Called, answered, on the way, there, absent, by team; it asks for itself anew every few seconds."""
    seen = call_ups_visible_to(request.actor).select_related("activation", "called_by")
    found = seen.filter(number=number).first()
    if found is None:
        raise Http404
    board = Board(found, request.actor, timezone.now(), request.GET.get("team", ""))
    return page(request, "emergency/call_up.html#board", {"call_up": found, "board": board})


@require_http_methods(["GET", "POST"])
@somebody
def step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """Call the missing again, name a leader and a point, stand all down."""
    return STEPS.answer(request, number, code)
