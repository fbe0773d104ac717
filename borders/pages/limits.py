"""How long the stages of both registers may take, for administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from borders import querysets
from borders.limits import LimitForm, change_limit
from borders.models import Limit
from config.pages import page
from config.refusal import SomebodyWasFirst


@login_required
@only(May.MANAGE_CATALOGUE)
@require_GET
def limits(request: ActorRequest) -> HttpResponse:
    """Every stage, with its time."""
    return page(request, "borders/limits.html", {"limits": querysets.limits()})


@login_required
@only(May.MANAGE_CATALOGUE)
@require_http_methods(["GET", "POST"])
def limit_edit(request: ActorRequest, stage: str) -> HttpResponse:
    """Change one; who was overtaken is told."""
    limit, stored = querysets.limit_of(stage), querysets.limit_of(stage)
    if limit is None or stored is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form, status = LimitForm(data, instance=limit, initial={"version": limit.version}), 200
    if data is not None:
        status = _save(form, stored, request)
    if status == 302:
        messages.success(request, _("Saved: %(name)s") % {"name": stored.get_stage_display()})
        return redirect("borders:limits")
    return page(request, "borders/limit.html", {"form": form, "limit": stored}, status=status)


def _save(form: LimitForm, stored: Limit, request: ActorRequest) -> int:
    """302 where it was saved; else the status of the form that says why not."""
    if not form.is_valid():
        return 422
    try:
        change_limit(stored, by=request.actor, now=timezone.now(), **form.cleaned_data)
    except SomebodyWasFirst as first:
        form.add_error(None, str(first))
        return first.status
    return 302
