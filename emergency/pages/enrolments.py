"""Who is enrolled: the list with its shortfalls, one enrolment with its hours, enrolling one or many."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import add_refusal
from accounts.middleware import ActorRequest
from accounts.pages.gate import only, somebody
from accounts.personal import decrypted, encrypted
from accounts.roles import May
from config.pages import page, slice_of
from config.paging import Ordering
from config.refusal import Refused
from emergency.doors import ENROLMENTS
from emergency.enrolling import enrol, enrol_form
from emergency.filters import EnrolmentFilter
from emergency.importing import COLUMNS, MOST_BYTES, examine, import_all, template
from emergency.querysets import ENROLS, enrolments_visible_to
from emergency.reading import EnrolmentReading, enrolment_rows
from emergency.serving import with_hours
from steps.forms import FactsRefused
from steps.pages import StepPage

NEWEST: Ordering = (("id", "desc"),)
MOST_DEFECTS = 200
STEPS = StepPage(ENROLMENTS, "emergency:enrolment", "emergency:enrolment_step")


@require_safe
@only(*ENROLS)
def enrolled(request: ActorRequest) -> HttpResponse:
    """Everybody in scope, with the hours of this month or year and what is missing."""
    asked = request.GET.copy()
    asked.setdefault("state", "active")
    rows = with_hours(enrolments_visible_to(request.actor), timezone.localdate())
    chosen = EnrolmentFilter(asked, rows.select_related("person"))
    found = slice_of(request, chosen.qs, NEWEST)
    context = {
        "filter": chosen,
        "slice": found,
        "rows": enrolment_rows(found.items),
        "may_enrol": bool(request.actor.posts_with(May.ENROL)),
    }
    return page(request, "emergency/enrolled.html#enrolled_rows", context)


@require_http_methods(["GET", "POST"])
@only(May.ENROL)
def new(request: ActorRequest) -> HttpResponse:
    """Enrol one person."""
    by, status = request.actor, 200
    today = timezone.localdate()
    form = enrol_form(by, request.POST if request.method == "POST" else None, valid_from=today)
    if request.method == "POST":
        try:
            made = enrol(by=by, now=timezone.now(), facts=request.POST)
        except FactsRefused as refused:
            form, status = refused.form, refused.status  # type: ignore[assignment]
            form.offer_areas(by)
        except Refused as refused:
            form.is_valid()
            add_refusal(form, refused)
            status = refused.status
        else:
            messages.success(request, _("Enrolled."))
            return redirect("emergency:enrolment", made.number)
    return page(request, "emergency/enrol.html", {"form": form}, status=status)


@require_safe
@somebody
def enrolment(request: ActorRequest, number: str) -> HttpResponse:
    """Terms, hours, what may be done."""
    rows = with_hours(enrolments_visible_to(request.actor), timezone.localdate())
    found = rows.select_related("person").filter(number=number).first()
    if found is None:
        raise Http404
    reading = EnrolmentReading(found, request.actor, timezone.now())
    return page(request, "emergency/enrolment.html", {"enrolment": found, "reading": reading})


@require_http_methods(["GET", "POST"])
@somebody
def step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """Change the terms, enter hours, decide about them, end it."""
    return STEPS.answer(request, number, code)


# --- many at once ----------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
@only(May.ENROL)
def import_table(request: ActorRequest) -> HttpResponse:
    """First every defect; only a table without any can be imported, all of it.

    Between looking and importing the table travels with the page, encrypted: it holds names and phones.
    """
    context: dict[str, Any] = {"columns": COLUMNS, "most": MOST_DEFECTS}
    if request.method == "GET":
        return page(request, "emergency/import.html", context)
    by, now = request.actor, timezone.now()
    try:
        content = _content(request)
        go = request.POST.get("go") == "do"
        found = (import_all if go else examine)(content, by=by, now=now)
    except Refused as refused:
        return page(request, "emergency/import.html", context | {"refused": refused}, status=422)
    if go and not found.defects:
        said = ngettext("%(n)s person enrolled.", "%(n)s people enrolled.", found.rows)
        messages.success(request, said % {"n": found.rows})
        return redirect("emergency:enrolled")
    kept = encrypted(content).decode() if not found.defects else ""
    status = 422 if found.defects else 200
    return page(
        request, "emergency/import.html", context | {"found": found, "kept": kept}, status=status
    )


def _content(request: ActorRequest) -> bytes:
    """The uploaded file, or what was kept of it. Raises Refused."""
    file, kept = request.FILES.get("file"), request.POST.get("kept", "")
    if file is not None:
        return bytes(file.read(MOST_BYTES + 1))
    try:
        return decrypted(kept.encode())
    except (InvalidToken, ValueError) as error:
        raise Refused("file_missing", _("Choose a file."), field="file") from error


@require_safe
@only(May.ENROL)
def empty_table(request: ActorRequest) -> HttpResponse:
    """The headings with one example."""
    response = HttpResponse(template(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="enrolments.csv"'
    return response
