"""The page of one whistle, the phone page of a summoned unit, and the steps taken from both."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import ActorRequest
from accounts.roles import May
from config.pages import page
from steps.pages import StepPage
from whistles.models import Whistle
from whistles.querysets import visible_to
from whistles.reading import WhistleReading
from whistles.taking import DOOR


def seen_or_404(request: ActorRequest, number: str) -> Whistle:
    """The whistle where the actor may see it; anybody else is told that there is none."""
    found = visible_to(request.actor).select_related("type", "street").filter(number=number).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_GET
def whistle(request: ActorRequest, number: str) -> HttpResponse:
    """Facts, map, units with lamps, plan, timeline, and only the buttons that may be pressed now."""
    found = seen_or_404(request, number)
    context = {"whistle": found, "reading": WhistleReading(found, request.actor, timezone.now())}
    return page(request, "whistles/whistle.html", context)


@login_required
@require_GET
def come(request: ActorRequest, number: str) -> HttpResponse:
    """For the phone of a summoned unit: sign, call, check in, deliver, with one hand."""
    found = seen_or_404(request, number)
    request.actor.require(May.COME)
    reading = WhistleReading(found, request.actor, timezone.now())
    if not reading.own:
        return redirect("whistles:whistle", number)
    return page(request, "whistles/come.html", {"whistle": found, "reading": reading})


class WhistleStepPage(StepPage):
    """Units go back to their phone page, the street to the whistle's."""

    def after(self, request: ActorRequest, record: Whistle, code: str) -> str:
        units_own = self.door.table[code].whatever_version
        return reverse("whistles:come" if units_own else "whistles:whistle", args=[record.number])


STEP = WhistleStepPage(
    DOOR, "whistles:whistle", "whistles:step", "whistles/step.html", prefilled=("unit",)
)


@login_required
@require_http_methods(["GET", "POST"])
def step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """The form of one step, and taking it. Whatever goes wrong, what was typed comes back."""
    return STEP.answer(request, number, code)
