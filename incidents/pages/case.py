"""The page of one case, and the steps taken from it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.middleware import ActorRequest
from config.pages import page, wants_fragment
from config.refusal import Refused, SomebodyWasFirst
from incidents.choices import PhotoKind
from incidents.lifecycle import STEPS
from incidents.models import Incident, Photo
from incidents.photos import add, examine_all, photo_response
from incidents.querysets import visible_to
from incidents.reading import CaseReading
from incidents.step_forms import FORMS
from incidents.suggesters import chosen, suggested
from incidents.taking import FactsRefused, Offer, available, demand_role, form_for, take


def seen_or_404(request: ActorRequest, number: str) -> Incident:
    """The case where the actor may see it; anybody else is told that there is none."""
    seen = visible_to(request.actor).select_related("item", "limit", "unit", "centre", "main_case")
    case = seen.filter(number=number).first()
    if case is None:
        raise Http404
    return case


@login_required
@require_GET
def case(request: ActorRequest, number: str) -> HttpResponse:
    """Facts, map, photos, lamps, timeline, and only the buttons that may be pressed now."""
    found = seen_or_404(request, number)
    now = timezone.now()
    offers = sorted(available(found, request.actor, now), key=_forward_first)
    context = {
        "case": found,
        "reading": CaseReading(found, request.actor, now),
        "can": [offer for offer in offers if offer.allowed or offer.kind == "photo"],
        "cannot": [o for o in offers if not o.allowed and o.kind in ("guard", "hands")],
        "now": now,
    }
    return page(request, "incidents/case.html", context)


# Steps that end or undo never stand first, however open they are.
_LAST = frozenset({"withdraw", "take_back", "refuse", "recall", "return", "send_back", "reopen"})


def _forward_first(offer: Offer) -> tuple[bool, bool]:
    """Steps that bring the case forward first, then those that leave its state, then those that end or undo."""
    return offer.step.code in _LAST, offer.step.to is None


@login_required
@require_http_methods(["GET", "POST"])
def step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """The form of one step, and taking it. Whatever goes wrong, what was typed comes back."""
    if code not in STEPS:
        raise Http404
    found = seen_or_404(request, number)
    now = timezone.now()
    context: dict[str, Any] = {
        "case": found,
        "step": STEPS[code],
        "photo_most": settings.PHOTO_MAX_BYTES,
        "photo_kinds": [(k, PhotoKind(k).label) for k in FORMS[code].photos],
    }
    if request.method == "GET":
        demand_role(code, found, request.actor, now)
        pressed = chosen(code, request.GET.dict())
        form = form_for(code, found, request.actor, now, initial=pressed)
        for name in pressed:  # what was kept on the device must not undo the press
            form.fields[name].widget.attrs["data-no-keep"] = ""
        context |= {"form": form, "pressed": pressed}
        context["suggested"] = suggested(code, found, request.actor)
        return page(request, "incidents/step.html", context)
    try:
        _keep_photos(request, found, FORMS[code].photos)
        taken = take(
            code,
            number=number,
            by=request.actor,
            now=now,
            version=_version(request),
            facts=request.POST,
        )
    except Refused as refused:
        return _again(request, context, refused)
    return _done(request, taken, code)


def _keep_photos(request: ActorRequest, case: Incident, kinds: Sequence[PhotoKind]) -> None:
    """Add the photos sent beside the form. Sound ones stay on the case even if the step is refused."""
    for kind in kinds:
        sent: list[UploadedFile[bytes]] = request.FILES.getlist(f"photo_{kind}")
        sound, faults = examine_all(sent)
        for photo in sound:
            add(number=case.number, by=request.actor, now=timezone.now(), kind=kind, photo=photo)
        if faults:
            raise Refused("photo_refused", " ".join(str(fault) for fault in faults), 422)


def _version(request: ActorRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() else None


def _again(request: ActorRequest, context: dict[str, Any], refused: Refused) -> HttpResponse:
    """The form as typed, on the case as it is now, with what stood against the step."""
    case = seen_or_404(request, context["case"].number)
    code = context["step"].code
    form = (
        refused.form
        if isinstance(refused, FactsRefused)
        else form_for(code, case, request.actor, timezone.now(), request.POST)
    )
    shown = context | {
        "case": case,
        "form": form,
        "suggested": suggested(code, case, request.actor),
    }
    if isinstance(refused, SomebodyWasFirst):
        shown["first"] = refused
    elif refused.field in form.fields:
        form.add_error(refused.field, str(refused))
    elif not isinstance(refused, FactsRefused):
        shown["refused"] = refused
    return page(request, "incidents/step.html", shown, status=refused.status)


def _done(request: ActorRequest, taken: Incident, code: str) -> HttpResponse:
    """Back to the case, where it may still be seen; else to one's own work."""
    messages.success(request, str(STEPS[code].label))
    stays = visible_to(request.actor).filter(pk=taken.pk).exists()
    target = reverse("incidents:case", args=[taken.number]) if stays else reverse("home")
    return HttpResponseClientRedirect(target) if wants_fragment(request) else redirect(target)


@login_required
@require_GET
def photo(request: ActorRequest, photo_id: int, size: str) -> FileResponse:
    """A photo of a case that the actor may see; never a file address that anybody could share."""
    try:
        return photo_response(request.actor, photo_id, size)
    except Photo.DoesNotExist:
        raise Http404 from None
