"""Pages for the street: today's work, and the report in three taps. Phone first."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import ActorRequest
from accounts.roles import May
from config.pages import page
from config.refusal import Refused
from incidents.duplicates import likely_duplicates
from incidents.item_search import entry_of, recent, search, suggest
from incidents.models import Incident
from incidents.querysets import for_list, to_check, visible_to
from incidents.reading import rows
from incidents.report_form import ReportForm

SCRIPT_WORDS = {
    "finding": _("Finding the position…"),
    "no_position": _("No position. Mark it on the map, or write down where it is."),
    "position_kept": _("Position kept; the grid will be found when you send it."),
    "nearest": _("Near"),
    "outside": _("Outside every known grid: it is kept, and a clerk will place it."),
}


@login_required
@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """What this person was sent to look at, and what became of their own reports."""
    request.actor.require(May.REPORT)
    now = timezone.now()
    checks = for_list(to_check(request.actor), now).order_by("due_order", "id")
    reported = visible_to(request.actor).filter(reporter_id=request.actor.user_id)
    own = for_list(reported, now).order_by("-reported_at", "-id")
    context = {
        "checks": rows(list(checks[:50]), now),
        "own": rows(list(own[:20]), now),
        "may_check": bool(request.actor.posts_with(May.CHECK)),
    }
    return page(request, "incidents/field_home.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def report(request: ActorRequest) -> HttpResponse:
    """The report form; the same form takes a trifle that was handled on the spot."""
    request.actor.require(May.REPORT)
    sent = request.method == "POST"
    form = ReportForm(*((request.POST, request.FILES) if sent else ()), actor=request.actor)
    status = 422 if sent else 200
    if sent:
        if form.is_valid():
            try:
                made = form.send(now=timezone.now())
            except Refused as refused:
                form.add_error(
                    refused.field if refused.field in form.fields else None, str(refused)
                )
                status = refused.status
            else:
                _say_what_became(request, form, made)
                return redirect("incidents:case", made.number)
        form.focus_first_wrong()
    context: dict[str, Any] = {
        "form": form,
        "recent": recent(request.actor, limit=8),
        "words": SCRIPT_WORDS,
    }
    return page(request, "incidents/report.html", context, status=status)


def _say_what_became(request: ActorRequest, form: ReportForm, made: Incident) -> None:
    if form.taken_before:
        said = gettext(
            "This report was taken already as %(n)s, and was not taken again."
            " For another matter open a new report."
        )
        messages.info(request, said % {"n": made.number})
        return
    said = gettext("Handled and closed: %(n)s") if made.ended_at else gettext("Reported: %(n)s")
    messages.success(request, said % {"n": made.number})
    for sentence in (*form.photo_faults, *form.notes):
        messages.warning(request, sentence)


@login_required
@require_GET
def items(request: ActorRequest) -> HttpResponse:
    """Items by a piece of their name, code, pinyin or initials; from the text where nothing is typed."""
    request.actor.require(May.REPORT)
    typed = request.GET.get("item_q", "").strip()
    text = request.GET.get("text", "").strip()
    found = search(typed, limit=12) if typed else [one.entry for one in suggest(text, limit=5)]
    shown = found if typed else found or recent(request.actor)
    return page(request, "incidents/items.html", {"found": shown, "typed": typed})


@login_required
@require_GET
def duplicates(request: ActorRequest) -> HttpResponse:
    """Open cases that may be the same matter, shown before a report is sent."""
    request.actor.require(May.REPORT)
    try:
        lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
    except (KeyError, ValueError):
        return page(request, "incidents/duplicates.html", {"likely": []})
    chosen = entry_of(request.GET.get("item", ""))
    alike = likely_duplicates(
        by=request.actor,
        now=timezone.now(),
        item_id=chosen.key if chosen else None,
        lon=lon,
        lat=lat,
        text=request.GET.get("text", ""),
    )
    return page(request, "incidents/duplicates.html", {"likely": alike})
