"""The operators' desk: what rings, what is unfinished, what the hotline must decide."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.personal import mask_phone
from accounts.roles import May
from config.pages import page, slice_of
from config.paging import Ordering
from config.refusal import Refused
from hotline.calls import answer, missed, ringing
from hotline.choices import WITH_HOTLINE, Extension
from hotline.drafts import begin, lines_of
from hotline.filters import OrderFilter
from hotline.models import Call
from hotline.querysets import for_list, visible_to
from hotline.reading import rows

DUE_FIRST: Ordering = (("due_at", "asc"), ("id", "asc"))


@login_required
@only(May.TAKE_CALLS)
@never_cache
@require_GET
def desk(request: ActorRequest) -> HttpResponse:
    """What waits for the hotline, the most urgent first; above it calls and what was begun."""
    now = timezone.now()
    waits = Q(state__in=WITH_HOTLINE) | Q(extension=Extension.ASKED, ended_at__isnull=True)
    waiting = for_list(visible_to(request.actor).filter(waits))
    chosen = OrderFilter(request.GET, queryset=waiting, request=request)
    found = slice_of(request, chosen.qs, DUE_FIRST)
    context = {
        "filter": chosen,
        "slice": found,
        "rows": rows(found.items, now),
        "drafts": lines_of(request.actor),
        "missed": [(call, mask_phone(call.phone)) for call in missed(request.actor, now)],
        **_ringing(request),
    }
    return page(request, "hotline/desk.html#rows", context)


def _ringing(request: ActorRequest) -> dict[str, object]:
    """What rings, and a mark of it: the page asks every two seconds, and is redrawn only where it changed."""
    calls = ringing(request.actor, timezone.now())
    return {
        "calls": [(call, mask_phone(call.phone)) for call in calls],
        "mark": ".".join(str(call.pk) for call in calls) or "0",
    }


@login_required
@only(May.TAKE_CALLS)
@never_cache
@require_GET
def ringing_now(request: ActorRequest) -> HttpResponse:
    """The bar of calls, for the page that shows `mark`; 204 where nothing changed."""
    context = _ringing(request)
    if request.GET.get("mark") == context["mark"]:
        return HttpResponse(status=204)
    return page(request, "hotline/ringing.html", context)


@login_required
@only(May.TAKE_CALLS)
@require_POST
def answer_call(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a call that rings, or call back one that was missed: an order is begun with its number."""
    try:
        draft = answer(pk, by=request.actor, now=timezone.now())
    except Call.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("hotline:desk")
    return redirect("hotline:draft", draft.pk)


@login_required
@only(May.TAKE_CALLS)
@require_POST
def begin_order(request: ActorRequest) -> HttpResponse:
    """Begin an order by hand: a call that no system announced, a letter, a mail."""
    draft = begin(by=request.actor, now=timezone.now())
    return redirect("hotline:draft", draft.pk)
