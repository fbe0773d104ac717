"""A suggestion about people: the street's committee and the organisation department know of it, and nobody else."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from config.refusal import Refused, SomebodyWasFirst
from journal.models import Event
from journal.wording import lines
from notices.models import Notice
from tests.incidents.town import Town
from whistles.choices import SuggestionState
from whistles.models import PersonnelSuggestion
from whistles.personnel import decide, read, suggest
from whistles.querysets import suggestions_visible_to

pytestmark = pytest.mark.django_db

SAID = {"kind": "transfer", "unit": "FIRE", "person_name": "韩立新", "text": "三次吹哨未到"}


def made(here: Town, **more: Any) -> PersonnelSuggestion:
    return suggest(by=here.secretary, now=here.later(), facts={**SAID, **more})


def sees(here: Town) -> set[str]:
    return {name for name in here.people if suggestions_visible_to(getattr(here, name)).exists()}


def test_only_the_streets_committee_sees_it_until_it_is_sent(here: Town) -> None:
    one = made(here)
    assert sees(here) == {"secretary", "second_secretary"}
    decide("approve", one.pk, by=here.second_secretary, now=here.later())
    assert sees(here) == {"secretary", "second_secretary", "personnel"}


@pytest.mark.parametrize(
    "name",
    [
        "commander",
        "officer",
        "dispatcher",
        "supervisor",
        "fire_leader",
        "foreign_personnel",
        "audit_admin",
    ],
)
def test_to_everybody_else_there_is_none(here: Town, client: Client, name: str) -> None:
    one = made(here)
    decide("approve", one.pk, by=here.secretary, now=here.later())
    client.force_login(here.people[name])
    assert client.get(f"/whistles/personnel/{one.pk}/").status_code == 404
    assert client.get(f"/api/v1/personnel-suggestions/{one.pk}").status_code == 404
    with pytest.raises(PersonnelSuggestion.DoesNotExist):
        decide("receive", one.pk, by=getattr(here, name), now=here.later())


def test_the_journal_keeps_that_it_happened_and_nothing_of_what_it_says(here: Town) -> None:
    one = made(here)
    decide("approve", one.pk, by=here.secretary, now=here.later(), answer="同意")
    read(one.pk, by=here.personnel, now=here.later())
    decide("receive", one.pk, by=here.personnel, now=here.later())
    events = list(Event.objects.filter(subject_kind="personnel_suggestion").order_by("id"))
    assert [event.verb.split(".")[1] for event in events] == [
        "suggested", "approved", "read", "received",
    ]  # fmt: skip
    assert all(event.data == {} for event in events)
    assert {line.text for line in lines(events)} == {
        "提出一项人事建议", "一项人事建议获同意", "一项人事建议被查阅", "一项人事建议已接收",
    }  # fmt: skip
    assert all(notice.facts == {} for notice in Notice.objects.filter(kind__startswith="personnel"))


def test_name_and_text_lie_encrypted(here: Town) -> None:
    made(here)
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_name, text FROM whistles_personnelsuggestion")
        stored = " ".join(map(str, cursor.fetchone()))
    assert "韩" not in stored
    assert "未到" not in stored


def test_it_is_decided_once(here: Town) -> None:
    one = made(here)
    decide("refuse", one.pk, by=here.secretary, now=here.later())
    with pytest.raises(Refused) as no:
        decide("approve", one.pk, by=here.secretary, now=here.later())
    assert no.value.code == "not_in_this_state"
    with pytest.raises(SomebodyWasFirst):
        decide("approve", one.pk, by=here.secretary, now=here.later(), version=1)


def test_the_district_and_the_community_make_none(here: Town) -> None:
    for by in (here.commander, here.officer, here.fire_leader):
        with pytest.raises(PermissionDenied):
            suggest(by=by, now=here.later(), facts=SAID)


def test_the_recipient_approves_nothing(here: Town) -> None:
    one = made(here)
    decide("approve", one.pk, by=here.secretary, now=here.later())
    with pytest.raises(PermissionDenied):
        decide("withdraw", one.pk, by=here.personnel, now=here.later())
    done = decide("receive", one.pk, by=here.personnel, now=here.later())
    assert done.state == SuggestionState.RECEIVED


def test_the_pages_work(here: Town, client: Client) -> None:
    client.force_login(here.people["secretary"])
    assert client.get("/whistles/personnel/new/").status_code == 200
    answer = client.post("/whistles/personnel/new/", SAID, follow=True)
    assert "韩立新" in answer.content.decode()
    listed = client.get("/whistles/personnel/").content.decode()
    assert "调整岗位" in listed
    assert "韩立新" not in listed
    one = PersonnelSuggestion.objects.get()
    client.post(f"/whistles/personnel/{one.pk}/steps/approve/", {"version": 1})
    one.refresh_from_db()
    assert one.state == SuggestionState.APPROVED
    assert client.post("/whistles/personnel/new/", {}).status_code == 422
