"""What is taken in: who asks, what, where, and what becomes of it at once. One form for page and API."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from hotline.choices import Channel, Decision, Line, Way
from hotline.limits import LONGEST_TEXT, USUAL_TIER
from hotline.models import Tier
from hotline.phones import number_of
from hotline.placing import home_of
from hotline.querysets import tier_coded
from hotline.step_forms import PlaceFacts, open_cases, tier_field, unit_field
from incidents.step_forms.base import as_field, case_field, item_field
from incidents.step_forms.handling import units_for
from steps.forms import Facts, words
from steps.harmless import harmless


class Intake(PlaceFacts, Facts):
    """The facts of a new order. `said` is what was answered, or what was said on another way."""

    channel = forms.ChoiceField(choices=Channel.choices, initial=Channel.PHONE, label=_("Channel"))
    caller_phone = forms.CharField(
        required=False,
        max_length=40,
        label=_("Caller's number"),
        help_text=_("Empty where it is withheld."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    caller_name = forms.CharField(
        required=False,
        max_length=60,
        label=_("Caller's name"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    confidential = forms.BooleanField(required=False, label=_("The unit must not learn who called"))
    text = forms.CharField(
        label=_("What the caller asks for"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    item = item_field(required=False)
    tier = tier_field(required=False)
    decision = forms.ChoiceField(
        choices=Decision.choices,
        initial=Decision.DISPATCH,
        required=False,
        label=_("What becomes of it"),
        widget=forms.RadioSelect,
    )
    unit = unit_field(
        required=False, help_text=_("The unit that the rules name, unless you name another.")
    )
    reason = words(
        _("Why this unit"),
        required=False,
        help_text=_("Needed where it is not the unit that the rules name."),
    )
    way = forms.ChoiceField(
        choices=[("", "---------"), *Way.choices], required=False, label=_("Way")
    )
    line = forms.ChoiceField(
        choices=[("", "---------"), *Line.choices], required=False, label=_("Emergency line")
    )
    repeats = forms.CharField(required=False, max_length=20, label=_("Number of the earlier order"))
    said = words(_("What the caller was told"), required=False)
    case = case_field(
        _("Case that it belongs to"),
        _("Number of an open case; without one a new case is reported."),
        required=False,
    )
    external_id = forms.CharField(
        required=False,
        max_length=80,
        label=_("Number of the sender"),
        help_text=_("What comes twice is taken once."),
        widget=forms.HiddenInput,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        by: Actor | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"tier": USUAL_TIER, **(initial or {})})
        if by is not None:
            as_field(self.fields["unit"]).queryset = units_for(home_of(by))
            as_field(self.fields["case"]).queryset = open_cases(by)

    def clean_caller_phone(self) -> str:
        return number_of(self.cleaned_data["caller_phone"])

    def clean_caller_name(self) -> str:
        return harmless(self.cleaned_data["caller_name"])

    def clean_text(self) -> str:
        text = harmless(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("Write down what the caller asks for."), code="no_text")
        return text

    def clean_tier(self) -> Tier | None:
        return self.cleaned_data["tier"] or tier_coded(USUAL_TIER)

    def clean_decision(self) -> str:
        return self.cleaned_data["decision"] or Decision.KEEP
