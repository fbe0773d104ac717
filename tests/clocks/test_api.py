"""`GET /api/v1/clocks/due`: the calculator for programs."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.identity import actor_of
from accounts.roles import Role
from clocks import edit_calendar
from clocks.choices import DayKind
from tests.factories import HOME, person_with

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/clocks/due"


def ask(client: Client | None = None, **asked: Any) -> Any:
    if client is None:
        client = Client(headers={"accept-language": "en"})
        client.force_login(person_with(Role.DEPARTMENT))
    return client.get(ADDRESS, asked)


def test_the_answer_lists_each_day_counted_and_each_skipped() -> None:
    answer = ask(start="2026-02-13T16:00:00+08:00", value="4", kind="work_hour").json()
    assert answer["due"] == "2026-02-14T10:00:00+08:00"
    assert answer["amber"] == "2026-02-14T09:12:00+08:00"
    assert answer["calendar"]["published_until"] == "2026-12-31"
    assert [(day["date"], day["kind"], day["minutes"]) for day in answer["days"]] == [
        ("2026-02-13", "work", "120"),
        ("2026-02-14", "makeup", "120"),
    ]
    assert answer["days"][1]["periods"] == [
        {"start": "2026-02-14T08:00:00+08:00", "end": "2026-02-14T10:00:00+08:00"}
    ]


def test_skipped_days_say_why_in_the_callers_language() -> None:
    answer = ask(start="2026-09-30T10:00", value="5", kind="legal_workday").json()
    skipped = {day["date"]: day["text"] for day in answer["days"] if not day["counted"]}
    assert skipped["2026-09-30"] == "The day it starts on is not counted"
    assert skipped["2026-10-01"] == "National Day"
    assert skipped["2026-10-11"] == "Weekend"


@pytest.mark.parametrize(
    "start",
    [
        "2026-03-09T09:00",
        "2026-03-09T09:00:00+08:00",
        "2026-03-09T09:00:00 08:00",  # a + that was not escaped
        "2026-03-09T01:00:00Z",
        "2026-03-09T02:00:00+01:00",
    ],
)
def test_a_start_is_understood_with_and_without_an_offset(start: str) -> None:
    assert ask(start=start, value="2", kind="work_hour").json()["due"] == (
        "2026-03-09T11:00:00+08:00"
    )


def test_the_areas_own_calendar_counts() -> None:
    calendar = edit_calendar.create_calendar(
        area_code=HOME,
        name="河西区",
        by=actor_of(person_with(Role.SYSTEM_ADMIN)),
        now=timezone.now(),
    )
    edit_calendar.set_day(
        calendar_id=calendar.pk,
        day=date(2026, 3, 10),
        kind=DayKind.HOLIDAY,
        by=actor_of(person_with(Role.SYSTEM_ADMIN)),
        now=timezone.now(),
    )
    asked: dict[str, Any] = {"start": "2026-03-09T17:00", "value": "2", "kind": "work_hour"}
    assert ask(**asked).json()["due"] == "2026-03-10T09:00:00+08:00"
    inside = ask(**asked, area=HOME).json()
    assert inside["due"] == "2026-03-11T09:00:00+08:00"
    assert inside["calendar"]["name"] == "河西区"


def test_past_the_published_days_it_says_so_and_does_not_guess() -> None:
    answer = ask(start="2026-12-30T10:00", value="3", kind="legal_workday")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "calendar_ends"
    assert "2026-12-31" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "start"),
        ({"start": "tomorrow", "value": "1", "kind": "work_hour"}, "start"),
        ({"start": "2026-03-09", "value": "many", "kind": "work_hour"}, "value"),
        ({"start": "2026-03-09T09:00", "value": "-1", "kind": "work_hour"}, "value"),
        ({"start": "2026-03-09T09:00", "value": "0.5", "kind": "legal_day"}, "value"),
        ({"start": "2026-03-09T09:00", "value": "999999", "kind": "natural_day"}, "value"),
        ({"start": "2026-03-09T09:00", "value": "1", "kind": "hours"}, "kind"),
        ({"start": "2026-03-09T09:00", "value": "1", "kind": "work_hour", "area": "x"}, "area"),
        ({"start": "9999-12-31T23:59Z", "value": "1", "kind": "natural_day"}, "start"),
        ({"start": "0001-01-01T00:00Z", "value": "1", "kind": "work_hour"}, "start"),
        ({"start": "0001-01-01T00:00+14:00", "value": "1", "kind": "work_hour"}, "start"),
    ],
)
def test_bad_input_gets_a_problem_that_names_the_field(asked: dict[str, Any], field: str) -> None:
    answer = ask(**asked)
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_strangers_are_unauthorised() -> None:
    asked = {"start": "2026-03-09T09:00", "value": "1", "kind": "work_hour"}
    assert ask(Client(), **asked).status_code == 401
