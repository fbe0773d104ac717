"""Cards of units, one card with its grounds, and the rules that draw them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.pages.saving import attempt, status_of
from accounts.roles import May
from config.pages import page, slice_of
from config.paging import Ordering
from incidents.pages.slices import posted
from supervision.card_rules import add_rule, change_rule, rules_for
from supervision.cards import lift_card
from supervision.choices import EXPLAINED
from supervision.filters import CardFilter
from supervision.forms import CardRuleForm, LiftForm
from supervision.models import Card, CardRule
from supervision.pages.orders import concerned
from supervision.querysets import cards_of
from supervision.reading import cards_by_unit, grounds

NEWEST_FIRST: Ordering = (("id", "desc"),)


@require_safe
@concerned
def cards(request: ActorRequest) -> HttpResponse:
    """Which unit has how many cards, and every card, the newest first."""
    seen = cards_of(request.actor)
    chosen = CardFilter(request.GET, queryset=seen.select_related("unit", "rule"), request=request)
    found = slice_of(request, chosen.qs, NEWEST_FIRST)
    context = {
        "filter": chosen,
        "slice": found,
        "units": cards_by_unit(seen),
        "rules": rules_for(request.actor).filter(active=True),
        "may_supervise": bool(request.actor.posts_with(May.SUPERVISE)),
    }
    return page(request, "supervision/cards.html#cards", context)


@require_http_methods(["GET", "HEAD", "POST"])
@concerned
def card(request: ActorRequest, pk: int) -> HttpResponse:
    """One card and what it was drawn for; whoever may lifts it here, with a reason."""
    found = _seen(request, pk)
    may_lift = found.lifted_at is None and request.actor.may(
        May.LIFT_CARD, area_code=found.unit.area_code
    )
    form = LiftForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        by, now = request.actor, timezone.now()
        if attempt(form, lambda: lift_card(card_id=pk, reason=reason, by=by, now=now)):
            messages.success(request, _("The card is lifted."))
            return redirect("supervision:card", pk)
    context = {
        "card": found,
        "grounds": grounds(found),
        "form": form if may_lift or request.method == "POST" else None,
    }
    return page(request, "supervision/card.html", context, status=status_of(form))


def _seen(request: ActorRequest, pk: int) -> Card:
    known = cards_of(request.actor).select_related("unit", "rule", "lifted_by")
    found = known.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


# --- rules --------------------------------------------------------------------------------------------

manages = only(May.MANAGE_CARDS)


@require_safe
@manages
def rules(request: ActorRequest) -> HttpResponse:
    """All rules."""
    explained = [(counted.label, words) for counted, words in EXPLAINED.items()]
    context = {"rules": rules_for(request.actor), "explained": explained}
    return page(request, "supervision/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@manages
def new_rule(request: ActorRequest) -> HttpResponse:
    """Write a rule."""
    form = CardRuleForm(posted(request))
    if request.method == "POST" and form.is_valid():
        facts, by, now = form.cleaned_data, request.actor, timezone.now()
        if attempt(form, lambda: add_rule(by=by, now=now, **facts)):
            messages.success(request, _("The rule is kept."))
            return redirect("supervision:card_rules")
    return page(request, "supervision/rule.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@manages
def rule(request: ActorRequest, pk: int) -> HttpResponse:
    """Change a rule, or put it out of force."""
    found = rules_for(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    form = CardRuleForm(posted(request), exists=True, initial=_shown(found))
    if request.method == "POST" and form.is_valid():
        facts, by, now = form.cleaned_data, request.actor, timezone.now()
        seen = request.POST.get("version", "")
        version = int(seen) if seen.isdecimal() else None
        if attempt(form, lambda: change_rule(rule_id=pk, version=version, by=by, now=now, **facts)):
            messages.success(request, _("The rule is kept."))
            return redirect("supervision:card_rules")
    context = {"form": form, "rule": found}
    return page(request, "supervision/rule.html", context, status=status_of(form))


def _shown(rule: CardRule) -> dict[str, object]:
    return {
        "threshold": rule.threshold,
        "within_days": rule.within_days,
        "active": rule.active,
    }
