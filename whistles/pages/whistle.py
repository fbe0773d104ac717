"""The page of one whistle, the phone page of a summoned unit, and the steps taken from both."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.middleware import ActorRequest
from accounts.roles import May
from config.pages import page, wants_fragment
from config.refusal import Refused, SomebodyWasFirst
from steps.forms import FactsRefused
from whistles.call import Call
from whistles.lifecycle import STEPS
from whistles.models import Whistle
from whistles.querysets import visible_to
from whistles.reading import WhistleReading
from whistles.taking import demand_role, form_for, take


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


@login_required
@require_http_methods(["GET", "POST"])
def step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """The form of one step, and taking it. Whatever goes wrong, what was typed comes back."""
    if code not in STEPS:
        raise Http404
    found = seen_or_404(request, number)
    context: dict[str, Any] = {"whistle": found, "step": STEPS[code]}
    if request.method == "GET":
        return _ask(request, context)
    try:
        taken = take(
            code,
            number=number,
            by=request.actor,
            now=timezone.now(),
            version=_version(request),
            facts=request.POST,
        )
    except Refused as refused:
        return _again(request, context, refused)
    return _done(request, taken, code)


def _ask(request: ActorRequest, context: dict[str, Any]) -> HttpResponse:
    found, row = context["whistle"], context["step"]
    demand_role(Call(found, request.actor, timezone.now()), row)
    unit = request.GET.get("unit", "")
    form = form_for(row.code, found, request.actor, timezone.now(), unit=unit)
    return page(request, "whistles/step.html", context | {"form": form})


def _version(request: ActorRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _again(request: ActorRequest, context: dict[str, Any], refused: Refused) -> HttpResponse:
    """The form as typed, on the whistle as it is now, with what stood against the step."""
    found = seen_or_404(request, context["whistle"].number)
    code = context["step"].code
    if isinstance(refused, FactsRefused):
        form: Any = refused.form
    else:
        form = form_for(code, found, request.actor, timezone.now(), request.POST)
    shown = context | {"whistle": found, "form": form}
    if isinstance(refused, SomebodyWasFirst):
        shown["first"] = refused
    elif not isinstance(refused, FactsRefused):
        shown["refused"] = refused
    return page(request, "whistles/step.html", shown, status=refused.status)


def _done(request: ActorRequest, taken: Whistle, code: str) -> HttpResponse:
    """Back to where the person came from: units to their phone page, the street to the whistle's."""
    messages.success(request, str(STEPS[code].label))
    name = "whistles:come" if STEPS[code].is_units_own else "whistles:whistle"
    target = reverse(name, args=[taken.number])
    return HttpResponseClientRedirect(target) if wants_fragment(request) else redirect(target)
