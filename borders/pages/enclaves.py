"""Enclaves: list, map, progress, registering, one enclave with its steps, and many from a table."""

import json
from typing import Any

import shapely
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from borders.choices import CheckKind, EnclaveState
from borders.doors import ENCLAVES
from borders.enclave_import import COLUMNS, EnclavesRead, import_enclaves, read_file
from borders.exporting import enclaves_sheet
from borders.figures import progress
from borders.filters import EnclaveFilter
from borders.models import Enclave
from borders.querysets import SEES, enclaves_for_list, enclaves_on_map, enclaves_visible_to
from borders.reading import EnclaveReading, enclave_rows
from borders.registering import register, register_form
from config.pages import page, slice_of
from config.paging import Ordering
from config.refusal import Refused
from grids.queries import seen_prefixes
from incidents.catalogue_uploads import Upload, forget, keep, kept
from steps.forms import FactsRefused
from steps.pages import StepPage

NEWEST: Ordering = (("registered_at", "desc"), ("id", "desc"))
MOST_ON_MAP = 2_000
STEP_PAGE = StepPage(ENCLAVES, "borders:enclave", "borders:enclave_step", "borders/step.html")


@login_required
@only(*SEES)
@require_GET
def enclaves(request: ActorRequest) -> HttpResponse:
    """Every enclave in scope, filtered, the newest first. `?export=xlsx` gives the rows as shown."""
    seen = enclaves_for_list(enclaves_visible_to(request.actor))
    chosen = EnclaveFilter(request.GET, queryset=seen, request=request)
    if request.GET.get("export") == "xlsx" and chosen.is_valid():
        return enclaves_sheet(chosen.qs, by=request.actor, now=timezone.now())
    found = slice_of(request, chosen.qs, NEWEST)
    context = {
        "filter": chosen,
        "slice": found,
        "rows": enclave_rows(found.items, timezone.now()),
        "may_register": bool(request.actor.area_prefixes(May.RAISE_UNOWNED)),
        "progress": progress(request.actor),
    }
    return page(request, "borders/enclaves.html#enclave_rows", context)


@login_required
@only(*SEES)
@require_GET
def enclave_progress(request: ActorRequest) -> HttpResponse:
    """How many of how many, by district."""
    context = {"progress": progress(request.actor), "kinds": CheckKind.choices}
    return page(request, "borders/progress.html", context)


@login_required
@only(*SEES)
@require_GET
def enclave_map(request: ActorRequest) -> HttpResponse:
    """Enclaves on the map, coloured by how far they have come; filtered as the list is."""
    chosen = EnclaveFilter(
        request.GET, queryset=enclaves_visible_to(request.actor), request=request
    )
    shown = [_on_map(one) for one in enclaves_on_map(chosen.qs, MOST_ON_MAP)]
    seen = seen_prefixes(request.actor)
    context = {
        "filter": chosen,
        "shown": shown,
        "parent": seen[0] if seen else "",
        "states": [state for state in EnclaveState if state != EnclaveState.STRUCK],
        "words": {"open": _("Open the enclave")},
    }
    return page(request, "borders/map.html", context)


def _on_map(one: Enclave) -> dict[str, Any]:
    """A point, and the boundary where there is one."""
    shape = shapely.from_wkb(bytes(one.boundary)) if one.boundary else None
    return {
        "n": one.number,
        "x": one.lon,
        "y": one.lat,
        "s": one.state,
        "t": f"{one.name} · {one.get_state_display()}",
        "g": json.loads(shapely.to_geojson(shape)) if shape is not None else None,
        "u": reverse("borders:enclave", args=[one.number]),
    }


@login_required
@only(May.RAISE_UNOWNED)
@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Register a place."""
    if request.method == "GET":
        return _shown(request, register_form(request.actor, None))
    try:
        made = register(by=request.actor, now=timezone.now(), facts=request.POST)
    except FactsRefused as refused:
        return _shown(request, refused.form, refused.status)
    except Refused as refused:
        form = register_form(request.actor, request.POST)
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _shown(request, form, refused.status)
    messages.success(request, _("Registered: %(n)s") % {"n": made.number})
    return redirect("borders:enclave", made.number)


def _shown(request: ActorRequest, form: Any, status: int = 200) -> HttpResponse:
    seen = seen_prefixes(request.actor)
    context = {"form": form, "parent": seen[0] if seen else ""}
    return page(request, "borders/enclave_new.html", context, status=status)


@login_required
@require_GET
def enclave(request: ActorRequest, number: str) -> HttpResponse:
    """Place, sides, signatures, old problems, checks, and what may be done now."""
    found = STEP_PAGE.found(request, number)
    context = {
        "enclave": found,
        "reading": EnclaveReading(found, request.actor, timezone.now()),
        "shown": [_on_map(found)],
        "words": {"open": _("Open the enclave")},
    }
    return page(request, "borders/enclave.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def enclave_step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """The form of one step, and taking it."""
    return STEP_PAGE.answer(request, number, code)


# --- many from a table -------------------------------------------------------------------------


class UploadForm(forms.Form):
    """The table."""

    file = forms.FileField(label=gettext_lazy("Table (.csv or .xlsx)"))


@login_required
@only(May.RAISE_UNOWNED)
@require_http_methods(["GET", "POST"])
def enclave_import(request: ActorRequest) -> HttpResponse:
    """Send a table: checked whole, and written only when it is confirmed and nothing is wrong."""
    if request.POST.get("token"):
        return _confirm(request, request.POST["token"])
    if request.method == "GET":
        return _import_shown(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _import_shown(request, form, status=422)
    file = form.cleaned_data["file"]
    upload = Upload(file.name, file.read())
    try:
        read = read_file(upload.data, by=request.actor)
    except Refused as refused:
        form.add_error("file", str(refused))
        return _import_shown(request, form, status=refused.status)
    sound = bool(read.fresh) and not read.problems
    token = keep(upload, by=request.actor) if sound else ""
    return _import_shown(request, form, read=read, file_name=file.name, token=token)


def _confirm(request: ActorRequest, token: str) -> HttpResponse:
    try:
        read = read_file(kept(token, by=request.actor).data, by=request.actor)
        made = import_enclaves(read=read, by=request.actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("borders:enclave_import")
    forget(token, by=request.actor)
    messages.success(request, _("%(count)s enclaves were registered.") % {"count": len(made)})
    return redirect("borders:enclaves")


def _import_shown(
    request: ActorRequest,
    form: UploadForm,
    *,
    read: EnclavesRead | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    columns = [names[0] for names in COLUMNS.values()]
    context = {"form": form, "columns": columns, "read": read, **more}
    return page(request, "borders/enclave_import.html", context, status=status)
