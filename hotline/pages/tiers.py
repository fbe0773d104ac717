"""Urgencies and their limits, for administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from config.pages import page
from config.refusal import SomebodyWasFirst
from hotline.choices import Stage
from hotline.models import Tier
from hotline.querysets import tier_coded
from hotline.querysets import tiers as all_tiers
from hotline.tiers import STAGES, TierForm, change_tier

# What each limit is called at the head of its column.
COLUMNS = {
    Stage.DISPATCH: _lazy("Send"),
    Stage.RECEIVE: _lazy("Receive"),
    Stage.RETURN: pgettext_lazy("step of a hotline order", "Return"),
    Stage.HANDLE: _lazy("Handle"),
    Stage.VISIT: _lazy("Call back"),
}


@login_required
@only(May.MANAGE_CATALOGUE)
@require_GET
def tiers(request: ActorRequest) -> HttpResponse:
    """Every urgency, with its times."""
    shown = [
        (one, [(COLUMNS[stage], one.allowance(stage)) for stage in Stage]) for one in all_tiers()
    ]
    context = {"tiers": shown, "columns": list(COLUMNS.values())}
    return page(request, "hotline/tiers.html", context)


@login_required
@only(May.MANAGE_CATALOGUE)
@require_http_methods(["GET", "POST"])
def tier(request: ActorRequest, code: str) -> HttpResponse:
    """Change an urgency; who was overtaken is told."""
    edited, stored = tier_coded(code), tier_coded(code)
    if edited is None or stored is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form, status = TierForm(data, instance=edited, initial={"version": stored.version}), 200
    if data is not None:
        status = _save(form, stored, request)
    if status == 302:
        messages.success(request, _("Saved: %(name)s") % {"name": form.instance.shown_name})
        return redirect("hotline:tiers")
    limits = [(form[f"{stage}_value"], form[f"{stage}_kind"]) for stage in STAGES]
    context = {"form": form, "tier": stored, "limits": limits}
    return page(request, "hotline/tier.html", context, status=status)


def _save(form: TierForm, stored: Tier, request: ActorRequest) -> int:
    """302 where it was saved; else the status of the form that says why not."""
    if not form.is_valid():
        return 422
    facts = dict(form.cleaned_data)
    version = facts.pop("version")
    try:
        change_tier(stored, by=request.actor, now=timezone.now(), version=version, **facts)
    except SomebodyWasFirst as first:
        form.add_error(None, str(first))
        return first.status
    return 302
