"""Targets: the list of a campaign, adding some, and one with its visits."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import ActorRequest
from campaigns.door import CAMPAIGNS, TARGETS
from campaigns.exporting import targets_sheet
from campaigns.filters import TargetsOfCampaign
from campaigns.listing import as_lines
from campaigns.models import Campaign
from campaigns.pages.seen import campaign_or_404, target_or_404
from campaigns.querysets import assignments_visible_to, targets_visible_to
from campaigns.reading import TargetReading, next_after, target_rows, zones_in
from config.pages import page, slice_of
from config.paging import Ordering
from config.refusal import Refused
from steps.forms import FactsRefused
from steps.pages import StepPage, version_seen

IN_ORDER: Ordering = (("id", "asc"),)
TARGET_STEP = StepPage(TARGETS, "campaigns:target", "campaigns:target_step")
VISIT = StepPage(TARGETS, "campaigns:target", "campaigns:target_step", "campaigns/visit.html")
VISITS = ("visit", "visit_again")


@login_required
@require_GET
def targets(request: ActorRequest, number: str) -> HttpResponse:
    """The targets of a campaign that the person sees, filtered; `export=xlsx` takes away what is shown."""
    campaign = _campaign_of_targets(request, number)
    seen = targets_visible_to(request.actor).filter(campaign=campaign)
    parts = assignments_visible_to(request.actor).filter(campaign=campaign)
    chosen = TargetsOfCampaign(
        request.GET,
        queryset=seen,
        request=request,
        zones=zones_in(parts),
        assignments=[(one.number, one.number) for one in parts],
    )
    if request.GET.get("export") == "xlsx":
        return targets_sheet(campaign, chosen.qs, by=request.actor, now=timezone.now())
    found = slice_of(request, chosen.qs.select_related("zone"), IN_ORDER)
    context = {
        "campaign": campaign,
        "filter": chosen,
        "slice": found,
        "rows": target_rows(found.items),
    }
    return page(request, "campaigns/targets.html#target_rows", context)


def _campaign_of_targets(request: ActorRequest, number: str) -> Campaign:
    """The campaign where one sees it, or one of its targets."""
    first = targets_visible_to(request.actor).filter(campaign__number=number)
    known = first.select_related("campaign").first()
    return known.campaign if known is not None else campaign_or_404(request, number)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: ActorRequest, number: str) -> HttpResponse:
    """Paste a list or choose a file: first it is checked and every defect told, then a second press writes it. What
    was read stands in the form, so that it can be put right there and nothing is lost."""
    campaign = campaign_or_404(request, number)
    CAMPAIGNS.demand_role(
        CAMPAIGNS.meet(campaign, request.actor, timezone.now()), CAMPAIGNS.table["add_targets"]
    )
    if request.method == "GET":
        return _list_form(request, campaign, None)
    typed: dict[str, Any] = {
        "lines": request.POST.get("lines", ""),
        "every_grid": request.POST.get("every_grid", ""),
    }
    if upload := request.FILES.get("file"):
        try:
            typed["lines"] = as_lines(upload.read())
        except Refused as refused:
            return _list_form(request, campaign, typed, refused)
    elif request.POST.get("go") == "write":
        return _written(request, campaign, typed)
    return _list_form(request, campaign, typed)


def _written(request: ActorRequest, campaign: Campaign, typed: dict[str, Any]) -> HttpResponse:
    try:
        CAMPAIGNS.take(
            "add_targets",
            number=campaign.number,
            by=request.actor,
            now=timezone.now(),
            version=version_seen(request),
            facts=typed,
        )
    except FactsRefused:
        return _list_form(request, campaign, typed)
    except Refused as refused:
        return _list_form(request, campaign_or_404(request, campaign.number), typed, refused)
    messages.success(request, _("The targets are written."))
    return redirect("campaigns:campaign", campaign.number)


def _list_form(
    request: ActorRequest,
    campaign: Campaign,
    typed: dict[str, Any] | None,
    refused: Refused | None = None,
) -> HttpResponse:
    """The form with the report of what was read."""
    form = CAMPAIGNS.form_for("add_targets", campaign, request.actor, timezone.now(), typed)
    sound = typed is not None and refused is None and form.is_valid()
    read = (
        form.cleaned_data.get("read")
        if typed is not None and hasattr(form, "cleaned_data")
        else None
    )
    context = {"campaign": campaign, "form": form, "refused": refused, "sound": sound, "read": read}
    status = refused.status if refused else (422 if form.errors else 200)
    return page(request, "campaigns/add_targets.html", context, status=status)


@login_required
@require_GET
def target(request: ActorRequest, number: str) -> HttpResponse:
    """One target: its visits with answers and cases, and what may be done."""
    found = target_or_404(request, number)
    reading = TargetReading(found, request.actor, timezone.now())
    return page(request, "campaigns/target.html", {"target": found, "reading": reading})


@login_required
@require_http_methods(["GET", "POST"])
def target_step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """Visit it, or make its problem a case. After a visit without a problem the next target is shown."""
    found = target_or_404(request, number)
    if code not in TARGETS.table:
        raise Http404
    answer = (VISIT if code in VISITS else TARGET_STEP).answer(request, number, code)
    if code not in VISITS or answer.status_code != 302 or request.POST.get("found") == "problem":
        return answer
    following = next_after(found, request.actor)
    if following is None:
        return redirect("campaigns:mine")
    return redirect(reverse("campaigns:target_step", args=[following.number, "visit"]))
