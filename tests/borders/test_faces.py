"""Pages and API: what they show, what they refuse, and in how many queries."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from borders.choices import EnclaveState, MatterState
from borders.limits import allowance_of
from borders.models import Enclave, Matter
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from clocks.limits import change_limit
from clocks.models import Clock
from incidents.choices import State
from tests.borders.ground import (
    a_matter,
    an_enclave,
    matter_facts,
    place_facts,
    raised,
    ruling,
    take,
)
from tests.borders.test_import import GOOD, table
from tests.factories import actor
from tests.incidents.town import Town, a_case, dispatched, step

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


def test_lists_take_the_same_queries_for_one_row_and_for_many(
    here: Town, enter: Any, django_assert_max_num_queries: Any
) -> None:
    client = enter("commander")
    a_matter(here, MatterState.HEARING)
    an_enclave(here)
    for path, most in (("matters", 14), ("enclaves", 18)):
        client.get(f"/borders/{path}/")
        with django_assert_max_num_queries(most):
            client.get(f"/borders/{path}/")
    for number in range(3):
        a_matter(here, MatterState.HEARING)
        an_enclave(here, EnclaveState.INVESTIGATED, reference=str(number))
    for path, most in (("matters", 14), ("enclaves", 18)):
        with django_assert_max_num_queries(most):
            assert client.get(f"/borders/{path}/").content.decode().count("data-row>") == 4


def returned(here: Town, times: int) -> Any:
    case = a_case(here, State.FILED)
    for _time in range(times):
        facts = {} if case.return_count < 3 else {"lead": "SAN", "reason": "指定"}
        case = dispatched(here, case, **facts)
        case = step(here, "return", case, here.handler, {"reason": "不属职责"})
    return case


def test_a_returned_case_offers_to_raise_the_matter_and_brings_its_words_along(
    here: Town, enter: Any
) -> None:
    fresh = a_case(here, State.FILED)
    case = returned(here, 1)
    client = enter("dispatcher")
    assert "/borders/matters/new/" not in client.get(f"/cases/{fresh.number}/").content.decode()
    link = f"/borders/matters/new/?case={case.number}"
    assert link in client.get(f"/cases/{case.number}/").content.decode()
    form = client.get(link).content.decode()
    assert "路边有暴露垃圾" in form
    answer = client.post("/borders/matters/new/", matter_facts(cases=case.number), follow=True)
    assert answer.status_code == 200
    matter = Matter.objects.get()
    assert list(matter.cases.all()) == [case]
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert f"/borders/matters/{matter.number}/" in page
    assert link not in page


def test_a_case_returned_three_times_is_designated_and_its_page_says_so(
    here: Town, enter: Any
) -> None:
    case = returned(here, 3)
    client = enter("dispatcher")
    assert "下次派遣即为指定" in client.get(f"/cases/{case.number}/").content.decode()
    dispatched(here, case, lead="SAN", reason="指定办理")
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "已指定环卫所办理，不得再退" in page
    assert f"/borders/matters/new/?case={case.number}" in page


def test_where_it_is_plain_the_list_rules_with_one_press(here: Town, enter: Any) -> None:
    matter = a_matter(here, MatterState.HEARING)
    for name, says in (("handler", "ours"), ("helper", "not_ours")):
        take(here, "opine", matter, getattr(here, name), {"says": says, "text": "依职责"})
    assert (
        f"{matter.number}/rule/"
        not in enter("dispatcher").get("/borders/matters/").content.decode()
    )
    client = enter("commander")
    assert f"{matter.number}/rule/" in client.get("/borders/matters/").content.decode()
    assert client.post(f"/borders/matters/{matter.number}/rule/").status_code == 302
    done = Matter.objects.get()
    assert (done.state, done.lead) == (MatterState.WRITTEN, here.sanitation)
    page = client.get(f"/borders/matters/{matter.number}/").content.decode()
    assert f"第{done.rule_id}号规则" in page


def test_the_step_page_shows_the_tie_before_and_gives_back_what_was_typed(
    here: Town, enter: Any
) -> None:
    a_matter(here, MatterState.WRITTEN)
    matter = raised(here)
    client = enter("commander")
    path = f"/borders/matters/{matter.number}/steps/rule/"
    assert "须用更高的优先级" in client.get(path).content.decode()
    typed = ruling(lead="WATER", assisting=[], basis="会议纪要第九号")
    answer = client.post(path, {**typed, "version": matter.version})
    assert answer.status_code == 409
    assert "会议纪要第九号" in answer.content.decode()


def test_each_page_opens(here: Town, enter: Any) -> None:
    written = a_matter(here, MatterState.WRITTEN)
    enclave = an_enclave(here, EnclaveState.MENDING)
    client = enter("commander")
    paths = [
        "matters/", "matters/new/", f"matters/{written.number}/", "matters/items/?q=垃圾",
        "matters/?which=to_rule&lamp=red&area=120103", "enclaves/", "enclaves/map/", "enclaves/progress/",
        "enclaves/new/", "enclaves/import/", f"enclaves/{enclave.number}/", f"enclaves/{enclave.number}/steps/check/",
        "enclaves/?which=to_sign&owner_area=120104", "enclaves/?which=problems&export=xlsx", "matters/?export=xlsx",
    ]  # fmt: skip
    for path in paths:
        assert client.get(f"/borders/{path}").status_code == 200, path
    assert enclave.number in client.get("/borders/enclaves/map/").content.decode()


def test_the_signing_page_shows_what_is_signed(here: Town, enter: Any) -> None:
    enclave = an_enclave(here, EnclaveState.ATTRIBUTED)
    path = f"/borders/enclaves/{enclave.number}/steps"
    client = enter("taker")
    assert (
        client.post(
            f"{path}/word/", {"handover": "自签字之日起移交", "version": enclave.version}
        ).status_code
        == 302
    )
    shown = client.get(f"{path}/sign/").content.decode()
    assert "自签字之日起移交" in shown
    assert (
        client.post(f"{path}/sign/", {"handover_version": 1, "side": "manager"}).status_code == 302
    )
    assert client.get("/borders/enclaves/?which=to_sign").content.decode().count("data-row>") == 0
    giver = enter("giver")
    assert giver.get("/borders/enclaves/?which=to_sign").content.decode().count("data-row>") == 1


def test_a_table_is_checked_first_and_registered_when_it_is_confirmed(
    here: Town, enter: Any
) -> None:
    client = enter("dispatcher")
    bad = SimpleUploadedFile(
        "bad.csv", table(*GOOD, ["三号院", "", "NOBODY", "120103001", "", "", ""])
    )
    shown = client.post("/borders/enclaves/import/", {"file": bad}).content.decode()
    assert "NOBODY" in shown
    assert 'name="token"' not in shown
    good = SimpleUploadedFile("good.csv", table(*GOOD))
    shown = client.post("/borders/enclaves/import/", {"file": good}).content.decode()
    assert not Enclave.objects.exists()
    token = shown.split('name="token"')[1].split('value="')[1].split('"')[0]
    assert client.post("/borders/enclaves/import/", {"token": token}).status_code == 302
    assert Enclave.objects.count() == 2


def test_a_changed_limit_holds_for_what_is_raised_later(here: Town) -> None:
    before, four_days = raised(here), Allowance(Decimal(4), AllowanceKind.WORK_DAY)
    by = actor(Role.SYSTEM_ADMIN)
    change_limit("border.rule_on_lead", allowance=four_days, version=0, by=by, now=here.later())
    assert allowance_of("rule_on_lead") == four_days
    assert Matter.objects.get(pk=before.pk).due_at == before.due_at
    assert Clock.objects.get(subject_id=raised(here).pk, stage="rule_on_lead").allowance_value == 4


# --- API ---------------------------------------------------------------------------------------


def test_a_whole_matter_by_api(here: Town, enter: Any) -> None:
    client = enter("dispatcher")
    made = post(client, "unowned-matters", matter_facts())
    assert made.status_code == 201, made.content
    number, etag = made.json()["number"], made.headers["ETag"]
    assert post(client, f"unowned-matters/{number}/steps/rule", ruling(), etag).status_code == 403
    client = enter("commander")
    far = {"units": ["SAN"], "until": "2099-01-01T00:00:00+08:00"}
    refused = post(client, f"unowned-matters/{number}/steps/ask", far, etag)
    assert [error["code"] for error in refused.json()["errors"]] == ["until_too_far"]
    soon = (timezone.now() + timedelta(days=3)).isoformat()
    until = {"units": ["SAN"], "until": soon}
    asked = post(client, f"unowned-matters/{number}/steps/ask", until, etag)
    assert asked.status_code == 200, asked.content
    stale = post(client, f"unowned-matters/{number}/steps/refuse", {}, etag)
    assert stale.status_code == 412
    opinion = {"says": "ours", "text": "属环卫职责"}
    given = post(enter("handler"), f"unowned-matters/{number}/steps/opine", opinion)
    assert given.json()["opinions"][0]["says"] == "ours", given.content
    client = enter("commander")
    done = post(client, f"unowned-matters/{number}/rule-plainly")
    assert (done.status_code, done.json()["state"]) == (200, "written"), done.content
    lines = client.get(f"/api/v1/unowned-matters/{number}/timeline").json()
    assert [line["verb"] for line in lines][-1] == "unowned.ruled"
    listed = client.get("/api/v1/unowned-matters?which=to_rule").json()["results"]
    assert listed == []
    outsider = enter("far_commander")
    assert outsider.get(f"/api/v1/unowned-matters/{number}").status_code == 404


def test_a_whole_enclave_by_api(here: Town, enter: Any) -> None:
    client = enter("dispatcher")
    made = post(client, "enclaves", place_facts())
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    assert made.json()["boundary"]["type"] == "Polygon"
    refused = post(client, "enclaves", place_facts(owner="OFFICE"))
    assert (refused.status_code, refused.json()["code"]) == (422, "owner_is_here")
    offers = client.get(f"/api/v1/enclaves/{number}/steps").json()
    assert {one["step"] for one in offers if one["allowed"]} == {"amend", "investigate"}
    rows = [{"name": "三号院", "owner": "NK-HOUSING", "area": "120103001"}]
    looked = post(client, "enclaves/import", {"rows": rows}).json()
    assert (looked["fresh"], looked["written"]) == (1, [])
    written = post(client, "enclaves/import", {"rows": rows, "write": True}).json()
    assert len(written["written"]) == 1
    figures = client.get("/api/v1/enclaves/progress").json()
    assert figures["total"]["registered"] == 2
    assert client.get("/api/v1/enclaves?area=120103001001").json()["results"][0]["number"] == number
