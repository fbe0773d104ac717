"""The facts that each step takes, declared once: the page's form, the API's input and its documentation."""

from borders.step_forms.base import SIGN, in_the_city
from borders.step_forms.enclaves import ENCLAVE_FORMS, RegisterFacts
from borders.step_forms.matters import MATTER_FORMS, RaiseFacts

__all__ = ["ENCLAVE_FORMS", "MATTER_FORMS", "SIGN", "RaiseFacts", "RegisterFacts", "in_the_city"]
