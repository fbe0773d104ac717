"""Who is locked out, and letting them in."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.lockouts import lockouts_visible_to, may_know_of, release
from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.pages.saving import attempt_plainly
from accounts.roles import May
from config.pages import page


@require_safe
@only(May.MANAGE_POLICIES)
def lockouts(request: ActorRequest) -> HttpResponse:
    """Lock-outs in force."""
    rows = list(lockouts_visible_to(request.actor, timezone.now()))
    return page(request, "accounts/lockouts.html", {"rows": rows})


@require_POST
@only(May.MANAGE_POLICIES)
def lockout_release(request: ActorRequest) -> HttpResponse:
    """End one before its time."""
    username, address = request.POST.get("username", ""), request.POST.get("address", "")
    if not may_know_of(request.actor, username):
        raise Http404
    attempt_plainly(
        request,
        lambda: release(username, address, by=request.actor, now=timezone.now()),
        _("%(name)s can sign in again.") % {"name": username},
    )
    return redirect("accounts:lockouts")
