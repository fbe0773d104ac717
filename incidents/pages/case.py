"""The page of one case, and the steps taken from it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import ActorRequest
from config.pages import page
from config.refusal import Refused
from incidents.choices import PhotoKind
from incidents.models import Incident, Photo
from incidents.photos import add, examine_all, photo_response
from incidents.querysets import visible_to
from incidents.reading import CaseReading
from incidents.step_forms import FORMS
from incidents.suggesters import chosen, suggested
from incidents.taking import DOOR, available
from steps.door import Offer
from steps.pages import StepPage


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


class CaseStepPage(StepPage):
    """Photos are sent beside the step's form, and are kept before the step is taken."""

    def before(self, request: ActorRequest, record: Incident, code: str) -> None:
        _keep_photos(request, record, FORMS[code].photos)

    def after(self, request: ActorRequest, record: Incident, code: str) -> str:
        """Back to the case, where it may still be seen; else to one's own work."""
        stays = visible_to(request.actor).filter(pk=record.pk).exists()
        return super().after(request, record, code) if stays else reverse("home")

    def brought(self, request: ActorRequest, code: str) -> dict[str, Any]:
        """The suggestion that was pressed."""
        return dict(chosen(code, request.GET.dict()))

    def more(self, request: ActorRequest, record: Any, code: str, form: Any) -> dict[str, Any]:
        pressed = self.brought(request, code) if request.method == "GET" else {}
        for name in pressed:  # what was kept on the device must not undo the press
            form.fields[name].widget.attrs["data-no-keep"] = ""
        return {
            "photo_kinds": [(kind, PhotoKind(kind).label) for kind in FORMS[code].photos],
            "photo_most": settings.PHOTO_MAX_BYTES,
            "pressed": pressed,
            "suggested": suggested(code, record, request.actor),
        }


STEP = CaseStepPage(DOOR, "incidents:case", "incidents:step", "incidents/step.html", multipart=True)


@login_required
@require_http_methods(["GET", "POST"])
def step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """The form of one step, and taking it. Whatever goes wrong, what was typed comes back."""
    return STEP.answer(request, number, code)


def _keep_photos(request: ActorRequest, case: Incident, kinds: Sequence[PhotoKind]) -> None:
    """Add the photos sent beside the form. Sound ones stay on the case even if the step is refused."""
    for kind in kinds:
        sent: list[UploadedFile[bytes]] = request.FILES.getlist(f"photo_{kind}")
        sound, faults = examine_all(sent)
        for photo in sound:
            add(number=case.number, by=request.actor, now=timezone.now(), kind=kind, photo=photo)
        if faults:
            raise Refused("photo_refused", " ".join(str(fault) for fault in faults), 422)


@login_required
@require_GET
def photo(request: ActorRequest, photo_id: int, size: str) -> FileResponse:
    """A photo of a case that the actor may see; never a file address that anybody could share."""
    try:
        return photo_response(request.actor, photo_id, size)
    except Photo.DoesNotExist:
        raise Http404 from None
