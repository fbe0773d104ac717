"""The bell: its number, what is unread, and the page of all messages. Many of one kind are one line."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import ActorRequest
from accounts.pages.gate import somebody
from config.pages import page, slice_of, wants_fragment
from notices import mark_read as reading
from notices.querysets import MOST_COUNTED, gathered, unread, unread_count, visible_to
from notices.wording import Line, label_of, lines

IN_THE_BELL = 8
MOST_OF_A_KIND = 3


@require_safe
@somebody
def messages_page(request: ActorRequest) -> HttpResponse:
    """All messages, newest first; `?show=unread` only those not read, `?kind=` only those of one kind."""
    only_unread = request.GET.get("show") == "unread"
    kind = request.GET.get("kind", "")[:40]
    mine = unread(request.actor) if only_unread else visible_to(request.actor)
    if kind:
        mine = mine.filter(kind=kind)
    found = slice_of(request, mine, (("id", "desc"),), 30)
    context = {
        "slice": found,
        "lines": lines(found.items),
        "only_unread": only_unread,
        "kind": kind,
        "kind_label": label_of(kind) if kind else "",
        "unread": capped(_count(request)),
        "newest": max((notice.pk for notice in found.items), default=0),
    }
    return page(request, "notices/list.html#rows", context)


@require_safe
@never_cache
@somebody
def badge(request: ActorRequest) -> HttpResponse:
    """The number on the bell: empty, 1 to 99, or 99+."""
    return HttpResponse(capped(_count(request)))


@require_safe
@never_cache
@somebody
def bell(request: ActorRequest) -> HttpResponse:
    """The newest unread messages, for the bell's pop-up; more than three of a kind as one line."""
    kinds = gathered(request.actor)
    newest = max((pk for _kind, _count, pk in kinds), default=0)
    context = {"lines": _gathered_lines(request, kinds)[:IN_THE_BELL], "newest": newest}
    return page(request, "notices/bell.html", context)


def _gathered_lines(request: ActorRequest, kinds: list[tuple[str, int, int]]) -> list[Line]:
    """The newest first: single messages of the rare kinds, one line for each frequent one."""
    many = {pk: count for _kind, count, pk in kinds if count > MOST_OF_A_KIND}
    rare = [kind for kind, count, _pk in kinds if count <= MOST_OF_A_KIND]
    wanted = unread(request.actor).filter(Q(pk__in=many) | Q(kind__in=rare))
    shown = lines(wanted[: IN_THE_BELL + len(many)])
    return [
        line.of_many(many[line.notice.pk]) if line.notice.pk in many else line for line in shown
    ]


@require_safe
@never_cache
@somebody
def follow_link(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Go to what a message is about; opening it is reading it."""
    notice = get_object_or_404(visible_to(request.actor), pk=pk)
    reading.mark_read(notice, by=request.actor, now=timezone.now())
    safe = url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None)
    return redirect(notice.link if safe else "notices:list")


@require_POST
@somebody
def mark_read(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Mark one message as read."""
    notice = get_object_or_404(visible_to(request.actor), pk=pk)
    reading.mark_read(notice, by=request.actor, now=timezone.now())
    return _back(request)


@require_POST
@somebody
def mark_all_read(request: ActorRequest) -> HttpResponseBase:
    """Mark everything up to the newest message that was shown as read."""
    given = request.POST.get("newest", "")
    newest = int(given) if given.isdecimal() and len(given) < 19 else 0
    count = reading.mark_all_read(newest, by=request.actor, now=timezone.now())
    messages.success(
        request,
        ngettext("%(count)s message marked as read.", "%(count)s messages marked as read.", count)
        % {"count": count},
    )
    return _back(request)


def _count(request: ActorRequest) -> int:
    return unread_count(request.user.pk) if request.user.pk else 0


def _back(request: ActorRequest) -> HttpResponseBase:
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect("notices:list")


def capped(count: int) -> str:
    """Nothing for none."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
