"""Facts of moving a case between levels."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.choices import Level
from incidents.step_forms.base import StepForm, as_field
from steps.forms import words

if TYPE_CHECKING:
    from incidents.case import Case


def _level(**options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        choices=Level.choices, coerce=lambda code: Level(int(code)), empty_value=None, **options
    )


class HandBack(StepForm):
    level = _level(
        label=_("To which level"),
        required=False,
        help_text=_("One level down unless you choose another."),
    )
    reason = words(_("Reason"))

    def fit(self, case: "Case") -> None:
        below = [level for level in Level if level < case.incident.escalated_level]
        chosen = [("", _("One level down")), *((level.value, level.label) for level in below)]
        as_field(self.fields["level"]).choices = chosen


class Climb(StepForm):
    level = _level(label=_("To which level"))
