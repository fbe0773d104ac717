"""Who blows how often, and who comes."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from config.forms import DayInput
from config.pages import page
from whistles.figures import default_period, figures
from whistles.querysets import SEES


class PeriodForm(forms.Form):
    """From a local day to another, both included."""

    first = forms.DateField(label=_("From"), widget=DayInput)
    last = forms.DateField(label=_("Until"), widget=DayInput)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("first") and facts.get("last") and facts["first"] > facts["last"]:
            self.add_error("last", _("The last day lies before the first."))
        return facts


@login_required
@only(*SEES)
@require_GET
def whistle_figures(request: ActorRequest) -> HttpResponse:
    """Two tables over a period; without one, over the last 90 days."""
    usual = default_period(timezone.now())
    asked = {"first": usual[0], "last": usual[1], **request.GET.dict()}
    form = PeriodForm(asked)
    period = (form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else usual
    context = {"form": form, "figures": figures(request.actor, *period)}
    return page(request, "whistles/figures.html", context, status=200 if form.is_valid() else 422)
