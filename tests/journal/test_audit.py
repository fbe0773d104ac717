"""The audit page: who may read it, how it is narrowed, and that reading is written down."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.actor import Actor, ActorKind
from accounts.models import User
from accounts.roles import Role
from config.paging import BadCursor
from journal.models import Event
from journal.wording import register, register_subject
from tests.factories import ABROAD, HOME, organisation, person_with, user
from tests.journal.factories import NOW, happened

pytestmark = pytest.mark.django_db
PAGE = "/journal/"


@pytest.fixture
def auditor() -> User:
    return person_with(Role.AUDIT_ADMIN, HOME)


@pytest.fixture
def reading(client: Client, auditor: User) -> Client:
    client.force_login(auditor)
    return client


def shown(client: Client, **filters: Any) -> list[int]:
    answer = client.get(PAGE, filters)
    assert answer.status_code == 200
    return [line.event.pk for line in answer.context["lines"]]


def test_strangers_sign_in_first(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    assert client.post(f"{PAGE}export").status_code == 302


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.AUDIT_ADMIN])
def test_nobody_else_may_read_it(client: Client, role: Role) -> None:
    client.force_login(person_with(role, HOME, organisation()))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}export").status_code == 403


def test_the_newest_come_first(reading: Client) -> None:
    old, new = happened(), happened()
    assert shown(reading) == [new.pk, old.pk]


def test_an_auditor_sees_the_areas_they_serve_and_no_others(reading: Client) -> None:
    here = happened(("case", 1), area_code=f"{HOME}001")
    happened(("case", 2), area_code=f"{ABROAD}001")
    happened(("case", 3), area_code="")
    assert shown(reading) == [here.pk]


def test_the_log_is_narrowed_by_verb_person_subject_area_and_day(reading: Client) -> None:
    register("incident.filed", "Filed")
    register_subject("case", "Case", find=lambda text: 4 if text == "HX-4" else None)
    zhang = user(name="张敏", username="zhangmin")
    by = Actor(ActorKind.USER, zhang.pk, "张敏")
    plain = happened(("case", 1))
    filed = happened(("case", 2), verb="incident.filed")
    hers = happened(("case", 3), by=by)
    fourth = happened(("case", 4), area_code="120103009")
    late = happened(("case", 5), now=NOW.replace(day=25, hour=15))  # 23:00 in Shanghai
    next_day = happened(("case", 6), now=NOW.replace(day=25, hour=17))  # the 26th in Shanghai

    assert shown(reading, verb="incident.filed") == [filed.pk]
    assert shown(reading, who="张敏") == shown(reading, who="ZHANGMIN") == [hers.pk]
    assert shown(reading, who="nobody") == []
    assert plain.pk in shown(reading, who="系统")
    assert shown(reading, kind="case", number="HX-4") == [fourth.pk]
    assert shown(reading, kind="case", number="3") == [hers.pk]
    assert shown(reading, area="120103009") == [fourth.pk]
    assert shown(reading, since="2026-07-25", until="2026-07-25") == [late.pk]
    assert next_day.pk in shown(reading, since="2026-07-26", until="2026-07-26")


@pytest.mark.parametrize(
    "filters",
    [
        {"verb": "no.such"},
        {"since": "yesterday"},
        {"since": "2026-07-25", "until": "2026-07-24"},
        {"number": "4"},
        {"area": "12'--"},
        {"kind": "no.such"},
    ],
)
def test_a_wrong_filter_shows_a_sentence_and_no_rows(
    reading: Client, filters: dict[str, str]
) -> None:
    happened()
    answer = reading.get(PAGE, filters)
    assert answer.status_code == 200
    assert answer.context["filter"].form.errors
    assert answer.context["lines"] == []


def test_a_forged_page_link_is_a_sentence(reading: Client) -> None:
    happened()
    answer = reading.get(PAGE, {"cursor": "forged"})
    assert str(BadCursor().sentence) in answer.content.decode()


def test_pages_follow_each_other_and_cost_the_same(
    reading: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    events = [happened(("case", n)) for n in range(120)]
    seen: list[int] = []
    cursor = ""
    for _page in range(3):
        with django_assert_max_num_queries(12):
            answer = reading.get(PAGE, {"cursor": cursor})
        seen += [line.event.pk for line in answer.context["lines"]]
        cursor = answer.context["slice"].next_cursor
    assert seen == [e.pk for e in reversed(events)]
    assert cursor is None


def test_htmx_gets_the_rows_only(reading: Client) -> None:
    happened()
    answer = reading.get(PAGE, headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert b"<table" in answer.content


def test_following_one_persons_doings_is_written_down_once_per_search(
    reading: Client, auditor: User
) -> None:
    zhang = user(name="张敏")
    happened(by=Actor(ActorKind.USER, zhang.pk, "张敏"))
    shown(reading, who="张敏")
    event = Event.objects.get(verb="journal.people_followed")
    assert (event.actor_id, event.data) == (auditor.pk, {"people": [zhang.pk]})


def test_the_export_holds_what_is_shown_and_is_written_down(reading: Client, auditor: User) -> None:
    register("incident.filed", "Filed")
    happened(verb="incident.reported")
    filed = happened(verb="incident.filed", data={"note": "=1+1"})

    answer = reading.post(f"{PAGE}export?verb=incident.filed", {"as": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == [str(filed.pk)]
    event = Event.objects.get(verb="journal.exported")
    assert event.actor_id == auditor.pk
    assert event.data == {"filters": {"verb": ["incident.filed"]}}

    answer = reading.post(f"{PAGE}export?verb=incident.filed", {"as": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(values_only=True)][1:] == [filed.pk]


def test_no_cell_of_an_export_is_a_formula(reading: Client) -> None:
    happened(by=Actor(ActorKind.USER, 1, "=HYPERLINK()"), verb="incident.reported")
    answer = reading.post(f"{PAGE}export", {"as": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "'=HYPERLINK()" in text


def test_a_wrong_filter_is_not_exported(reading: Client) -> None:
    happened()
    answer = reading.post(f"{PAGE}export?verb=no.such", {"as": "csv"})
    assert answer.status_code == 302
    assert not Event.objects.filter(verb="journal.exported").exists()
