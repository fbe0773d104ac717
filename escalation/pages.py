"""Ladders, for administrators: the rules, how a case would climb, and what could not be done."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import area_names, authority
from accounts.actor import Actor
from accounts.forms import add_refusal
from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.pages.saving import attempt, status_of
from accounts.roles import May
from config.pages import page, slice_of
from config.paging import Ordering
from config.refusal import Refused
from escalation.failures import failing_visible_to
from escalation.failures import try_again as trying_again
from escalation.forms import PreviewForm, RuleForm, RungForms, stored, typed_rungs, wording
from escalation.models import EscalationRule
from escalation.preview import allowance_for, climb_of, preview
from escalation.rules import add_rule, change_rule, rules_visible_to
from escalation.rungs import read_rungs
from incidents.catalogue import code_names, item_coded
from incidents.choices import Stage, Urgency
from incidents.models import CatalogueItem


@require_safe
@only(May.MANAGE_LADDERS)
def rules(request: ActorRequest) -> HttpResponse:
    """The rules, the broadest first, with their rungs in words."""
    order: Ordering = (
        ("active", "desc"),
        ("item_code", "asc"),
        ("area_code", "asc"),
        ("pk", "asc"),
    )
    found = slice_of(request, rules_visible_to(request.actor), order, 30)
    context = {
        "slice": found,
        "rows": [(rule, _rungs_said(rule)) for rule in found.items],
        "areas": area_names.names_of({rule.area_code for rule in found.items}),
        "items": code_names(rule.item_code for rule in found.items),
        "failing": failing_visible_to(request.actor).count(),
    }
    return page(request, "escalation/rules.html#rows", context)


def _rungs_said(rule: EscalationRule) -> list[tuple[str, str]] | None:
    """Moment and deed of each rung; None for a rule that cannot be read."""
    try:
        return [(rung.said, str(rung.deed.label)) for rung in read_rungs(rule.rungs)]
    except Refused:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_LADDERS)
def rule_new(request: ActorRequest) -> HttpResponse:
    """Write a rule, after looking how a case would climb by it; `like` names one to begin with."""
    given = request.GET.get("like", "")
    return _edit(request, None, like=_get(request, int(given)) if given.isdecimal() else None)


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_LADDERS)
def rule(request: ActorRequest, pk: int) -> HttpResponse:
    """Change a rule; who was overtaken sees what the others wrote."""
    return _edit(request, _get(request, pk))


def _edit(
    request: ActorRequest, shown: EscalationRule | None, like: EscalationRule | None = None
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = RuleForm(sent, itself=shown, initial=_beginning(request.actor, like))
    begun = shown or like
    rungs = RungForms(sent, prefix="rung", initial=begun.rungs if begun else [])
    context: dict[str, Any] = {"form": form, "rungs": rungs, "rule": shown}
    context["beyond"] = shown is not None and not _may_change(request.actor, shown)
    if sent is not None and form.is_valid() and rungs.is_valid():
        if "preview" in sent:
            context |= _tried_out(form, rungs)
        elif _saved(request, form, rungs, shown):
            return redirect("escalation:rules")
    status = 422 if sent is not None and not rungs.is_valid() else status_of(form)
    return page(request, "escalation/rule.html", context, status=status)


def _may_change(actor: Actor, rule: EscalationRule) -> bool:
    return authority.post_over(actor, May.MANAGE_LADDERS, rule.area_code) is not None


def _beginning(actor: Actor, like: EscalationRule | None) -> dict[str, Any]:
    """What the form of a new rule shows first: the rule it is like, for one's own area."""
    begun = stored(like) if like else {"stage": Stage.HANDLE, "active": True}
    own = authority.prefixes(actor, May.MANAGE_LADDERS)
    return {**begun, "name": "", "area_code": min(own, key=len, default="")}


def _saved(request: ActorRequest, form: RuleForm, rungs: Any, shown: EscalationRule | None) -> bool:
    facts: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    said = wording(form, rungs)
    if shown is None:
        done = attempt(form, lambda: add_rule(wording=said, **facts))
    else:
        seen = form.cleaned_data["version"] or 0
        done = attempt(
            form,
            lambda: change_rule(shown, wording=said, seen=seen, **facts),
            stored=lambda: stored(_get(request, shown.pk)),
        )
    if done is not None:
        messages.success(request, _("The ladder “%(name)s” was saved.") % {"name": done.shown_name})
    return done is not None


def _tried_out(form: RuleForm, rungs: Any) -> dict[str, Any]:
    """How a case that begins this stage now would climb by what was typed; nothing is saved."""
    given = form.cleaned_data
    try:
        item = _item(given["item_code"])
        allowance = allowance_for(item, given["urgency"], given["stage"])
        due, lines = climb_of(typed_rungs(rungs), allowance, given["area_code"], timezone.now())
    except Refused as refused:
        add_refusal(form, refused)
        return {}
    return {"tried": True, "allowance": allowance, "due": due, "lines": lines, "item": item}


def _item(code: str) -> CatalogueItem | None:
    """The item that is meant; None for a class, a subclass, or any matter."""
    try:
        return item_coded(code) if code else None
    except Refused:
        return None


@require_safe
@only(May.MANAGE_LADDERS)
def how(request: ActorRequest) -> HttpResponse:
    """How would a case climb? The rule that holds, the rules that lost, and the times."""
    asked = "stage" in request.GET
    form = PreviewForm(request.GET if asked else None)
    context: dict[str, Any] = {"form": form, "asked": asked}
    if asked and form.is_valid():
        given = form.cleaned_data
        try:
            context["preview"] = preview(
                area_code=given["area"],
                item=_item(given["item"]),
                urgency=given["urgency"] or Urgency.NORMAL,
                stage=given["stage"] or Stage.HANDLE,
                now=timezone.now(),
            )
        except Refused as refused:
            add_refusal(form, refused)
    return page(request, "escalation/how.html", context, status=status_of(form))


@require_safe
@only(May.MANAGE_LADDERS)
def failures(request: ActorRequest) -> HttpResponse:
    """Ladders whose next rung could not be done, with what stood against it."""
    order: Ordering = (("failed_at", "desc"), ("pk", "desc"))
    found = slice_of(request, failing_visible_to(request.actor), order, 30)
    return page(request, "escalation/failures.html#rows", {"slice": found})


@require_POST
@only(May.MANAGE_LADDERS)
def try_again(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Let one be tried at once."""
    ladder = get_object_or_404(failing_visible_to(request.actor), pk=pk)
    if trying_again(ladder, by=request.actor, now=timezone.now()):
        messages.success(request, _("It is tried again within seconds."))
    return redirect("escalation:failures")


def _get(request: ActorRequest, pk: int) -> EscalationRule:
    return get_object_or_404(rules_visible_to(request.actor), pk=pk)
