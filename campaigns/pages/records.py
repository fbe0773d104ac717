"""The page of a campaign and of an assignment, and the steps that are taken from them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import ActorRequest
from campaigns.door import ASSIGNMENTS, CAMPAIGNS
from campaigns.exporting import assignments_sheet
from campaigns.pages.seen import assignment_or_404, campaign_or_404
from campaigns.reading import AssignmentReading, CampaignReading
from config.pages import page
from steps.pages import StepPage

CAMPAIGN_STEP = StepPage(CAMPAIGNS, "campaigns:campaign", "campaigns:campaign_step")
CHECKLIST = StepPage(
    CAMPAIGNS, "campaigns:campaign", "campaigns:campaign_step", "campaigns/checklist.html"
)
ASSIGNMENT_STEP = StepPage(ASSIGNMENTS, "campaigns:assignment", "campaigns:assignment_step")


@login_required
@require_GET
def campaign(request: ActorRequest, number: str) -> HttpResponse:
    """Facts, whom it went to with bars and lamps, check-list, milestones, what may be done now, what happened."""
    found = campaign_or_404(request, number)
    reading = CampaignReading(found, request.actor, timezone.now())
    if request.GET.get("export") == "xlsx":
        return assignments_sheet(found, reading.bar.rows, by=request.actor, now=timezone.now())
    return page(request, "campaigns/campaign.html", {"campaign": found, "reading": reading})


@login_required
@require_http_methods(["GET", "POST"])
def campaign_step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """The form of one step of a campaign, and taking it."""
    steps = CHECKLIST if code == "set_checklist" else CAMPAIGN_STEP
    return steps.answer(request, number, code)


@login_required
@require_GET
def assignment(request: ActorRequest, number: str) -> HttpResponse:
    """How far it is, its zones with their cadres, its problems and cases, what may be done now."""
    found = assignment_or_404(request, number)
    reading = AssignmentReading(found, request.actor, timezone.now())
    return page(request, "campaigns/assignment.html", {"assignment": found, "reading": reading})


@login_required
@require_http_methods(["GET", "POST"])
def assignment_step(request: ActorRequest, number: str, code: str) -> HttpResponse:
    """The form of one step of an assignment, and taking it."""
    answer = ASSIGNMENT_STEP.answer(request, number, code)
    done = code == "arrive" and answer.status_code == 302
    return redirect("campaigns:mine") if done else answer
