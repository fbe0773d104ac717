"""The facts that each step takes, declared once: the page's form, the API's input and its documentation."""

from campaigns.step_forms.assignments import ASSIGNMENT_FORMS
from campaigns.step_forms.campaigns import CAMPAIGN_FORMS, DraftFacts
from campaigns.step_forms.targets import TARGET_FORMS

__all__ = ["ASSIGNMENT_FORMS", "CAMPAIGN_FORMS", "TARGET_FORMS", "DraftFacts"]
