"""The commander's board of what runs, the list of all campaigns, and a new one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.middleware import ActorRequest
from accounts.pages.gate import only, safe_next
from accounts.roles import May
from campaigns.choices import Kind
from campaigns.drafting import draft
from campaigns.filters import CampaignFilter
from campaigns.judging import urge_laggards
from campaigns.pages.seen import campaign_or_404
from campaigns.querysets import CONCERNED, visible_to
from campaigns.reading import bars, board
from campaigns.step_forms import DraftFacts
from config.pages import page, slice_of
from config.paging import Ordering
from config.refusal import Refused
from steps.forms import FactsRefused

NEWEST: Ordering = (("drafted_at", "desc"), ("id", "desc"))


@login_required
@only(*CONCERNED)
@require_GET
def running(request: ActorRequest) -> HttpResponse:
    """Everything that runs in scope, what lags first."""
    found = board(request.actor, timezone.now())
    context = {
        "bars": found,
        "late": sum(bar.late for bar in found),
        "laggards": sum(bar.laggards for bar in found),
        "notes": sum(row.lacks_note for bar in found for row in bar.rows),
        "may_launch": bool(request.actor.posts_with(May.LAUNCH_CAMPAIGN)),
    }
    return page(request, "campaigns/board.html", context)


@login_required
@only(*CONCERNED)
@require_GET
def campaigns(request: ActorRequest) -> HttpResponse:
    """Every campaign in scope: drafts, what runs, what has ended; the newest first."""
    seen = visible_to(request.actor).select_related("organisation")
    chosen = CampaignFilter(request.GET, queryset=seen, request=request)
    found = slice_of(request, chosen.qs, NEWEST)
    lines = {bar.campaign.pk: bar for bar in bars(found.items, request.actor, timezone.now())}
    context = {
        "filter": chosen,
        "slice": found,
        "bars": [lines[one.pk] for one in found.items],
        "may_launch": bool(request.actor.posts_with(May.LAUNCH_CAMPAIGN)),
    }
    return page(request, "campaigns/campaigns.html#rows", context)


@login_required
@only(May.LAUNCH_CAMPAIGN)
@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Draft a campaign; whom it goes to and what is visited come on its own page."""
    if request.method == "GET":
        kind = request.GET.get("kind", Kind.SWEEP)
        return _shown(request, DraftFacts(None, initial={"kind": kind}))
    try:
        made = draft(by=request.actor, now=timezone.now(), facts=request.POST)
    except FactsRefused as refused:
        return _shown(request, refused.form, refused.status)
    except Refused as refused:
        form = DraftFacts(request.POST)
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _shown(request, form, refused.status)
    messages.success(request, _("Drafted: %(n)s") % {"n": made.number})
    return redirect("campaigns:campaign", made.number)


def _shown(request: ActorRequest, form: object, status: int = 200) -> HttpResponse:
    return page(request, "campaigns/new.html", {"form": form}, status=status)


@login_required
@only(May.LAUNCH_CAMPAIGN)
@require_POST
def urge(request: ActorRequest, number: str) -> HttpResponse:
    """Urge all who lag in a campaign, with one press."""
    found = campaign_or_404(request, number)
    text = request.POST.get("text", "")
    n = urge_laggards(campaign=found, by=request.actor, now=timezone.now(), text=text)
    if n:
        messages.success(request, ngettext("%(n)s urged.", "%(n)s urged.", n) % {"n": n})
    else:
        messages.info(request, _("Nobody to urge: nobody lags, or they were urged just now."))
    return redirect(safe_next(request, "campaigns:board"))
