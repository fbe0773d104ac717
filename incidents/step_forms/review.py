"""Facts of looking again, telling, closing and rating; and of what can be said at any time."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.catalogue_standards import closing_lines
from incidents.choices import Informed, PhotoKind, Satisfaction
from incidents.step_forms.base import StepForm, as_field, offer_checkers, person_field
from incidents.step_forms.filing import StandardsField
from steps.forms import YesNo, words

if TYPE_CHECKING:
    from incidents.case import Case


class SendCheck(StepForm):
    checker = person_field(
        _("Who goes"), _("The nearest grid worker goes unless you name somebody.")
    )
    note = words(_("What to look at"), required=False)

    def fit(self, case: "Case") -> None:
        offer_checkers(self.fields["checker"], case)


class PassCheck(StepForm):
    photos = (PhotoKind.CHECK,)

    text = words(_("What is there now"), required=False)


class Rework(StepForm):
    photos = (PhotoKind.CHECK,)

    reason = words(_("What is not solved"))


class Inform(StepForm):
    how = forms.ChoiceField(
        label=_("How the reporter was told"),
        choices=[choice for choice in Informed.choices if choice[0] != Informed.SELF],
    )
    note = words(_("What was said"), required=False)


class Close(StepForm):
    standards = StandardsField(
        label=_("Closing standard"), help_text=_("Tick each line that holds.")
    )
    note = words(_("Note"), required=False)

    def fit(self, case: "Case") -> None:
        lines = closing_lines(case.item, case.incident.limit) if case.item else []
        as_field(self.fields["standards"]).fit(lines)


class Rate(StepForm):
    satisfaction = forms.ChoiceField(
        label=_("How satisfied is the reporter?"),
        choices=[choice for choice in Satisfaction.choices if choice[0] != Satisfaction.SILENT],
        widget=forms.RadioSelect,
    )
    solved = YesNo(label=_("Is it solved?"))
    text = words(_("In the reporter's words"), required=False)


class Reopen(StepForm):
    reason = words(_("What is not solved"))


class Appeal(StepForm):
    reason = words(
        _("Why the lateness should not count"),
        help_text=_("The lateness itself stays on record; only the figures are spared it."),
    )


class Urge(StepForm):
    text = words(_("Word to the unit"), required=False)


class Comment(StepForm):
    text = words(_("Comment"), help_text=_("Everybody who sees the case can read it."))
