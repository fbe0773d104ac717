"""The times of call-ups by level, for administrators."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import add_refusal
from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from config.pages import page
from config.refusal import Refused
from emergency.models import Pace
from emergency.paces import PaceForm, change_pace
from emergency.querysets import paces
from steps.forms import FactsRefused
from steps.pages import version_seen

_FIELDS = ("answer_minutes", "arrive_minutes", "above_minutes", "again_minutes")


@require_safe
@only(May.MANAGE_LADDERS)
def paces_page(request: ActorRequest) -> HttpResponse:
    """All four."""
    return page(request, "emergency/paces.html", {"paces": paces()})


@require_http_methods(["GET", "POST"])
@only(May.MANAGE_LADDERS)
def pace(request: ActorRequest, level: str) -> HttpResponse:
    """One level."""
    found = paces().filter(level=level).first()
    if found is None:
        raise Http404
    form, status = PaceForm(initial={name: getattr(found, name) for name in _FIELDS}), 200
    if request.method == "POST":
        try:
            _change(request, found)
        except FactsRefused as refused:
            form, status = refused.form, 422  # type: ignore[assignment]
        except Refused as refused:
            form = PaceForm(request.POST)
            form.is_valid()
            add_refusal(form, refused)
            status = refused.status
        else:
            messages.success(request, _("Changed; call-ups under way keep their times."))
            return redirect("emergency:paces")
    return page(request, "emergency/pace.html", {"pace": found, "form": form}, status=status)


def _change(request: ActorRequest, found: Pace) -> None:
    change_pace(
        level=found.level,
        facts=request.POST,
        version=version_seen(request),
        by=request.actor,
        now=timezone.now(),
    )
