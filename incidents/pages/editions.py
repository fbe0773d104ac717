"""Editions of the catalogue, for administrators: import with a dry run, correct, compare, put in force."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import add_refusal
from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.pages.saving import attempt, attempt_plainly, status_of
from accounts.roles import May
from clocks.choices import AllowanceKind
from config.pages import page
from config.refusal import Refused
from incidents.catalogue import versions
from incidents.catalogue_comparison import compare
from incidents.catalogue_editions import (
    activate,
    import_edition,
    limits_for_a_person,
    rules_left_behind,
    set_limit,
    with_figures,
    without_limit,
)
from incidents.catalogue_formats import read_catalogue
from incidents.catalogue_forms import EditionUploadForm, LimitForm
from incidents.catalogue_reading import ReadCatalogue
from incidents.catalogue_report import assumption, figures, findings, kinds
from incidents.catalogue_uploads import Upload, forget, keep, kept
from incidents.models import CatalogueStatus, CatalogueVersion, ItemLimit
from incidents.pages.slices import posted, posted_with_files


@require_safe
@only(May.MANAGE_CATALOGUE)
def editions(request: ActorRequest) -> HttpResponse:
    """All editions, newest first."""
    rows = list(with_figures(versions(request.actor)))
    return page(request, "incidents/catalogue/editions.html", {"editions": rows})


@require_safe
@only(May.MANAGE_CATALOGUE)
def edition(request: ActorRequest, code: str) -> HttpResponse:
    """One edition: what its import found, what waits for a person, and whether it can be put in force."""
    version = _get(request, code)
    context = {
        "version": version,
        "waiting": limits_for_a_person(version),
        "without": without_limit(version),
        "left_behind": rules_left_behind(version),
        "others": versions(request.actor).exclude(pk=version.pk),
        "draft": version.status == CatalogueStatus.DRAFT,
        "active": version.status == CatalogueStatus.ACTIVE,
        **_report(version.read_report),
    }
    return page(request, "incidents/catalogue/edition.html", context)


@require_POST
@only(May.MANAGE_CATALOGUE)
def edition_activate(request: ActorRequest, code: str) -> HttpResponse:
    """Put an edition in force."""
    version = _get(request, code)
    attempt_plainly(
        request,
        lambda: activate(
            version, by=request.actor, now=timezone.now(), seen=_number(request.POST.get("version"))
        ),
        _("“%(edition)s” is in force. Cases filed before keep their edition.")
        % {"edition": version.shown_name},
    )
    return redirect("incidents:edition", code)


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_CATALOGUE)
def edition_limit(request: ActorRequest, code: str, pk: int) -> HttpResponse:
    """A person says what one limit of a draft means."""
    version = _get(request, code)
    limit: ItemLimit = get_object_or_404(limits_for_a_person(version, all_limits=True), pk=pk)
    initial = {"value": limit.value, "kind": limit.kind, "version": version.version}
    form = LimitForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        done = attempt(
            form,
            lambda: set_limit(
                limit,
                value=typed["value"],
                kind=typed["kind"],
                seen=typed["version"],
                by=request.actor,
                now=timezone.now(),
            ),
        )
        if done is not None:
            messages.success(
                request,
                _("“%(item)s”: %(limit)s.")
                % {"item": limit.item.shown_name, "limit": done.shown_allowance},
            )
            return redirect("incidents:edition", code)
    context = {"form": form, "limit": limit, "version": version}
    return page(request, "incidents/catalogue/edition_limit.html", context, status=status_of(form))


@require_safe
@only(May.MANAGE_CATALOGUE)
def editions_compare(request: ActorRequest) -> HttpResponse:
    """Two editions side by side."""
    rows = list(versions(request.actor))
    by_code = {row.code: row for row in rows}
    before, after = by_code.get(request.GET.get("a", "")), by_code.get(request.GET.get("b", ""))
    difference = compare(before, after) if before and after else None
    context = {"editions": rows, "before": before, "after": after, "difference": difference}
    return page(request, "incidents/catalogue/editions_compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_CATALOGUE)
def catalogue_import(request: ActorRequest) -> HttpResponse:
    """Send a file: it is read and reported, and nothing is written before that is confirmed."""
    if request.POST.get("token"):
        return _confirm(request, request.POST["token"])
    form = EditionUploadForm(*posted_with_files(request))
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        typed = {name: value for name, value in form.cleaned_data.items() if name != "file"}
        file = form.cleaned_data["file"]
        upload = Upload(file.name, file.read(), typed)
        read = attempt(form, lambda: _read(upload))
        if read is not None:
            context |= _report(read.report())
            context |= {
                "read": read,
                "typed": typed,
                "file_name": file.name,
                "fatal": read.fatal,
                "token": "" if read.fatal else keep(upload, by=request.actor),
            }
    return page(
        request, "incidents/catalogue/catalogue_import.html", context, status=status_of(form)
    )


def _confirm(request: ActorRequest, token: str) -> HttpResponse:
    form = EditionUploadForm()
    try:
        upload = kept(token, by=request.actor)
        typed = {n: v for n, v in upload.typed.items() if n not in ("days_are", "hours_are")}
        form = EditionUploadForm(initial=upload.typed)
        done = import_edition(read=_read(upload), by=request.actor, now=timezone.now(), **typed)
    except Refused as refused:
        shown = EditionUploadForm(form.initial, initial=form.initial)
        shown.full_clean()
        shown.errors.clear()
        add_refusal(shown, refused)
        context = {"form": shown}
        return page(
            request, "incidents/catalogue/catalogue_import.html", context, status=refused.status
        )
    forget(token, by=request.actor)
    if done.created:
        messages.success(
            request, _("“%(edition)s” was written as a draft.") % {"edition": done.version}
        )
    else:
        messages.info(
            request,
            _("“%(edition)s” holds exactly this already; nothing was changed.")
            % {"edition": done.version},
        )
    return redirect("incidents:edition", done.version.code)


def _read(upload: Upload) -> ReadCatalogue:
    return read_catalogue(
        upload.data,
        days_are=AllowanceKind(upload.typed["days_are"]),
        hours_are=AllowanceKind(upload.typed["hours_are"]),
    )


def _report(report: dict[str, Any]) -> dict[str, Any]:
    return {
        "figures": figures(report),
        "kinds": kinds(report),
        "assumption": assumption(report),
        "findings": findings(report),
    }


def _get(request: ActorRequest, code: str) -> CatalogueVersion:
    return get_object_or_404(versions(request.actor), code=code)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
