"""A new whistle: from the list, from a case, or from a point of the map."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from config.pages import page
from config.refusal import Refused
from incidents.querysets import visible_to as cases_visible_to
from steps.forms import FactsRefused
from whistles.drafting import draft, draft_and_blow, draft_form, home_of
from whistles.querysets import types_for


@login_required
@only(May.BLOW)
@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Draft a whistle; who may approve it may blow it with the same press."""
    if request.method == "GET":
        return _shown(request, draft_form(request.actor, None, **_from_where(request)))
    at_once = request.POST.get("go") == "blow"
    act = draft_and_blow if at_once else draft
    try:
        made = act(by=request.actor, now=timezone.now(), facts=request.POST)
    except FactsRefused as refused:
        return _shown(request, refused.form, refused.status)
    except Refused as refused:
        form = draft_form(request.actor, request.POST)
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _shown(request, form, refused.status)
    said = _("The whistle is blown: %(n)s") if at_once else _("Drafted: %(n)s")
    messages.success(request, said % {"n": made.number})
    return redirect("whistles:whistle", made.number)


def _shown(request: ActorRequest, form: Any, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "may_approve": bool(request.actor.posts_with(May.APPROVE_WHISTLE)),
        "parent": home_of(request.actor),
        "kinds": types_for(request.actor),
    }
    return page(request, "whistles/new.html", context, status=status)


def _from_where(request: ActorRequest) -> dict[str, Any]:
    """What the case or the point of the map already says."""
    number = request.GET.get("case", "")
    case = cases_visible_to(request.actor).filter(number=number).first() if number else None
    if case is not None:
        return {
            "cases": case.number,
            "text": case.text,
            "area": case.area_code,
            "address": case.address,
            "lon": case.lon,
            "lat": case.lat,
        }
    try:
        return {"lon": float(request.GET["lon"]), "lat": float(request.GET["lat"])}
    except (KeyError, ValueError):
        return {}
