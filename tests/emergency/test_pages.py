"""The pages: declaring, choosing whom to call, the live board, the phone of who is called, enrolling, the times."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from emergency.models import Activation, Called, CallUp, Enrolment, Pace
from tests.emergency.alert import (
    COMMUNITY,
    STREET,
    act,
    called,
    called_up,
    declared,
    enrolled,
    three,
)
from tests.emergency.crowd import crowd
from tests.incidents.town import Town

pytestmark = pytest.mark.django_db


def as_(here: Town, name: str) -> Client:
    client = Client()
    client.force_login(here.people[name])
    return client


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_a_commander_declares_chooses_and_calls(here: Town) -> None:
    enrolled(here, "cadre", kind="cadre")
    enrolled(here)
    client = as_(here, "secretary")
    facts = {"area": STREET, "kind": "flood", "level": "red", "reason": ""}
    refused = client.post(reverse("emergency:declare"), facts)
    assert (refused.status_code, Activation.objects.count()) == (422, 0)
    assert client.post(reverse("emergency:declare"), facts | {"reason": "涨水"}).status_code == 302
    made = Activation.objects.get()
    again = client.post(reverse("emergency:declare"), facts | {"reason": "又一次"})
    assert again.status_code == 409
    assert "又一次" in again.content.decode()
    url = reverse("emergency:activation_step", args=[made.number, "call_up"])
    body = text(client, f"{url}?kinds=cadre")
    assert Enrolment.objects.get(kind="cadre").number in body
    assert Enrolment.objects.get(kind="volunteer").number not in body
    done = client.post(url, {"kinds": "cadre", "grouping": "community"})
    assert done.status_code == 302
    call_up = CallUp.objects.get()
    assert call_up.people == 1
    assert call_up.number in text(client, reverse("emergency:activation", args=[made.number]))
    assert made.number in text(client, reverse("emergency:list"))


def test_the_called_person_answers_with_one_thumb(here: Town) -> None:
    three(here)
    call_up = called_up(here, message="带雨具")
    one = called(call_up, here, "volunteer")
    client = as_(here, "volunteer")
    led = client.get(reverse("emergency:mine"))
    assert led.headers["Location"] == reverse("emergency:called", args=[one.number])
    body = text(client, led.headers["Location"])
    assert "带雨具" in body
    for code in ("come", "decline", "check_in"):
        assert reverse("emergency:called_step", args=[one.number, code]) in body
    client.post(reverse("emergency:called_step", args=[one.number, "come"]), {"minutes": "20"})
    one.refresh_from_db()
    assert one.state == "coming"
    client.post(
        reverse("emergency:called_step", args=[one.number, "check_in"]), {"lon": "", "lat": ""}
    )
    one.refresh_from_db()
    assert one.state == "here"


def test_the_board_shows_a_leader_their_own_team_and_the_commander_all(here: Town) -> None:
    three(here)
    enrolled(here, "second_volunteer", area="120103001002")
    url = reverse("emergency:call_up", args=[called_up(here).number])
    whole = as_(here, "secretary").get(url).context["board"]
    assert (len(whole.teams), whole.tally.called, whole.commands) == (2, 4, True)
    own = as_(here, "cadre").get(url).context["board"]
    assert (len(own.teams), own.tally.called, own.commands) == (1, 3, False)
    assert all(shown.may_mark for shown in own.people)
    body = text(as_(here, "cadre"), url)
    assert "138****0001" in body
    assert "13800000001" not in body
    assert "王大山" not in body
    assert as_(here, "foreign_commander").get(url).status_code == 404


@pytest.mark.parametrize("size", [4, 300])
def test_board_lists_and_choice_ask_the_same_number_of_questions(
    here: Town, size: int, django_assert_max_num_queries: object
) -> None:
    crowd(size)
    made = declared(here)
    client = as_(here, "secretary")
    choose = reverse("emergency:activation_step", args=[made.number, "call_up"])
    client.get(choose)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        client.get(choose)
    url = reverse("emergency:call_up", args=[called_up(here, made, grouping="grid").number])
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get(url)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        client.get(reverse("emergency:enrolled"))
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        client.get(reverse("emergency:list"))


def test_an_ended_emergency_shows_its_report(here: Town) -> None:
    made = declared(here)
    act(here, "end", made, {"reason": "雨停", "report": "转移23户"})
    assert "转移23户" in text(
        as_(here, "officer"), reverse("emergency:activation", args=[made.number])
    )


def test_one_is_enrolled_by_the_form_and_many_by_a_table(here: Town) -> None:
    client, url = as_(here, "officer"), reverse("emergency:enrol")
    facts = {"name": "王大山", "phone": "138", "area": COMMUNITY, "kind": "volunteer"}
    terms = {"required_per": "month", "valid_from": "2026-01-01"}
    assert client.post(url, facts | terms).status_code == 422
    assert client.post(url, facts | terms | {"phone": "13800000001"}).status_code == 302
    page = text(client, reverse("emergency:enrolment", args=[Enrolment.objects.get().number]))
    assert "138****0001" in page
    table = (
        f"姓名,手机号,区域代码,类别,开始日期\n李小川,13800000002,{COMMUNITY},志愿者,2026-01-01\n"
    )
    upload, import_url = SimpleUploadedFile("a.csv", table.encode()), reverse("emergency:import")
    looked = client.post(import_url, {"file": upload})
    kept = looked.context["kept"]
    assert (looked.status_code, Enrolment.objects.count()) == (200, 1)
    assert "13800000002" not in looked.content.decode()
    assert client.post(import_url, {"kept": kept, "go": "do"}).status_code == 302
    again = client.post(import_url, {"kept": kept, "go": "do"})
    assert (again.status_code, Enrolment.objects.count()) == (422, 2)
    assert client.post(import_url, {"kept": "made up"}).status_code == 422


def test_an_administrator_changes_the_times_of_a_level_for_the_next_call_up(here: Town) -> None:
    three(here)
    client, url = as_(here, "system_admin"), reverse("emergency:pace", args=["orange"])
    pace = Pace.objects.get(level="orange")
    facts = {"answer_minutes": 5, "arrive_minutes": 40, "above_minutes": 3, "again_minutes": 4}
    assert client.post(url, facts | {"answer_minutes": 0}).status_code == 422
    assert client.post(url, facts | {"version": pace.version}).status_code == 302
    assert client.post(url, facts | {"version": pace.version}).status_code == 409
    call_up = called_up(here)
    assert (call_up.answer_minutes, call_up.again_minutes) == (5, 4)
    assert Called.objects.filter(call_up=call_up).count() == 3
