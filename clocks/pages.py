"""The pages of this room: parse, call the action, render."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from clocks import edit_calendar
from clocks.calendars import calendar_for, visible_to
from clocks.choices import LEGAL, DayEnd, DayKind
from clocks.day_rows import end_words, rows_of, sheets_of
from clocks.forms import (
    CalculatorForm,
    DayEndForm,
    DayForm,
    NewCalendarForm,
    NoticeForm,
    SeasonForm,
)
from clocks.models import Calendar
from clocks.notice_check import Checked, check_notice, pack, unpack
from clocks.questions import explained, governing_calendar, named_calendars, with_own_days
from clocks.wording import NOTES
from clocks.year_page import year_context
from clocks.year_view import WEEKDAYS
from config.pages import page
from config.refusal import Refused

manages = only(May.MANAGE_CALENDAR)
_CHANGED = gettext_lazy("The change is kept. Deadlines are computed again in the background.")


# --- the calculator ----------------------------------------------------------------------------


@require_safe
@login_required
def calculator(request: ActorRequest) -> HttpResponse:
    """Any signed-in person: when a limit ends, and which days it counted."""
    asked = {name: request.GET[name] for name in ("start", "value", "kind") if name in request.GET}
    area = governing_calendar(request.GET.get("area", _own_area(request))[:15]).area_code
    initial = {"start": timezone.localtime(), "value": 2, "kind": "work_hour", "area": area}
    data = {**asked, "area": area} if asked else None
    form = CalculatorForm(data, initial=initial, calendars=named_calendars())
    context: dict[str, Any] = {"form": form}
    if data and form.is_valid():
        context |= _calculated(form)
    status = 422 if form.errors else 200
    return page(request, "clocks/calculator.html#calculation", context, status=status)


def _own_area(request: ActorRequest) -> str:
    return max((post.area_code for post in request.actor.posts), key=len, default="")


def _calculated(form: CalculatorForm) -> dict[str, Any]:
    asked = form.cleaned_data
    try:
        told = explained(asked["start"], asked["allowance"], asked["area"])
    except Refused as refused:
        form.add_error(refused.field or None, str(refused.sentence))
        return {}
    calendar = calendar_for(asked["area"])
    day, clock = end_words(told, calendar)
    return {
        "told": told,
        "due_day": day,
        "due_clock": clock,
        "notes": [NOTES[note] for note in told.notes],
        "rows": rows_of(told, calendar),
        "sheets": sheets_of(told) if told.allowance.kind in LEGAL else [],
        "weekdays": WEEKDAYS,
        "zone": calendar.zone,
    }


# --- calendars ---------------------------------------------------------------------------------


@require_safe
@manages
def calendars(request: ActorRequest) -> HttpResponse:
    """The calendars that this administrator manages."""
    rows = with_own_days(visible_to(request.actor))
    return page(
        request,
        "clocks/calendars.html",
        {"calendars": [(row, calendar_for(row.area_code).last) for row in rows]},
    )


@require_http_methods(["GET", "POST"])
@manages
def new_calendar(request: ActorRequest) -> HttpResponse:
    """A calendar of an area's own."""
    form = NewCalendarForm(request.POST or None)
    if form.is_valid():
        made = _attempt(
            form,
            lambda: edit_calendar.create_calendar(
                area_code=form.cleaned_data["area_code"],
                name=form.cleaned_data["name"],
                by=request.actor,
                now=timezone.now(),
            ),
        )
        if made:
            messages.success(
                request, _("The calendar was made. It inherits every day until you change one.")
            )
            return redirect("clocks:calendar", made.pk)
    return page(request, "clocks/new_calendar.html", {"form": form}, status=_status(form))


@require_safe
@manages
def calendar(request: ActorRequest, pk: int) -> HttpResponse:
    """A year of one calendar; `?day=` opens that day for editing."""
    shown = _shown(request, pk)
    context = year_context(shown, request.GET.get("year", ""), request.GET.get("day", ""))
    return page(request, "clocks/calendar.html#year", context)


@require_POST
@manages
def day(request: ActorRequest, pk: int) -> HttpResponse:
    """Change one day, or give it back to the calendar above."""
    shown, form = _shown(request, pk), DayForm(request.POST)
    if not form.is_valid():
        return _year_again(request, shown, request.POST.get("date", ""), day_form=form)
    asked = form.cleaned_data
    if not _attempt(form, lambda: _change_day(request, shown, asked)):
        return _year_again(request, shown, asked["date"].isoformat(), day_form=form)
    messages.success(request, _CHANGED)
    return _back(request, shown, asked["date"])


def _change_day(request: ActorRequest, shown: Calendar, asked: dict[str, Any]) -> object:
    if "inherit" in request.POST:
        return edit_calendar.inherit_day(
            calendar_id=shown.pk,
            day=asked["date"],
            seen=asked["seen"],
            by=request.actor,
            now=timezone.now(),
        )
    return edit_calendar.set_day(
        calendar_id=shown.pk,
        day=asked["date"],
        kind=DayKind(asked["kind"]),
        name=asked["name"],
        source=asked["source"],
        seen=asked["seen"],
        by=request.actor,
        now=timezone.now(),
    )


