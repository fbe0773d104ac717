"""The limits of stages: what holds, and changing one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.pages.saving import attempt, status_of
from accounts.roles import May
from clocks.forms import LimitForm
from clocks.limits import Row, change_limit, row_for, rows_for
from config.pages import page


@require_safe
@only(May.MANAGE_CALENDAR)
def limits(request: ActorRequest) -> HttpResponse:
    """Every limit that an administrator edits."""
    return page(request, "clocks/limits.html", {"rows": rows_for(request.actor)})


@require_http_methods(["GET", "HEAD", "POST"])
@only(May.MANAGE_CALENDAR)
def limit(request: ActorRequest, code: str) -> HttpResponseBase:
    """Change one; it holds for what begins from then on."""
    shown = row_for(request.actor, code)
    if shown is None:
        raise Http404
    form = LimitForm(request.POST or None, initial=_shown(shown))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        facts = {"allowance": given["allowance"], "version": given["version"]}
        done = attempt(
            form,
            lambda: change_limit(code, **facts, by=request.actor, now=timezone.now()),
            stored=lambda: _shown(row_for(request.actor, code) or shown),
        )
        if done is not None:
            messages.success(request, _("The limit is kept. It holds for what begins from now on."))
            return redirect("clocks:limits")
    context = {"form": form, "row": shown}
    return page(request, "clocks/limit.html", context, status=status_of(form))


def _shown(row: Row) -> dict[str, object]:
    allowance = row.allowance
    return {"value": allowance.value, "kind": allowance.kind, "version": row.version}
