"""The facts that each step takes, declared once: the page's form, the API's input and its documentation."""

from functools import cache
from typing import Any

from rest_framework.serializers import Serializer

from incidents.step_forms.base import StepForm, StepFormClass
from incidents.step_forms.filing import (
    AnswerPrecheck,
    Classify,
    Confide,
    File,
    Link,
    Place,
    Precheck,
    Refuse,
    SelfClose,
)
from incidents.step_forms.handling import (
    Answer,
    AnswerAssist,
    AskExtension,
    AskSuspension,
    CallIn,
    Dispatch,
    Noted,
    Reasoned,
    RefuseAsk,
    Release,
    Return,
)
from incidents.step_forms.levels import Climb, HandBack
from incidents.step_forms.review import (
    Appeal,
    Close,
    Comment,
    Inform,
    PassCheck,
    Rate,
    Reopen,
    Rework,
    SendCheck,
    Urge,
)
from steps.forms import FactsRefused
from steps.schema import serializer_of

FORMS: dict[str, StepFormClass] = {
    "place": Place,
    "classify": Classify,
    "link": Link,
    "confide": Confide,
    "precheck": Precheck,
    "answer_precheck": AnswerPrecheck,
    "refuse": Refuse,
    "self_close": SelfClose,
    "file": File,
    "dispatch": Dispatch,
    "receive": StepForm,
    "return": Return,
    "recall": Reasoned,
    "call_in": CallIn,
    "release": Release,
    "receive_assist": StepForm,
    "answer_assist": AnswerAssist,
    "answer": Answer,
    "ask_extension": AskExtension,
    "ask_suspension": AskSuspension,
    "drop_ask": StepForm,
    "approve_ask": Noted,
    "refuse_ask": RefuseAsk,
    "grant_extension": Noted,
    "grant_suspension": Noted,
    "resume": Noted,
    "send_check": SendCheck,
    "change_checker": SendCheck,
    "pass_check": PassCheck,
    "rework": Rework,
    "send_back": Reasoned,
    "inform": Inform,
    "close": Close,
    "rate": Rate,
    "reopen": Reopen,
    "evaluate": StepForm,
    "withdraw": Reasoned,
    "take_back": Noted,
    "appeal": Appeal,
    "support_appeal": Noted,
    "grant_appeal": Noted,
    "refuse_appeal": RefuseAsk,
    "urge": Urge,
    "comment": Comment,
    "raise": Reasoned,
    "take_over": Reasoned,
    "hand_back": HandBack,
    "climb": Climb,
}

__all__ = ["FORMS", "FactsRefused", "StepForm", "StepFormClass", "serializer_for"]


@cache
def serializer_for(code: str) -> type[Serializer[Any]]:
    """The serializer class of a step's facts, for documentation: validation is the form's."""
    return serializer_of("".join(part.title() for part in code.split("_")) + "Facts", FORMS[code])
