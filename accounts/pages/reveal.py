"""Personal data on request: say why, see it for a minute."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import reveal
from accounts.forms import ReasonForm
from accounts.middleware import ActorRequest
from accounts.pages.gate import somebody
from accounts.pages.saving import attempt, status_of
from config.pages import page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@somebody
def personal_data(request: ActorRequest, kind: str, ident: str) -> HttpResponse:
    """GET asks for the reason (with `?hide` it gives the mask back), POST takes it and shows the data."""
    known = reveal.kind_of(kind)
    found = known.find(request.actor, ident, timezone.now()) if known else None
    if known is None or found is None:
        raise Http404
    context = {"kind": known, "reveal_kind": known.name, "ident": ident}
    context["masked"] = known.mask(found.value)
    context |= {"back": known.back(ident), "seconds": reveal.SECONDS}
    if "hide" in request.GET:
        return page(request, "accounts/personal_data.html#reveal", context)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        shown = attempt(
            form, lambda: reveal.reveal(known, ident, reason=reason, by=request.actor, now=now)
        )
        if shown is not None:
            return _show(request, context | {"value": shown.value})
    context["form"] = form
    return page(request, "accounts/personal_data.html#reveal_ask", context, status=status_of(form))


def _show(request: ActorRequest, context: dict[str, object]) -> HttpResponse:
    """The data; without htmx the browser itself goes back after a minute."""
    response = page(request, "accounts/personal_data.html#revealed", context)
    if not request.htmx:
        response["Refresh"] = f"{reveal.SECONDS}; url={context['back']}"
    return response
