"""Lists of hotline orders, the page of one, its steps and its photos."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from config.pages import page, slice_of
from config.paging import Ordering
from config.refusal import Refused
from hotline import photos
from hotline.choices import WITH_UNIT, State
from hotline.door import DOOR
from hotline.filters import OrderFilter
from hotline.models import Order, OrderPhoto
from hotline.pages.desk import DUE_FIRST
from hotline.querysets import SEES, for_list, visible_to
from hotline.reading import OrderReading, rows
from hotline.suggesting.panel import units_for_order
from incidents.photos import examine_all
from steps.forms import StepForm
from steps.pages import StepPage

NEWEST: Ordering = (("taken_at", "desc"), ("id", "desc"))
SENDS = frozenset({"dispatch", "designate"})


class OrderStepPage(StepPage):
    """Where an order is sent to a unit, units are suggested beside the form; one that was pressed fills it."""

    def more(self, request: ActorRequest, record: Any, code: str, form: StepForm) -> dict[str, Any]:
        if code not in SENDS:
            return {}
        pressed = self.brought(request, code) if request.method == "GET" else {}
        for name in pressed:  # what was kept on the device must not undo the press
            form.fields[name].widget.attrs["data-no-keep"] = ""
        suggested = units_for_order(record)
        return {"suggested": [suggested] if suggested.advice else [], "pressed": pressed}


STEP = OrderStepPage(
    DOOR, "hotline:order", "hotline:step", "hotline/step.html", prefilled=("unit",)
)


def _listed(
    request: ActorRequest, template: str, orders: Any, ordering: Ordering, **more: Any
) -> HttpResponse:
    chosen = OrderFilter(request.GET, queryset=for_list(orders), request=request)
    found = slice_of(request, chosen.qs, ordering)
    context = {"filter": chosen, "slice": found, "rows": rows(found.items, timezone.now())}
    return page(request, template, context | more)


@login_required
@only(*SEES)
@require_GET
def orders(request: ActorRequest) -> HttpResponse:
    """Every order in scope, filtered, the newest first."""
    may = {
        "may_find_callers": any(request.actor.posts_with(m) for m in (May.TAKE_CALLS, May.VISIT))
    }
    return _listed(request, "hotline/orders.html#rows", visible_to(request.actor), NEWEST, **may)


@login_required
@only(May.HANDLE)
@require_GET
def todo(request: ActorRequest) -> HttpResponse:
    """What my unit must do, leading or helping, the most urgent first."""
    units = request.actor.organisation_ids(May.HANDLE)
    mine = visible_to(request.actor).filter(state__in=WITH_UNIT)
    mine = mine.filter(parts__unit_id__in=units, parts__returned_at__isnull=True).distinct()
    return _listed(request, "hotline/todo.html#rows", mine, DUE_FIRST)


@login_required
@only(May.VISIT)
@require_GET
def visits(request: ActorRequest) -> HttpResponse:
    """Whom to call back, the most urgent first."""
    waiting = visible_to(request.actor).filter(state=State.REPLIED)
    return _listed(request, "hotline/visits.html#rows", waiting, DUE_FIRST)


def seen_or_404(request: ActorRequest, number: str) -> Order:
    """The order where the actor may see it; anybody else is told that there is none."""
    known = visible_to(request.actor).select_related(*DOOR.related, "repeats", "taken_by")
    found = known.filter(number=number).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_GET
def order(request: ActorRequest, number: str) -> HttpResponse:
    """Facts, caller, units, clocks, timeline, and only the buttons that may be pressed now."""
    found = seen_or_404(request, number)
    reading = OrderReading(found, request.actor, timezone.now())
    context = {"order": found, "reading": reading, "photo_most": settings.PHOTO_MAX_BYTES}
    return page(request, "hotline/order.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """The form of one step, and taking it."""
    return STEP.answer(request, number, code)


@login_required
@require_POST
def add_photos(request: ActorRequest, number: str) -> HttpResponse:
    """Photos of the result. One bad file does not lose the others."""
    seen_or_404(request, number)
    sound, faults = examine_all(request.FILES.getlist("photos"))
    for photo in sound:
        try:
            photos.add(number=number, by=request.actor, now=timezone.now(), photo=photo)
        except Refused as refused:
            faults = [*faults, refused.sentence]
            break
    for fault in faults:
        messages.warning(request, str(fault))
    if sound and not faults:
        messages.success(request, _("Photos added."))
    return redirect("hotline:order", number)


@login_required
@require_GET
def photo(request: ActorRequest, number: str, photo_id: int, size: str) -> FileResponse:
    """A photo of an order that the actor may see."""
    try:
        return photos.photo_response(request.actor, number, photo_id, size)
    except OrderPhoto.DoesNotExist:
        raise Http404 from None
