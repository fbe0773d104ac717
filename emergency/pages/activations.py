"""Activations: the list, declaring one, its own page with the report, and calling people up."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import add_refusal
from accounts.middleware import ActorRequest
from accounts.pages.gate import only, somebody
from accounts.roles import May
from config.pages import page, slice_of
from config.paging import Ordering
from config.refusal import Refused
from emergency.calling import chosen
from emergency.declaring import declare, declare_form
from emergency.doors import ACTIVATIONS
from emergency.filters import ActivationFilter
from emergency.models import Activation
from emergency.querysets import WATCHES, activations_visible_to
from emergency.reading import ActivationReading, activation_rows
from steps.forms import FactsRefused
from steps.pages import StepPage

NEWEST: Ordering = (("declared_at", "desc"), ("id", "desc"))
MOST_TICKS = 500
STEPS = StepPage(ACTIVATIONS, "emergency:activation", "emergency:activation_step")


@require_safe
@only(*WATCHES)
def activations(request: ActorRequest) -> HttpResponse:
    """What is in force, and what has ended."""
    seen = ActivationFilter(request.GET, activations_visible_to(request.actor))
    found = slice_of(request, seen.qs, NEWEST)
    context = {
        "filter": seen,
        "slice": found,
        "rows": activation_rows(found.items),
        "may_declare": bool(request.actor.posts_with(May.DECLARE_EMERGENCY)),
    }
    return page(request, "emergency/activations.html#activation_rows", context)


@require_http_methods(["GET", "POST"])
@only(May.DECLARE_EMERGENCY)
def declare_page(request: ActorRequest) -> HttpResponse:
    """Declare; then choose whom to call."""
    by, status = request.actor, 200
    area = request.GET.get("area", "")
    form = declare_form(by, request.POST if request.method == "POST" else None, area=area)
    if request.method == "POST":
        try:
            made = declare(by=by, now=timezone.now(), facts=request.POST)
        except FactsRefused as refused:
            form, status = refused.form, refused.status  # type: ignore[assignment]
            form.fields["area"].offer(by.area_prefixes(May.DECLARE_EMERGENCY), 12)  # type: ignore[attr-defined]
        except Refused as refused:
            form.is_valid()
            add_refusal(form, refused)
            status = refused.status
        else:
            messages.success(request, _("The area is in emergency now."))
            return redirect("emergency:activation", made.number)
    return page(request, "emergency/declare.html", {"form": form}, status=status)


@require_safe
@somebody
def activation(request: ActorRequest, number: str) -> HttpResponse:
    """What holds, what may be done, the call-ups, the report, the story."""
    found = _seen(request, number)
    reading = ActivationReading(found, request.actor, timezone.now())
    context = {"activation": found, "reading": reading}
    return page(request, "emergency/activation.html", context)


@require_http_methods(["GET", "POST"])
@somebody
def step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """A step; calling up has a page of its own, with the people who fit."""
    if code == "call_up" and request.method == "GET":
        return _choose(request, _seen(request, number))
    return STEPS.answer(request, number, code)


def _choose(request: ActorRequest, found: Activation) -> HttpResponse:
    """The people who fit what was asked for, all of them or ticked ones. Asking again narrows them down."""
    now = timezone.now()
    meeting = ACTIVATIONS.meet(found, request.actor, now)
    ACTIVATIONS.demand_role(meeting, ACTIVATIONS.table["call_up"])
    facts = {
        "area": request.GET.get("area", ""),
        "kinds": request.GET.getlist("kinds"),
        "skills": request.GET.getlist("skills"),
    }
    form = ACTIVATIONS.form_for("call_up", found, request.actor, now, initial=facts)
    people = chosen(found, _usable(form, facts), meeting.today).order_by("area_code", "id")
    context: dict[str, Any] = {
        "activation": found,
        "form": form,
        "people": people.select_related("person")[:MOST_TICKS],
        "count": people.values("who").distinct().count(),
        "most": MOST_TICKS,
    }
    return page(request, "emergency/choose.html", context)


def _usable(form: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """The asked-for facts as far as the form knows them; a made-up area is none."""
    known = {code for code, _name in form.fields["area"].widget.choices}
    return facts | {"area": facts["area"] if facts["area"] in known else ""}


def _seen(request: ActorRequest, number: str) -> Activation:
    found = activations_visible_to(request.actor).filter(number=number).first()
    if found is None:
        raise Http404
    return found
