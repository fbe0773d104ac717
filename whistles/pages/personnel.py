"""Personnel suggestions: for the street's Party committee and the organisation department, nobody else."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from config.pages import page, slice_of
from config.refusal import Refused
from steps.forms import FactsRefused
from whistles.models import PersonnelSuggestion
from whistles.personnel import (
    STEPS,
    decide,
    read,
    steps_for,
    suggest,
    suggestion_form,
)
from whistles.querysets import streets_of, suggestions_visible_to

THREE = (May.SUGGEST_PERSONNEL, May.APPROVE_PERSONNEL, May.RECEIVE_PERSONNEL)


@login_required
@only(*THREE)
@never_cache
@require_GET
def suggestions(request: ActorRequest) -> HttpResponse:
    """One's own street's, or those sent to the organisation department. Names stand on their own pages only."""
    mine = suggestions_visible_to(request.actor).select_related("unit")
    found = slice_of(request, mine, (("id", "desc"),))
    may_suggest = bool(streets_of(request.actor, May.SUGGEST_PERSONNEL))
    return page(request, "whistles/suggestions.html", {"slice": found, "may_suggest": may_suggest})


@login_required
@only(May.SUGGEST_PERSONNEL)
@never_cache
@require_http_methods(["GET", "POST"])
def suggestion_new(request: ActorRequest) -> HttpResponse:
    """Suggest something about a department's person."""
    form = suggestion_form(request.actor, whistle=request.GET.get("whistle", ""))
    if request.method == "GET":
        return page(request, "whistles/suggestion_new.html", {"form": form})
    try:
        made = suggest(by=request.actor, now=timezone.now(), facts=request.POST)
    except FactsRefused as refused:
        return page(request, "whistles/suggestion_new.html", {"form": refused.form}, status=422)
    return redirect("whistles:suggestion", made.pk)


@login_required
@never_cache
@require_GET
def suggestion(request: ActorRequest, pk: int) -> HttpResponse:
    """One suggestion; reading it is journaled."""
    try:
        found = read(pk, by=request.actor, now=timezone.now())
    except PersonnelSuggestion.DoesNotExist:
        raise Http404 from None
    context = {"one": found, "steps": steps_for(found, request.actor)}
    return page(request, "whistles/suggestion.html", context)


@login_required
@never_cache
@require_POST
def suggestion_step(request: ActorRequest, pk: int, code: str) -> HttpResponse:
    """Approve, refuse, take back or receive."""
    if code not in STEPS:
        raise Http404
    given = request.POST.get("version", "")
    try:
        decide(
            code,
            pk,
            by=request.actor,
            now=timezone.now(),
            version=int(given) if given.isdecimal() and len(given) < 10 else None,
            answer=request.POST.get("answer", "")[:2000],
        )
    except PersonnelSuggestion.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, str(STEPS[code].label))
    return redirect("whistles:suggestions")
