"""The facts that the steps of a matter without a lead take."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.roles import May
from borders.beside import rules_beside
from borders.choices import Says
from borders.step_forms.base import Coded, Reasoned, item_field, unit_field, units_field
from config.forms import MomentInput
from incidents.responsibility_rules import PRIORITIES
from incidents.step_forms.base import as_field
from incidents.step_forms.handling import units_for
from steps.forms import StepForm, words

if TYPE_CHECKING:
    from borders.doors import MatterMeeting

LONGEST_HEARING = timedelta(days=366)


class RaiseFacts(Coded):
    """What nobody owns, and where."""

    title = forms.CharField(label=_("What is it, in a few words?"), max_length=120)
    text = words(_("What happens, and why does nobody answer for it?"))
    item_code = item_field(required=False)
    area = forms.CharField(
        label=_("Area code"),
        required=False,
        max_length=15,
        help_text=_("Where it arises and the ruling will hold; your own area where it is empty."),
    )
    cases = forms.CharField(
        label=_("Cases"),
        required=False,
        max_length=400,
        help_text=_("Numbers of the cases in which it showed, if any."),
    )


class Ask(StepForm):
    units = units_field(_("Units to be asked"))
    until = forms.DateTimeField(
        label=_("To be answered by"),
        required=False,
        widget=MomentInput,
        help_text=_("Without a time they have as long as the limits of this register say."),
    )
    text = words(_("What they are asked"), required=False)

    def fit(self, meeting: "MatterMeeting") -> None:
        answered = [one.unit_id for one in meeting.opinions if one.given_at is not None]
        offered = units_for(meeting.record.area_code).exclude(pk__in=answered)
        as_field(self.fields["units"]).queryset = offered

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until is not None and self.meeting is not None and until <= self.meeting.now:
            raise forms.ValidationError(
                _("Choose a time that is still to come."), code="until_past"
            )
        if until and self.meeting and until - self.meeting.now > LONGEST_HEARING:
            raise forms.ValidationError(
                _("Units are heard for a year at most."), code="until_too_far"
            )
        return until


class Opine(StepForm):
    unit = forms.ChoiceField(label=_("For which unit"), required=False)
    says = forms.ChoiceField(label=_("Our opinion"), choices=Says.choices, widget=forms.RadioSelect)
    text = words(_("Reason of the opinion"))

    def fit(self, meeting: "MatterMeeting") -> None:
        own = [(one.unit.code, one.unit.shown_name) for one in meeting.own]
        as_field(self.fields["unit"]).choices = own
        if len(own) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.initial.setdefault("unit", own[0][0])


class Placed(Coded, StepForm):
    """What a responsibility rule must know: for which matter, where, and how it stands beside others."""

    item_code = item_field(required=True)
    area = forms.CharField(label=_("Area code"), max_length=15)
    priority = forms.IntegerField(
        label=_("Priority"),
        required=False,
        min_value=PRIORITIES[0],
        max_value=PRIORITIES[-1],
        help_text=_("Higher wins among rules for the same matter and area; 0 where it is empty."),
    )

    def fit(self, meeting: "MatterMeeting") -> None:
        self.initial.setdefault("item_code", meeting.record.item_code)
        self.initial.setdefault("area", meeting.record.area_code)

    @property
    def advice(self) -> list[str]:
        """What the rules say already."""
        return rules_beside(self.meeting.record) if self.meeting is not None else []

    def clean_area(self) -> str:
        """Nobody rules beyond their own area."""
        code = super().clean_area()
        if self.meeting is not None and not any(
            post.covers(code) for post in self.meeting.by.posts_with(May.RULE_ON_LEAD)
        ):
            raise forms.ValidationError(
                _("This area lies outside the area that you may rule for."), code="area_not_yours"
            )
        return code

    def clean_priority(self) -> int:
        return int(self.cleaned_data["priority"] or 0)


class Adjudicate(StepForm):
    lead = unit_field(_("Lead unit"))
    assisting = units_field(_("Assisting units"), required=False)
    basis = words(
        _("Basis of the ruling"), help_text=_("Law, list of duties, or minutes of a meeting.")
    )

    field_order: Any = ["lead", "assisting", "basis"]

    def fit(self, meeting: "MatterMeeting") -> None:
        super().fit(meeting)
        for name in ("lead", "assisting"):
            as_field(self.fields[name]).queryset = units_for(meeting.record.area_code)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("lead") and facts["lead"] in (facts.get("assisting") or []):
            self.add_to("assisting", _("The lead unit cannot assist itself."), "lead_assists")
        return facts


class Rule(Adjudicate, Placed):
    """Both at once."""


class Refuse(StepForm):
    lead = unit_field(_("The unit that has it"))
    reason = words(_("Where that is written"))

    def fit(self, meeting: "MatterMeeting") -> None:
        as_field(self.fields["lead"]).queryset = units_for(meeting.record.area_code)


MATTER_FORMS: dict[str, type[StepForm]] = {
    "ask": Ask,
    "opine": Opine,
    "rule": Rule,
    "adjudicate": Adjudicate,
    "write": Placed,
    "refuse": Refuse,
    "withdraw": Reasoned,
}
