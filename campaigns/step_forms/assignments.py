"""The facts of the steps of an assignment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.step_forms.base import Noted, Nothing, Reasoned
from campaigns.step_forms.zones import AddZone, ChangeZone, DropZone, ShareOut
from config.forms import DayInput
from incidents.step_forms.base import as_field
from steps.forms import StepForm, demand_whole_point, words


class Arrive(StepForm):
    """A position comes from the phone by itself; a phone that finds none may check in all the same."""

    zone = forms.ChoiceField(label=_("Zone"), required=False)
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

    def fit(self, meeting: Any) -> None:
        as_field(self.fields["zone"]).choices = [(str(z.pk), z.name) for z in meeting.own_zones]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        demand_whole_point(self, facts)
        return facts


class ProgressNote(StepForm):
    text = words(_("How far it has come"))
    percent = forms.IntegerField(
        label=_("Done (%)"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Only where there are neither targets nor milestones to count."),
    )


class Reach(StepForm):
    milestone = forms.TypedChoiceField(label=_("Milestone"), coerce=int)
    note = words(_("Note"), required=False)

    def fit(self, meeting: Any) -> None:
        waiting = [one for one in meeting.milestones if one.reached_at is None]
        as_field(self.fields["milestone"]).choices = [(one.pk, one.text) for one in waiting]


class Report(StepForm):
    text = words(_("What was done"))


class Urge(StepForm):
    text = words(_("Words"), required=False)


class SendBack(Reasoned):
    due_on = forms.DateField(
        label=_("New day"),
        required=False,
        widget=DayInput,
        help_text=_("Empty: the old deadline runs on."),
    )


ASSIGNMENT_FORMS: dict[str, type[StepForm]] = {
    "receive": Nothing,
    "add_zone": AddZone,
    "change_zone": ChangeZone,
    "drop_zone": DropZone,
    "share_out": ShareOut,
    "arrive": Arrive,
    "note": ProgressNote,
    "reach": Reach,
    "report": Report,
    "urge": Urge,
    "accept": Noted,
    "send_back": SendBack,
    "delist": Noted,
    "withdraw": Reasoned,
}
