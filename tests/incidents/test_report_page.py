"""The report page on the phone: what is wrong is said where it is seen, and one form makes one case."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from incidents.models import Incident
from tests.incidents.town import GARBAGE, IN_GRID, START, Town

pytestmark = pytest.mark.django_db

REPORT = reverse("incidents:report")


@pytest.fixture(autouse=True)
def _at_work() -> Iterator[None]:
    with time_machine.travel(START.replace(hour=4), tick=True):
        yield


@pytest.fixture
def client(here: Town) -> Client:
    """A citizen's phone."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(here.people["citizen"])
    return client


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def key_in(answer: Any) -> str:
    found = re.search(r'name="key" value="([^"]*)"', text_of(answer))
    assert found
    return found[1]


def typed(**more: Any) -> dict[str, Any]:
    place = {"lon": IN_GRID[0], "lat": IN_GRID[1], "placed": "gps"}
    return {"text": "路边有暴露垃圾", "item": GARBAGE, **place, **more}


def focused(answer: Any) -> list[str]:
    tags = re.findall(r"<(?:input|textarea)[^>]*\sautofocus[^>]*>", text_of(answer))
    return [found[1] for tag in tags if (found := re.search(r'\bid="([^"]+)"', tag))]


def test_an_empty_form_comes_back_with_a_summary_that_leads_to_what_is_missing(
    client: Client,
) -> None:
    answer = client.post(REPORT, {})
    assert answer.status_code == 422
    summary = text_of(answer).split('role="alert"', 1)[1].split("</ul>", 1)[0]
    assert '<a href="#id_text">What is wrong?</a>' in summary
    assert "Say in a few words what is wrong." in summary
    assert focused(answer) == ["id_text"]


def test_the_summary_names_fields_from_the_top_down_and_the_first_has_the_cursor(
    client: Client,
) -> None:
    answer = client.post(REPORT, typed(text="", address="长" * 201, item="1" * 21))
    shown = re.findall(r'<a href="#(\w+)">', text_of(answer).split('role="alert"', 1)[1])
    assert shown[:3] == ["id_address", "item_q", "id_text"]
    assert focused(answer) == ["id_address"]


def test_a_hidden_field_that_is_wrong_is_said_too(client: Client) -> None:
    answer = client.post(REPORT, typed(lon="east", key="k" * 61))
    assert answer.status_code == 422
    assert '<a href="#id_address">Position</a>' in text_of(answer)
    assert focused(answer) == ["id_address"]
    assert "at most 60 characters" in text_of(answer)


def test_a_new_form_shows_no_summary_and_takes_no_focus(client: Client) -> None:
    answer = client.get(REPORT)
    assert "report-faults" not in text_of(answer)
    assert focused(answer) == []


def test_every_form_that_is_drawn_has_a_key_of_its_own(client: Client) -> None:
    first, second = (key_in(client.get(REPORT)) for _ in range(2))
    assert first
    assert first != second


def test_a_form_that_was_refused_keeps_its_key(client: Client) -> None:
    key = key_in(client.get(REPORT))
    assert key_in(client.post(REPORT, typed(text="", key=key))) == key


def test_the_form_sent_again_after_back_leads_to_the_same_case_and_says_so(
    client: Client,
) -> None:
    form = typed(key=key_in(client.get(REPORT)))
    first = client.post(REPORT, form, follow=True)
    case = Incident.objects.get()
    assert "was taken already" not in text_of(first)
    again = client.post(REPORT, form, follow=True)
    assert Incident.objects.get() == case
    assert again.redirect_chain == first.redirect_chain
    assert f"This report was taken already as {case.number}" in text_of(again)


def test_the_same_words_in_a_new_form_are_a_new_report(client: Client) -> None:
    for _ in range(2):
        client.post(REPORT, typed(key=key_in(client.get(REPORT))))
    assert Incident.objects.count() == 2
