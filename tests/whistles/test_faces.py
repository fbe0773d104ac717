"""Pages and API: what they show, what they refuse, and in how many queries."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from config.refusal import Refused
from journal.models import Event
from steps.forms import FactsRefused
from tests.grids.factories import area
from tests.incidents.town import IN_GRID, Town, a_case
from tests.whistles.street import (
    STREET,
    a_whistle,
    blown,
    drafted,
    facts,
    grades,
    part_of,
    step,
)
from whistles.choices import State
from whistles.drafting import draft, draft_and_blow
from whistles.figures import default_period, figures
from whistles.models import Whistle, WhistleType
from whistles.querysets import visible_to
from whistles.taking import NotYours

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(here: Town, client: Client) -> Any:
    """A browser in which this person is signed in."""

    def sign_in(name: str) -> Client:
        client.force_login(here.people[name])
        return client

    return sign_in


def post(client: Client, path: str, body: Any = None, etag: str = "*") -> Any:
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": etag}
    return client.post(
        f"/api/v1/{path}", json.dumps(body or {}), "application/json", headers=headers
    )


# --- who sees, who may -------------------------------------------------------------------------------


def test_a_unit_hears_of_a_whistle_when_it_is_blown_and_others_never(here: Town) -> None:
    whistle = drafted(here)

    def sees() -> set[str]:
        people = here.people
        return {n for n in people if visible_to(getattr(here, n)).filter(pk=whistle.pk).exists()}

    street = {"secretary", "second_secretary", "officer", "commander", "supervisor"}
    street |= {"dispatcher", "second_dispatcher"}
    assert sees() == street
    step(here, "approve", whistle, here.secretary)
    step(here, "blow", whistle, here.secretary)
    units = {"fire_one", "fire_two", "fire_leader", "police_one", "police_leader"}
    assert sees() == street | units | {"handler", "leader"}


def test_the_community_blows_an_emergency_only_when_the_secretary_has_approved(here: Town) -> None:
    whistle = drafted(here, here.officer)
    with pytest.raises(NotYours):
        step(here, "approve", whistle, here.officer)
    with pytest.raises(PermissionDenied):
        draft_and_blow(by=here.officer, now=here.later(), facts=facts())
    step(here, "approve", whistle, here.secretary)
    assert step(here, "blow", whistle, here.officer).state == State.BLOWN


@pytest.mark.parametrize(
    ("name", "more", "code"),
    [
        ("officer", {"type": "hard"}, "invalid_choice"),
        ("secretary", {"lead": "NK-SAN"}, "invalid_choice"),
        ("secretary", {"cases": "12010320260309999999"}, "case_unknown"),
        ("secretary", {"lon": None, "lat": 39.0}, "half_a_point"),
        ("secretary", {"area": "999999999"}, "area_unknown"),
        ("secretary", {"text": ""}, "required"),
    ],
)
def test_a_draft_that_cannot_be_says_why(
    here: Town, name: str, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(FactsRefused) as no:
        draft(by=getattr(here, name), now=here.later(), facts=facts(**more))
    assert code in {error["code"] for error in no.value.errors}
    assert not Whistle.objects.exists()


BY_FRIDAY = {"text": "清运残留物", "unit": "SAN", "due_on": "2026-03-13"}
OF_THE_STREET = {"text": "设置引导牌", "unit": "", "due_on": "2026-03-16"}


def test_a_whistle_is_drafted_with_its_plan_through_the_api(here: Town, enter: Any) -> None:
    answer = post(enter("secretary"), "whistles", facts(plan=[BY_FRIDAY, OF_THE_STREET]))
    assert answer.status_code == 201, answer.content
    plan = answer.json()["plan"]
    assert [row["text"] for row in plan] == ["清运残留物", "设置引导牌"]
    assert [row["unit"] and row["unit"]["code"] for row in plan] == ["SAN", None]


def test_the_rows_of_the_page_become_the_plan_and_amending_shows_them_again(
    here: Town, enter: Any
) -> None:
    typed = facts(
        plan_text=["清运残留物", "", "设置引导牌"],
        plan_unit=["SAN", "", ""],
        plan_due_on=["2026-03-13", "", "2026-03-16"],
    )
    client = enter("secretary")
    assert client.post("/whistles/new/", {**typed, "go": "draft"}).status_code == 302
    whistle = Whistle.objects.get()
    assert whistle.milestones.count() == 2
    shown = client.get(f"/whistles/{whistle.number}/steps/amend/").content.decode()
    assert 'value="清运残留物"' in shown
    assert 'value="2026-03-13"' in shown
    step(here, "amend", whistle, here.secretary, facts(text="改为夜间处置"))
    assert whistle.milestones.count() == 2, "what does not mention the plan leaves it alone"
    step(here, "amend", whistle, here.secretary, facts(plan=[]))
    assert whistle.milestones.count() == 0


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"unit": "WATER"}, "plan_unit"),
        ({"due_on": "after the rain"}, "plan_row"),
        ({"due_on": ""}, "plan_row"),
    ],
)
def test_a_plan_that_cannot_be_keeps_what_was_typed(
    here: Town, row: dict[str, str], code: str
) -> None:
    with pytest.raises(FactsRefused) as no:
        draft(by=here.secretary, now=here.later(), facts=facts(plan=[{**BY_FRIDAY, **row}]))
    assert code in {error["code"] for error in no.value.errors}
    assert "清运残留物" in str(no.value.form["plan"])


def test_a_place_outside_ones_own_area_is_refused(here: Town) -> None:
    whole = facts(lon=117.205, lat=39.015)  # the other community
    with pytest.raises(Refused) as no:
        draft(by=here.officer, now=here.later(), facts=whole)
    assert no.value.code == "area_not_yours"


# --- pages -------------------------------------------------------------------------------------------


def test_the_list_takes_the_same_queries_for_one_row_and_for_many(
    here: Town, enter: Any, django_assert_max_num_queries: Any
) -> None:
    client = enter("secretary")
    blown(here)
    client.get("/whistles/")
    with django_assert_max_num_queries(14):
        client.get("/whistles/")
    for _more in range(4):
        blown(here)
    with django_assert_max_num_queries(14):
        assert client.get("/whistles/").content.decode().count("data-row>") == 5


def test_the_page_shows_only_the_buttons_that_may_be_pressed(here: Town, enter: Any) -> None:
    whistle = blown(here)
    page = enter("police_one").get(f"/whistles/{whistle.number}/come/").content.decode()
    assert "/steps/check_in/" in page
    assert "/steps/evaluate/" not in page
    page = enter("secretary").get(f"/whistles/{whistle.number}/").content.decode()
    assert "/steps/call_in/" in page
    assert "/steps/check_in/" not in page
    assert "尚未到场且未到时限" in page


def test_a_whistle_from_a_case_takes_over_what_the_case_says(here: Town, enter: Any) -> None:
    case = a_case(here)
    client = enter("secretary")
    panel = client.get(f"/cases/{case.number}/").content.decode()
    assert f"/whistles/new/?case={case.number}" in panel
    form = client.get(f"/whistles/new/?case={case.number}").content.decode()
    assert "路边有暴露垃圾" in form
    sent = {**facts(cases=case.number), "go": "blow"}
    answer = client.post("/whistles/new/", sent, follow=True)
    assert answer.status_code == 200
    assert Whistle.objects.get().cases.get() == case
    assert Whistle.objects.get().number in client.get(f"/cases/{case.number}/").content.decode()


def test_what_was_typed_comes_back_with_the_reason(here: Town, enter: Any) -> None:
    answer = enter("secretary").post("/whistles/new/", {**facts(lead=""), "go": "draft"})
    assert answer.status_code == 422
    assert "沿街商铺起火" in answer.content.decode()


def test_each_page_opens(here: Town, enter: Any) -> None:
    whistle = a_whistle(here, State.DELIVERED)
    client = enter("secretary")
    paths = [
        "",
        "map/",
        "figures/",
        "new/",
        f"{whistle.number}/steps/evaluate/",
        "?which=mine&lamp=red",
    ]
    for path in paths:
        assert client.get(f"/whistles/{path}").status_code == 200, path
    assert client.get("/whistles/figures/?first=2026-03-09&last=2026-03-01").status_code == 422
    assert enter("police_one").get("/whistles/called/").status_code == 200


# --- kinds -------------------------------------------------------------------------------------------


def test_an_administrator_changes_a_kind_and_running_clocks_keep_their_time(
    here: Town, enter: Any
) -> None:
    whistle = blown(here)
    client = enter("system_admin")
    assert client.get("/whistles/types/").status_code == 200
    body = {
        "name": "应急处置哨", "name_en": "Emergency", "mechanism": "emergency", "blown_by": ["commander"],
        "enabled": "on", "check_in_value": "2", "check_in_kind": "hour_cont", "objection_value": "30",
        "objection_kind": "minute_cont", "version": 1,
    }  # fmt: skip
    assert client.post("/whistles/types/emergency/", body).status_code == 302
    kind = WhistleType.objects.get(code="emergency")
    assert (kind.blown_by, str(kind.check_in_value)) == (["commander"], "2.00")
    assert Whistle.objects.get(pk=whistle.pk).due_at == whistle.due_at
    assert Event.objects.filter(verb="whistle_type.changed").exists()
    assert client.post("/whistles/types/emergency/", body).status_code == 409
    wrong = {**body, "version": 2, "check_in_value": ""}
    assert client.post("/whistles/types/emergency/", wrong).status_code == 422


# --- figures -----------------------------------------------------------------------------------------


def test_figures_count_streets_that_never_blow_and_mark_those_that_blow_too_often(
    here: Town,
) -> None:
    area("120103002", name="下瓦房街道")
    area("120103003", name="桃园街道")
    for _time in range(4):
        blown(here)
    shown = figures(here.commander, *default_period(here.now))
    assert [(line.code, line.blown, line.too_many) for line in shown.streets] == [
        (STREET, 4, True), ("120103002", 0, False), ("120103003", 0, False),
    ]  # fmt: skip
    assert {line.code: line.summoned for line in shown.units} == {"FIRE": 4, "POLICE": 4, "SAN": 4}


def test_a_unit_reads_its_own_figures_only(here: Town) -> None:
    whistle = a_whistle(here, State.DELIVERED)
    step(here, "evaluate", whistle, here.secretary, grades(whistle))
    shown = figures(here.police_one, *default_period(here.now))
    assert shown.streets == []
    assert [(line.code, line.arrived_in_time, line.grade) for line in shown.units] == [
        ("POLICE", 1, 85.0)
    ]


def test_figures_take_a_constant_number_of_queries(
    here: Town, django_assert_max_num_queries: Any
) -> None:
    for _time in range(3):
        blown(here)
    commander = here.commander
    with django_assert_max_num_queries(6):
        figures(commander, *default_period(here.now))


# --- API ---------------------------------------------------------------------------------------------


def test_a_whole_whistle_by_api(here: Town, enter: Any) -> None:
    client = enter("secretary")
    made = post(client, "whistles", facts())
    assert made.status_code == 201, made.content
    number, etag = made.json()["whistle"]["number"], made.headers["ETag"]
    for code in ("approve", "blow"):
        answer = post(client, f"whistles/{number}/steps/{code}", etag=etag)
        assert answer.status_code == 200, answer.content
        etag = answer.headers["ETag"]
    assert (
        post(client, f"whistles/{number}/steps/cancel", {"reason": "x"}, '"old"').status_code == 412
    )

    fire = enter("fire_one")
    there = {"lon": IN_GRID[0], "lat": IN_GRID[1], "accuracy_m": 9}
    assert post(fire, f"whistles/{number}/steps/check_in", there).status_code == 200
    assert part_of(Whistle.objects.get(), "FIRE").arrived_accuracy_m == 9
    again = post(fire, f"whistles/{number}/steps/check_in", there)
    assert (again.status_code, again.json()["code"]) == (409, "unit_not_in_this_state")
    assert post(fire, f"whistles/{number}/steps/confirm").status_code == 403

    offers = fire.get(f"/api/v1/whistles/{number}/steps").json()
    assert {o["step"] for o in offers if o["allowed"]} == {"start", "deliver"}
    listed = fire.get("/api/v1/whistles?which=summoned").json()["results"]
    assert [one["number"] for one in listed] == [number]
    lines = fire.get(f"/api/v1/whistles/{number}/timeline").json()
    assert lines[-1]["verb"] == "whistle.checked_in"
    assert fire.get("/api/v1/whistles/figures").json()["units"][0]["code"] == "FIRE"


def test_an_outsider_is_told_that_there_is_none(here: Town, enter: Any) -> None:
    whistle = blown(here)
    for name in ("foreign_commander", "helper", "worker"):
        client = enter(name)
        assert client.get(f"/whistles/{whistle.number}/").status_code == 404, name
        assert client.get(f"/api/v1/whistles/{whistle.number}").status_code == 404, name
