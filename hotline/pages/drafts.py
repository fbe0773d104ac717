"""Taking an order in while talking: one page for the keyboard, kept on the server as it is typed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from config.pages import page
from config.refusal import Refused
from hotline import drafts
from hotline.callers import history_of
from hotline.hints import hints_for, places_for
from hotline.intake_form import Intake
from hotline.models import Draft
from hotline.placing import home_of
from hotline.querysets import drafts_of
from steps.forms import FactsRefused
from steps.pages import version_seen


def _own_or_404(request: ActorRequest, pk: int) -> Draft:
    found = drafts_of(request.actor).select_related("call").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@only(May.TAKE_CALLS)
@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: ActorRequest, pk: int) -> HttpResponse:
    """The form with what was kept; sent, it becomes an order and what was decided is done."""
    if request.method == "GET":
        found = _own_or_404(request, pk)
        form = Intake(by=request.actor, initial=drafts.content(found))
        return _shown(request, found, form)
    try:
        taken = drafts.send(pk, by=request.actor, now=timezone.now(), facts=request.POST)
    except Draft.DoesNotExist:
        raise Http404 from None
    except FactsRefused as refused:
        return _refused(request, pk, refused.form, refused.status)
    except Refused as refused:
        form = Intake(request.POST, by=request.actor)
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _refused(request, pk, form, refused.status)
    messages.success(request, _("Taken in: %(n)s") % {"n": taken.order.number})
    for note in taken.notes:
        messages.warning(request, str(note))
    return redirect("hotline:order", taken.order.number)


def _refused(request: ActorRequest, pk: int, form: Any, status: int) -> HttpResponse:
    """What was typed is kept first, then shown with what is wrong."""
    found = drafts.save(pk, by=request.actor, now=timezone.now(), version=None, facts=request.POST)
    return _shown(request, found, form, status)


def _shown(request: ActorRequest, found: Draft, form: Any, status: int = 200) -> HttpResponse:
    context = {"draft": found, "form": form, "parent": home_of(request.actor), "mark": "0"}
    return page(request, "hotline/draft.html", context, status=status)


@login_required
@only(May.TAKE_CALLS)
@require_POST
def save(request: ActorRequest, pk: int) -> HttpResponse:
    """Keep what is typed now; the page calls it every few seconds."""
    context: dict[str, Any] = {}
    status = 200
    try:
        version = version_seen(request)
        now = timezone.now()
        context["draft"] = drafts.save(
            pk, by=request.actor, now=now, version=version, facts=request.POST
        )
    except Draft.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        context["overtaken"], status = refused, refused.status
    return page(request, "hotline/saved.html", context, status=status)


@login_required
@only(May.TAKE_CALLS)
@require_POST
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw it away: nobody spoke, or it was begun by mistake."""
    if not drafts.discard(pk, by=request.actor):
        raise Http404
    messages.success(request, _("Thrown away."))
    return redirect("hotline:desk")


@login_required
@only(May.TAKE_CALLS)
@require_POST
def hints(request: ActorRequest) -> HttpResponse:
    """Items, units and likely duplicates for what is typed. By POST: what callers say stays out of addresses."""
    found = hints_for(request.actor, timezone.now(), request.POST)
    return page(request, "hotline/hints.html", {"hints": found})


@login_required
@only(May.TAKE_CALLS)
@require_POST
def places(request: ActorRequest) -> HttpResponse:
    """Areas and known addresses for a piece of a name."""
    said = request.POST.get("place", "")
    return page(
        request, "hotline/places.html", {"places": places_for(request.actor, said), "said": said}
    )


@login_required
@only(May.TAKE_CALLS, May.VISIT)
@never_cache
@require_http_methods(["GET", "POST"])
def caller(request: ActorRequest) -> HttpResponse:
    """What a number asked for before: beside the form while the caller talks, and as a page of its own."""
    said = request.POST.get("caller_phone", "")
    return page(request, "hotline/caller.html", {"history": history_of(request.actor, said)})
