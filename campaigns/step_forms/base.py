"""Forms that several steps share."""

from django.utils.translation import gettext_lazy as _

from steps.forms import StepForm, words


class Noted(StepForm):
    note = words(_("Note"), required=False)


class Reasoned(StepForm):
    reason = words(_("Reason"))


class Nothing(StepForm):
    """A step that needs no facts."""
