"""What administrators type about ladders."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import EditForm
from accounts.pickers import AreaField
from escalation.choices import Deed, When
from escalation.models import EscalationRule
from escalation.rules import Wording
from escalation.rungs import MOST_DAYS, MOST_RUNGS
from incidents.catalogue_forms import ItemCodeField
from incidents.choices import Risk, Stage, Urgency

ANY = ("", _("any"))


class RuleForm(EditForm):
    """The conditions of a rule. Its rungs are the lines of `RungForms`."""

    name = forms.CharField(label=_("Name"), max_length=80)
    stage = forms.ChoiceField(label=_("Stage"), choices=[ANY, *Stage.choices], required=False)
    area_code = AreaField(
        required=False, help_text=_("With everything below it. Empty for everywhere.")
    )
    item_code = ItemCodeField(
        label=_("Item, subclass or class"),
        required=False,
        help_text=_("Its code: 010101, 0101 or 01. Empty for any matter."),
    )
    risk = forms.ChoiceField(label=_("Risk"), choices=[ANY, *Risk.choices], required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=[ANY, *Urgency.choices], required=False)
    active = forms.BooleanField(label=_("In force"), required=False, initial=True)

    def __init__(self, *args: Any, itself: EscalationRule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if itself is not None:
            self.initial = {**stored(itself), "version": itself.version}


class RungForm(forms.Form):
    """One line of a ladder; a line without a deed is none."""

    deed = forms.ChoiceField(
        label=_("What is done"), choices=[("", "—"), *Deed.choices], required=False
    )
    value = forms.IntegerField(label=_("How many"), required=False, min_value=0, max_value=99)
    when = forms.ChoiceField(label=_("When"), choices=When.choices, required=False)
    days = forms.IntegerField(
        label=_("Repeated on working days"), required=False, min_value=0, max_value=MOST_DAYS
    )

    def stored(self) -> dict[str, Any] | None:
        """As a rule keeps it; None for an empty line."""
        given = self.cleaned_data
        if not given.get("deed"):
            return None
        when = given.get("when") or When.DUE
        value = 0 if when == When.DUE else given.get("value") or 0
        return {"when": when, "value": value, "deed": given["deed"], "days": given.get("days") or 0}


RungForms: type[Any] = forms.formset_factory(
    RungForm, extra=3, max_num=MOST_RUNGS, absolute_max=2 * MOST_RUNGS
)


class PreviewForm(forms.Form):
    """A kind of case."""

    item = ItemCodeField(label=_("Item"), required=False)
    area = AreaField(required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, required=False)
    stage = forms.ChoiceField(
        label=_("Stage"), choices=Stage.choices, required=False, initial=Stage.HANDLE
    )


def wording(form: RuleForm, rungs: Any) -> Wording:
    """What was typed, for the action."""
    given = {name: form.cleaned_data[name] for name in stored_names()}
    return Wording(**given, rungs=typed_rungs(rungs))


def typed_rungs(rungs: Any) -> list[dict[str, Any]]:
    """The lines that say something."""
    return [row for line in rungs.forms if (row := line.stored()) is not None]


def stored_names() -> tuple[str, ...]:
    return ("name", "stage", "area_code", "item_code", "risk", "urgency", "active")


def stored(rule: EscalationRule) -> dict[str, Any]:
    """What is in the record, by the names of the form's fields."""
    return {name: getattr(rule, name) for name in stored_names()}
