"""The facts of every step and of every new record, declared once: page, API, documentation."""

from emergency.step_forms.activations import ACTIVATION_FORMS, DeclareFacts
from emergency.step_forms.base import areas_below
from emergency.step_forms.call_ups import CALL_UP_FORMS, CALLED_FORMS
from emergency.step_forms.enrolments import ENROLMENT_FORMS, EnrolFacts

__all__ = [
    "ACTIVATION_FORMS",
    "CALLED_FORMS",
    "CALL_UP_FORMS",
    "ENROLMENT_FORMS",
    "DeclareFacts",
    "EnrolFacts",
    "areas_below",
]
