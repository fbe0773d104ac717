"""The page on which a person says how they want to be told."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import ActorRequest
from accounts.pages.gate import somebody
from accounts.pages.saving import attempt, status_of
from config.pages import page
from notices.choices import Channel
from notices.forms import PreferenceForm
from notices.preferences import choose, preference_of
from notices.reaching import has_phone, offered


@require_http_methods(["GET", "HEAD", "POST"])
@somebody
def preferences(request: ActorRequest) -> HttpResponse:
    """One's own channels and quiet hours."""
    kept = preference_of(request.actor)
    form = PreferenceForm(request.POST or None, kept=kept)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: choose(
                form.wishes(),
                version=form.cleaned_data["version"],
                by=request.actor,
                now=timezone.now(),
            ),
            stored=lambda: {name: getattr(kept, name) for name in form.fields if name != "version"},
        )
        if done is not None:
            messages.success(request, _("From now on you are told this way."))
            return redirect("notices:preferences")
    context = {
        "form": form,
        "no_phone": Channel.GATEWAY in offered() and not has_phone(request.actor),
        "no_gateway": Channel.GATEWAY not in offered(),
    }
    return page(request, "notices/preferences.html", context, status=status_of(form))
