"""The facts of the steps of a target."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns import checklist
from campaigns.choices import RESULT_CHOICES, Found
from steps.forms import StepForm, words


class VisitFacts(StepForm):
    """What was found, the lines of the check-list, and a note."""

    found = forms.ChoiceField(
        label=_("What did you find?"),
        choices=RESULT_CHOICES,
        widget=forms.RadioSelect,
    )
    note = words(_("Note"), required=False)

    def fit(self, meeting: Any) -> None:
        self.lines = checklist.lines_of(meeting.record.campaign)
        for line in self.lines:
            self.fields[line.field] = checklist.asked(line)

    @property
    def asked(self) -> list[Any]:
        """The fields of the check-list, for the page."""
        return [self[line.field] for line in self.lines]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if self.meeting is not None:
            checklist.demand_answers(self, self.lines, facts)
        if facts.get("found") == Found.PROBLEM and not facts.get("note"):
            self.add_to("note", _("Say in a few words what the problem is."), "required")
        return facts


class MakeCase(StepForm):
    text = words(
        _("Words of the case"),
        required=False,
    )

    def fit(self, meeting: Any) -> None:
        self.fields["text"].help_text = _("Empty: the title, the target and the note of the visit.")


TARGET_FORMS: dict[str, type[StepForm]] = {
    "visit": VisitFacts,
    "visit_again": VisitFacts,
    "make_case": MakeCase,
}
