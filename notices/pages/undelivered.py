"""Messages that were given up, for the security administrator."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.pages.saving import attempt_plainly
from accounts.roles import May
from config.pages import page, slice_of
from notices.delivery import resending
from notices.wording import label_of


@require_safe
@only(May.MANAGE_POLICIES)
def undelivered(request: ActorRequest) -> HttpResponse:
    """The list, newest first. It says of what kind a message is, never what it is about."""
    found = slice_of(request, resending.given_up(request.actor), (("id", "desc"),), 50)
    rows = [(notice, label_of(notice.kind)) for notice in found.items]
    return page(
        request, "notices/undelivered.html#undelivered_rows", {"slice": found, "rows": rows}
    )


@require_POST
@only(May.MANAGE_POLICIES)
def resend(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Have one sent again."""
    notice = get_object_or_404(resending.given_up(request.actor), pk=pk)
    attempt_plainly(
        request,
        lambda: resending.resend(notice.pk, by=request.actor, now=timezone.now()),
        _("It is being sent again."),
    )
    return redirect("notices:undelivered")
