"""Bringing organisations, people and posts in by Excel: upload, look, confirm, take the result."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.edits import LOCAL
from accounts.exporting import export_organisations, export_people
from accounts.filters import OrganisationFilter, PersonFilter
from accounts.forms import UploadForm
from accounts.middleware import ActorRequest
from accounts.models import Workbook, WorkbookState
from accounts.organisations import PARENTS
from accounts.pages.gate import only
from accounts.pages.people import listed_people
from accounts.pages.saving import attempt, attempt_plainly, status_of
from accounts.roles import May
from accounts.visible import ADMINISTERING, organisations_visible_to
from accounts.workbook.columns import SHEETS
from accounts.workbook.keeping import apply_workbook, check_workbook, kept_for, report_of
from accounts.workbook.running import Report
from accounts.workbook.writing import (
    MEDIA_TYPE,
    changes_in_words,
    organisations_book,
    outcome_words,
    people_book,
    report_book,
    template,
)
from config.pages import page

SHOWN = 200  # rows on the page; the report workbook has all


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_PEOPLE)
def upload(request: ActorRequest) -> HttpResponse:
    """Take a workbook and look at every row of it."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        workbook = attempt(
            form,
            lambda: check_workbook(
                file.read(), file.name or "", by=request.actor, now=timezone.now()
            ),
        )
        if workbook is not None:
            return redirect("accounts:import_report", workbook.pk)
    return page(request, "accounts/import.html", {"form": form}, status=status_of(form))


@never_cache
@require_safe
@only(May.MANAGE_PEOPLE)
def report(request: ActorRequest, pk: UUID) -> HttpResponse:
    """What would happen, or what has happened."""
    workbook = _get(request, pk)
    found = report_of(workbook)
    context = {
        "workbook": workbook,
        "applied": workbook.state == WorkbookState.APPLIED,
        "blocked": found.blocked,
        "counts": _counts(found),
        "findings": found.findings[:SHOWN],
        "more_findings": max(len(found.findings) - SHOWN, 0),
        "wrong": sum(finding.blocks for finding in found.findings),
        "outcomes": _in_words(found),
        "empty": not found.outcomes and not found.blocked,
        "something": any(o.outcome != "unchanged" for o in found.outcomes),
    }
    return page(request, "accounts/import_report.html", context)


@require_POST
@only(May.MANAGE_PEOPLE)
def confirm(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Import the checked file."""
    workbook = _get(request, pk)
    done = attempt_plainly(
        request, lambda: apply_workbook(workbook, by=request.actor, now=timezone.now()), ""
    )
    if done is not None:
        workbook.refresh_from_db()
        if workbook.state == WorkbookState.APPLIED:
            messages.success(request, _("The workbook was imported, all of it."))
        else:
            messages.warning(
                request,
                _("Something has changed since the check. Nothing was imported; look again below."),
            )
    return redirect("accounts:import_report", pk)


@require_safe
@only(May.MANAGE_PEOPLE)
def empty_template(request: ActorRequest) -> HttpResponse:
    """The template to fill in, in the reader's language."""
    return _download(template(), "organisations-people-posts")


@never_cache
@require_safe
@only(May.MANAGE_PEOPLE)
def report_file(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The report as a workbook; after an import it has the one-time passwords."""
    workbook = _get(request, pk)
    applied = workbook.state == WorkbookState.APPLIED
    content = report_book(report_of(workbook), applied=applied)
    return _download(content, "import-result" if applied else "import-check")


@require_POST
@only(*ADMINISTERING)
def export_of_people(request: ActorRequest) -> HttpResponse:
    """What the list of people shows, as a workbook."""
    chosen = PersonFilter(request.GET, listed_people(request.actor)).qs.order_by("username")
    found = attempt_plainly(
        request, lambda: export_people(chosen, by=request.actor, now=timezone.now()), ""
    )
    if found is None:
        return redirect("accounts:people")
    return _download(people_book(found, _mark(request)), "people")


@require_POST
@only(May.MANAGE_PEOPLE)
def export_of_organisations(request: ActorRequest) -> HttpResponse:
    """What the list of organisations shows, as a workbook."""
    rows = organisations_visible_to(request.actor).select_related(*PARENTS)
    chosen = OrganisationFilter(request.GET, rows).qs.order_by("code")
    found = attempt_plainly(
        request, lambda: export_organisations(chosen, by=request.actor, now=timezone.now()), ""
    )
    if found is None:
        return redirect("accounts:organisations")
    return _download(organisations_book(found, _mark(request)), "organisations")


def _mark(request: ActorRequest) -> str:
    moment = timezone.now().astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
    return _("Taken away by %(who)s on %(when)s") % {"who": request.actor.label, "when": moment}


def _get(request: ActorRequest, pk: UUID) -> Workbook:
    workbook = kept_for(request.actor, pk, timezone.now())
    if workbook is None:
        raise Http404
    return workbook


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _counts(found: Report) -> list[dict[str, Any]]:
    kinds = ("created", "changed", "unchanged")
    return [
        {"title": sheet.title, **{kind: found.count(sheet.key, kind) for kind in kinds}}
        for sheet in SHEETS
    ]


def _in_words(found: Report) -> list[dict[str, Any]]:
    titles = {sheet.key: sheet.title for sheet in SHEETS}
    told = [outcome for outcome in found.outcomes if outcome.outcome != "unchanged"]
    return [
        {
            "sheet": titles[outcome.sheet],
            "row": outcome.row,
            "name": outcome.name,
            "outcome": outcome_words(outcome.outcome),
            "changes": changes_in_words(outcome.sheet, outcome.changes),
        }
        for outcome in told[:SHOWN]
    ]
