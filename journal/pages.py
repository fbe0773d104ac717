"""The audit page: the log as an auditor reads it."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from config.pages import page, slice_of
from config.paging import CURSOR, Slice
from config.wording import shown_time
from journal.export import as_csv, as_excel
from journal.filters import AuditFilter
from journal.models import Event
from journal.queries import last_seal
from journal.querysets import visible_to
from journal.reading import MOST_ROWS, followed_people, take_away
from journal.wording import lines


@require_safe
@only(May.READ_JOURNAL)
def audit(request: ActorRequest) -> HttpResponse:
    """Events of the auditor's areas, newest first."""
    chosen = AuditFilter(request.GET, queryset=visible_to(request.actor))
    found = Slice[Event]([], None, None)
    if chosen.is_valid():
        found = slice_of(request, chosen.qs, (("at", "desc"), ("id", "desc")), 50)
    if chosen.people and CURSOR not in request.GET:
        followed_people(chosen.people, by=request.actor, now=timezone.now())
    context = {
        "filter": chosen,
        "slice": found,
        "lines": lines(found.items, with_subjects=True),
        "seal": last_seal(),
        "most": MOST_ROWS,
    }
    return page(request, "journal/audit.html#rows", context)


@require_POST
@only(May.READ_JOURNAL)
def export(request: ActorRequest) -> HttpResponseBase:
    """What the filter shows, as a file; that it was taken is an event of its own."""
    chosen = AuditFilter(request.GET, queryset=visible_to(request.actor))
    if not chosen.is_valid():
        messages.error(request, _("Put the filter right first; nothing was exported."))
        return redirect(f"{reverse('journal:audit')}?{request.GET.urlencode()}")
    now = timezone.now()
    filters = {name: values for name, values in request.GET.lists() if name in chosen.filters}
    taken = take_away(chosen.qs, filters, by=request.actor, now=now)
    name = f"journal-{shown_time(now).replace(':', '').replace(' ', '-')}"
    return (as_excel if request.POST.get("as") == "xlsx" else as_csv)(taken, name)
