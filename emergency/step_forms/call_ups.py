"""The facts of the steps of a call-up, and of whoever is called."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from emergency.choices import (
    Phoned,
)
from emergency.step_forms.base import NoFacts
from steps.forms import StepForm, demand_whole_point, words


class SetTeam(StepForm):
    """Who leads a team and where it gathers; what is left empty stays as it is."""

    team = forms.IntegerField(label=_("Team"), min_value=1, widget=forms.HiddenInput)
    leader = forms.CharField(
        label=_("Leader"), required=False, max_length=150, help_text=_("The account's user name.")
    )
    place = forms.CharField(label=_("Assembly point"), required=False, max_length=120)
    lon = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)

    def clean_leader(self) -> User | None:
        name = self.cleaned_data["leader"].strip()
        found = User.objects.filter(username=name, is_active=True).first() if name else None
        if name and found is None:
            raise forms.ValidationError(_("There is no such account."), code="unknown_person")
        return found

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        demand_whole_point(self, facts)
        return facts


class StandAllDown(StepForm):
    note = words(_("Note"), required=False)


class Come(StepForm):
    minutes = forms.IntegerField(
        label=_("There in so many minutes"), min_value=0, max_value=24 * 60, initial=30
    )


class Decline(StepForm):
    because = forms.CharField(label=_("Because"), max_length=200)


class CheckIn(StepForm):
    """A position comes from the phone by itself; a phone that finds none may check in all the same."""

    lon = forms.FloatField(
        label=_("Longitude"),
        required=False,
        min_value=-180,
        max_value=180,
        widget=forms.HiddenInput,
    )
    lat = forms.FloatField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, widget=forms.HiddenInput
    )
    accuracy_m = forms.FloatField(
        label=_("Accuracy (m)"), required=False, min_value=0, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        demand_whole_point(self, facts)
        return facts


class Phone(StepForm):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Phoned)


CALL_UP_FORMS: dict[str, type[StepForm]] = {
    "again": NoFacts,
    "set_team": SetTeam,
    "end": StandAllDown,
}
CALLED_FORMS: dict[str, type[StepForm]] = {
    "come": Come,
    "decline": Decline,
    "check_in": CheckIn,
    "phone": Phone,
    "stand_down": NoFacts,
}