@require_POST
@manages
def season(request: ActorRequest, pk: int) -> HttpResponse:
    """Set the working periods of a season."""
    shown, form = _shown(request, pk), SeasonForm(request.POST)
    done = form.is_valid() and _attempt(
        form,
        lambda: edit_calendar.set_season(
            calendar_id=shown.pk,
            starts=form.cleaned_data["starts"],
            periods=form.cleaned_data["periods"],
            seen=form.cleaned_data["seen"],
            by=request.actor,
            now=timezone.now(),
        ),
    )
    if not done:
        return _year_again(request, shown, season_form=form)
    messages.success(request, _CHANGED)
    return _back(request, shown)


@require_POST
@manages
def season_removed(request: ActorRequest, pk: int) -> HttpResponse:
    """Remove a season."""
    shown = _shown(request, pk)
    try:
        edit_calendar.remove_season(
            calendar_id=shown.pk,
            starts=request.POST.get("starts", ""),
            seen=_number(request.POST.get("seen", "")),
            by=request.actor,
            now=timezone.now(),
        )
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return _back(request, shown)


@require_POST
@manages
def day_end(request: ActorRequest, pk: int) -> HttpResponse:
    """Choose when a statutory period ends on its last day."""
    shown = _shown(request, pk)
    form = DayEndForm(request.POST, inherits=not shown.is_country)
    done = form.is_valid() and _attempt(
        form,
        lambda: (
            edit_calendar.set_day_end(
                calendar_id=shown.pk,
                day_end=DayEnd(form.cleaned_data["day_end"])
                if form.cleaned_data["day_end"]
                else None,
                seen=form.cleaned_data["seen"],
                by=request.actor,
                now=timezone.now(),
            )
            or True
        ),
    )
    if not done:
        return _year_again(request, shown, end_form=form)
    messages.success(request, _CHANGED)
    return _back(request, shown)


# --- a year's notice ---------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@manages
def import_notice(request: ActorRequest, pk: int) -> HttpResponse:
    """Read a notice, show what it would change, and write it when the person says so."""
    shown = _shown(request, pk)
    if "packed" in request.POST:
        return _confirmed(request, shown)
    last = calendar_for(shown.area_code).last
    initial = {"seen": shown.version, "year": last.year + 1 if last else timezone.localdate().year}
    form = NoticeForm(request.POST or None, request.FILES or None, initial=initial)
    checked = None
    if form.is_valid():
        checked = _attempt(form, lambda: _checked(shown, form))
    context = {
        "calendar": shown,
        "form": form,
        "checked": checked,
        "packed": pack(shown, checked, form.cleaned_data["seen"]) if checked else "",
    }
    return page(request, "clocks/import_notice.html", context, status=_status(form))


def _checked(shown: Calendar, form: NoticeForm) -> Checked:
    given, file = form.cleaned_data, form.cleaned_data["file"]
    return check_notice(shown, file.read(), file.name, given["year"], given["source"])


def _confirmed(request: ActorRequest, shown: Calendar) -> HttpResponse:
    try:
        notice = unpack(shown, request.POST["packed"])
        changed = edit_calendar.import_year(
            calendar_id=shown.pk, **notice, by=request.actor, now=timezone.now()
        )
    except signing.BadSignature:
        messages.error(
            request, _("This import is out of date. Choose the file again; nothing was changed.")
        )
        return redirect("clocks:import_notice", shown.pk)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return redirect("clocks:import_notice", shown.pk)
    messages.success(
        request,
        _("%(days)d days were changed. Deadlines are computed again in the background.")
        % {"days": changed},
    )
    return redirect(f"{reverse('clocks:calendar', args=[shown.pk])}?year={notice['year']}")


@require_safe
@manages
def notice_example(request: ActorRequest) -> HttpResponse:
    """A sheet to fill in."""
    rows = (
        "日期,结束日期,类型,名称",
        "2026-01-01,2026-01-03,放假,元旦",
        "2026-01-04,,上班,元旦",
        "2026-02-15,2026-02-23,放假,春节",
        "2026-02-14,,上班,春节",
        "2026-02-28,,上班,春节",
    )
    response = HttpResponse(
        "\ufeff" + "\r\n".join(rows) + "\r\n", content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="notice-example.csv"'
    return response


# --- what the pages share ------------------------------------------------------------------------


def _shown(request: ActorRequest, pk: int) -> Calendar:
    return get_object_or_404(visible_to(request.actor), pk=pk)


def _attempt(form: Any, act: Callable[[], Any]) -> Any:
    """Do it; where it is refused, say why on the form as it was typed, and return None."""
    try:
        return act()
    except Refused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, str(refused.sentence))
        form.clash = refused.status == 409
    return None


def _status(form: Any) -> int:
    if not form.errors:
        return 200
    return 409 if getattr(form, "clash", False) else 422


def _year_again(
    request: ActorRequest, shown: Calendar, chosen: str = "", **forms: Any
) -> HttpResponse:
    """The year with a form that was refused, as it was typed."""
    shown.refresh_from_db()
    context = year_context(shown, request.GET.get("year", ""), chosen, **forms)
    status = max(_status(form) for form in forms.values())
    return page(request, "clocks/calendar.html#year", context, status=status)


def _back(request: ActorRequest, shown: Calendar, chosen: date | None = None) -> HttpResponse:
    if request.htmx:
        shown.refresh_from_db()
        context = year_context(
            shown, request.GET.get("year", ""), chosen.isoformat() if chosen else ""
        )
        return page(request, "clocks/calendar.html#year", context)
    year = request.GET.get("year", "") or (str(chosen.year) if chosen else "")
    suffix = f"?year={year}" if year.isdigit() else ""
    return redirect(reverse("clocks:calendar", args=[shown.pk]) + suffix)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
