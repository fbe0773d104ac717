"""One declaration of each step's facts: form of the page, input of the API, line of its document."""

from pathlib import Path

import pytest
from django.http import QueryDict
from django.utils import translation
from rest_framework import serializers

from incidents.choices import State
from incidents.lifecycle import STEPS
from incidents.step_forms import FORMS, FactsRefused, serializer_for
from incidents.taking import form_for, take
from tests.incidents.town import Town, a_case, a_report, ticked
from tools import draw_lifecycle

pytestmark = pytest.mark.django_db


def test_every_step_has_its_form() -> None:
    assert FORMS.keys() == STEPS.keys()


@pytest.mark.parametrize("code", STEPS)
def test_every_form_is_a_serializer_with_the_same_fields(code: str) -> None:
    made = serializer_for(code)()
    assert list(made.fields) == list(FORMS[code].base_fields)
    for name, field in FORMS[code].base_fields.items():
        assert made.fields[name].required == field.required
        assert made.fields[name].help_text


def test_kinds_of_facts_are_said_as_they_are_sent() -> None:
    dispatch = serializer_for("dispatch")().fields
    assert isinstance(dispatch["assisting"], serializers.ListField)
    assert isinstance(dispatch["lead"], serializers.CharField)
    assert isinstance(serializer_for("rate")().fields["solved"], serializers.BooleanField)
    assert isinstance(serializer_for("file")().fields["standards"], serializers.ListField)
    assert isinstance(serializer_for("ask_suspension")().fields["until"], serializers.DateField)


@pytest.mark.parametrize("code", STEPS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_form_draws_in_both_languages(here: Town, code: str, language: str) -> None:
    state = next(s for s in State if s in STEPS[code].sources)
    case = a_case(here, state)
    with translation.override(language):
        drawn = str(form_for(code, case, here.dispatcher, here.now))
    assert all(f'name="{name}"' in drawn for name in FORMS[code].base_fields if name != "standards")


def test_what_a_page_sends_and_what_the_api_sends_are_read_alike(here: Town) -> None:
    by_page, by_api = a_report(here), a_report(here)
    typed = QueryDict(mutable=True)
    typed.setlist("standards", [str(n) for n in ticked(by_page)])
    for case, facts in ((by_page, typed), (by_api, {"standards": ticked(by_api)})):
        filed = take("file", number=case.number, by=here.clerk, now=here.later(), facts=facts)
        assert filed.state == State.FILED


@pytest.mark.parametrize(
    "facts",
    [
        {"standards": "all"}, {"standards": {"a": 1}}, {"item": ["x"]}, {"item": {"code": "x"}},
        {"urgency": "very"}, {"limit": "seven"}, {"limit": -1}, {"item": None, "standards": None},
        {"limit": 10**30}, {"item": "\x00"}, {"standards": ["\x00"]}, {"item": "x\x00"},
    ],
)  # fmt: skip
def test_no_json_whatsoever_is_more_than_a_refusal(here: Town, facts: dict[str, object]) -> None:
    case = a_report(here)
    with pytest.raises(FactsRefused) as no:
        take("file", number=case.number, by=here.clerk, now=here.later(), facts=facts)
    assert no.value.errors
    assert all(error["message"] and error["code"] for error in no.value.errors)


def test_a_refused_form_still_holds_what_was_typed(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    facts = {"suspension_reason": "season", "until": "2020-01-01", "reason": "冬季"}
    with pytest.raises(FactsRefused) as no:
        take("ask_suspension", number=case.number, by=here.handler, now=here.later(), facts=facts)
    assert no.value.form["reason"].value() == "冬季"


def test_the_drawn_page_is_what_the_table_says(project_folder: Path) -> None:
    with translation.override("en"):
        drawn = draw_lifecycle.page()
    assert (project_folder / "docs" / "lifecycle.md").read_text(encoding="utf-8") == drawn
