"""Rules of responsibility, for administrators: browse, write, end, import, and ask who would get a case."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import area_names
from accounts.edits import LOCAL
from accounts.forms import add_refusal
from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.pages.saving import attempt, status_of
from accounts.pickers import written
from accounts.roles import May
from config.pages import page, slice_of
from config.paging import Ordering
from config.refusal import Refused
from incidents.catalogue import branches_named, code_names, item_coded
from incidents.catalogue_filters import RuleFilter
from incidents.catalogue_forms import RuleEndForm, RuleForm, RulesUploadForm, TesterForm, stored
from incidents.catalogue_uploads import Upload, forget, keep, kept
from incidents.item_search import entry_of, search
from incidents.models import CatalogueItem, ResponsibilityRule
from incidents.pages.slices import posted, posted_with_files
from incidents.responsibility import RuleBook
from incidents.responsibility_import import COLUMNS, import_rules, read_rules
from incidents.responsibility_rules import add_rule, change_rule, end_rule, rules_visible_to

ORDER: Ordering = (("item_code", "asc"), ("area_code", "asc"), ("priority", "desc"), ("pk", "asc"))


@require_safe
@only(May.MANAGE_CATALOGUE)
def rules(request: ActorRequest) -> HttpResponse:
    """The list, filtered."""
    chosen = RuleFilter(request.GET, rules_visible_to(request.actor))
    found = slice_of(request, chosen.qs, ORDER)
    context = {
        "filter": chosen,
        "slice": found,
        "none_yet": not found.items and not rules_visible_to(request.actor).exists(),
        "today": _today(),
        "items": code_names(rule.item_code for rule in found.items),
        "areas": area_names.names_of({rule.area_code for rule in found.items}),
    }
    return page(request, "incidents/catalogue/rules.html#rule_rows", context)


@require_safe
@only(May.MANAGE_CATALOGUE)
def rule_item_options(request: ActorRequest) -> HttpResponse:
    """Suggestions for the picker: classes and subclasses by name or code, then items however they are typed."""
    typed = str(next(iter(request.GET.values()), "")).strip()[:120]
    found = [(entry.code, entry.shown_name) for entry in search(typed.split(" ")[0], limit=12)]
    options = ((written(code, name),) for code, name in [*branches_named(typed), *found])
    return HttpResponse(format_html_join("", '<option value="{}"></option>', options))


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_CATALOGUE)
def rule_new(request: ActorRequest) -> HttpResponse:
    """Write a rule."""
    names = ("item_code", "area_code")
    initial = {name: request.GET.get(name, "") for name in names} | {"valid_from": _today()}
    form = RuleForm(posted(request), by=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: add_rule(wording=form.wording(), by=request.actor, now=timezone.now()),
        )
        if made is not None:
            messages.success(request, _("Rule %(rule)s was written.") % {"rule": made.pk})
            return redirect("incidents:rules")
    return page(request, "incidents/catalogue/rule.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_CATALOGUE)
def rule(request: ActorRequest, pk: int) -> HttpResponse:
    """Change a rule; who was overtaken sees what the others wrote."""
    shown = _get(request, pk)
    form = RuleForm(posted(request), by=request.actor, itself=shown)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            lambda: change_rule(
                shown,
                wording=form.wording(),
                seen=form.cleaned_data["version"] or 0,
                by=request.actor,
                now=timezone.now(),
            ),
            stored=lambda: stored(_get(request, pk)),
        )
        if changed is not None:
            messages.success(request, _("Rule %(rule)s was saved.") % {"rule": pk})
            return redirect("incidents:rules")
    context = {"form": form, "rule": shown, "end": _end_form(shown), "ended": _over(shown)}
    return page(request, "incidents/catalogue/rule.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_CATALOGUE)
def rule_end(request: ActorRequest, pk: int) -> HttpResponse:
    """Let a rule end after a day."""
    shown = _get(request, pk)
    form = RuleEndForm(request.POST) if request.method == "POST" else _end_form(shown)
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data["last_day"]
        ended = attempt(
            form,
            lambda: end_rule(
                shown,
                last_day=last_day,
                seen=form.cleaned_data["version"] or 0,
                by=request.actor,
                now=timezone.now(),
            ),
        )
        if ended is not None:
            said = _("Rule %(rule)s ends after %(day)s.") % {
                "rule": pk,
                "day": last_day.isoformat(),
            }
            messages.success(request, said)
            return redirect("incidents:rules")
    context = {"form": form, "rule": shown}
    return page(request, "incidents/catalogue/rule_end.html", context, status=status_of(form))


@require_safe
@only(May.MANAGE_CATALOGUE)
def rules_test(request: ActorRequest) -> HttpResponse:
    """Who would get it? The unit, why, and the rules that lost."""
    asked = "item" in request.GET
    form = TesterForm(request.GET if asked else None)
    context: dict[str, Any] = {"form": form, "asked": asked}
    if asked and form.is_valid():
        found = search(form.cleaned_data["item"], limit=8)
        entry = entry_of(form.cleaned_data["item"].split(" ")[0]) or (found[0] if found else None)
        if entry is None:
            form.add_error("item", _("The catalogue in force has no such item."))
        else:
            context |= _verdict(item_coded(entry.code), form.cleaned_data["area"])
            context["also"] = [other for other in found if other.code != entry.code]
    return page(request, "incidents/catalogue/rules_test.html", context, status=status_of(form))


def _verdict(item: CatalogueItem, area_code: str) -> dict[str, Any]:
    book = RuleBook.for_one(item, area_code, _today())
    found = book.candidates(item, area_code)
    ladder = book.matching(item, area_code)
    return {
        "item": item,
        "area_code": area_code,
        "choice": found[0] if found else None,
        "others": found[1:],
        "ladder": ladder[1:] if found and found[0].why["by"] == "rule" else ladder,
        "items": code_names(rule.item_code for rule in ladder),
        "areas": area_names.names_of({area_code, *(rule.area_code for rule in ladder)}),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_CATALOGUE)
def rules_import(request: ActorRequest) -> HttpResponse:
    """Send a table of rules: checked whole, and written only when it is confirmed and nothing is wrong."""
    if request.POST.get("token"):
        return _confirm(request, request.POST["token"])
    form = RulesUploadForm(*posted_with_files(request))
    context: dict[str, Any] = {"form": form, "columns": [names[0] for names in COLUMNS.values()]}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        upload = Upload(file.name, file.read())
        read = attempt(form, lambda: read_rules(upload.data, today=_today()))
        if read is not None:
            sound = bool(read.fresh) and not read.problems
            token = keep(upload, by=request.actor) if sound else ""
            context |= {"read": read, "file_name": file.name, "token": token}
    return page(request, "incidents/catalogue/rules_import.html", context, status=status_of(form))


def _confirm(request: ActorRequest, token: str) -> HttpResponse:
    try:
        upload = kept(token, by=request.actor)
        read = read_rules(upload.data, today=_today())
        written = import_rules(read=read, by=request.actor, now=timezone.now())
    except Refused as refused:
        form = RulesUploadForm({})
        form.errors.clear()
        add_refusal(form, refused)
        context = {"form": form, "columns": [names[0] for names in COLUMNS.values()]}
        return page(
            request, "incidents/catalogue/rules_import.html", context, status=refused.status
        )
    forget(token, by=request.actor)
    messages.success(request, _("%(count)s rules were written.") % {"count": len(written)})
    return redirect("incidents:rules")


def _get(request: ActorRequest, pk: int) -> ResponsibilityRule:
    return get_object_or_404(rules_visible_to(request.actor), pk=pk)


def _end_form(rule: ResponsibilityRule) -> RuleEndForm:
    return RuleEndForm(initial={"last_day": _today(), "version": rule.version})


def _over(rule: ResponsibilityRule) -> bool:
    return rule.valid_to is not None and rule.valid_to < _today()


def _today() -> Any:
    return timezone.now().astimezone(LOCAL).date()
