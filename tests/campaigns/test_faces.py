"""Pages and API: what they show, what they refuse, what they keep, and in how many queries."""

import io
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from campaigns.drafting import draft
from campaigns.models import Campaign, Target, Visit
from campaigns.reading import board
from incidents.models import Incident
from journal.models import Event
from tests.campaigns.ground import (
    LIST,
    PROBLEM,
    STREET,
    VISITED,
    drafted,
    facts,
    launched,
    on_assignment,
    on_campaign,
    on_target,
    swept,
    target,
)
from tests.incidents.town import GRID, NEIGHBOUR, Town

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


def test_every_page_is_shown_to_whoever_it_is_for(here: Town, enter: Any) -> None:
    assignment = swept(here)
    on_target(here, "visit", target(assignment), said=PROBLEM)
    on_target(here, "make_case", target(assignment), "worker")
    number, part, first = assignment.campaign.number, assignment.number, target(assignment).number
    commander = enter("commander")
    for path in (
        "",
        "all/",
        "new/",
        f"{number}/",
        f"{number}/targets/",
        f"{number}/targets/?state=problem&q=津河",
        f"{number}/targets/add/",
        f"{number}/steps/assign/",
        f"{number}/steps/add_milestone/",
        f"assignments/{part}/",
        f"assignments/{part}/steps/urge/",
        f"targets/{first}/",
    ):
        assert commander.get(f"/campaigns/{path}").status_code == 200, path
    secretary = enter("secretary")
    zone = assignment.zones.get()
    for path in (f"assignments/{part}/steps/change_zone/?zone={zone.pk}", f"assignments/{part}/"):
        shown = secretary.get(f"/campaigns/{path}")
        assert shown.status_code == 200
        assert "第一片区" in shown.content.decode()
    case = Incident.objects.get()
    assert case.number in commander.get(f"/campaigns/targets/{first}/").content.decode()


def test_a_cadre_checks_in_and_goes_from_door_to_door_by_pressing(here: Town, enter: Any) -> None:
    assignment = swept(here)
    phone, zone = enter("cadre"), assignment.zones.get()
    here_now = phone.get("/campaigns/mine/")
    assert "津河五金店" in here_now.content.decode()
    done = phone.post(
        f"/campaigns/assignments/{assignment.number}/steps/arrive/",
        {"zone": zone.pk, "lon": "117.2", "lat": "39.0", "accuracy_m": "9"},
    )
    assert done.url == "/campaigns/mine/"
    first = target(assignment)
    page = f"/campaigns/targets/{first.number}/steps/visit/"
    assert "消防通道是否畅通" in phone.get(page).content.decode()
    missing = phone.post(page, {"found": "visited", "note": "店主不在场", "version": first.version})
    assert missing.status_code == 422
    assert "店主不在场" in missing.content.decode()  # nothing typed is lost
    visited = phone.post(page, {**VISITED, "version": first.version})
    assert visited.status_code == 302
    assert target(assignment, 1).number in visited.url  # the next door
    second = phone.post(page, {**VISITED, "version": first.version, "note": "又来一次"})
    assert second.status_code == 409
    assert "又来一次" in second.content.decode()
    assert Visit.objects.count() == 1


def test_a_grid_worker_finds_what_lies_in_the_own_grid(here: Town, enter: Any) -> None:
    assignment = swept(here)
    shown = enter("worker").get("/campaigns/mine/").content.decode()
    assert "津河五金店" in shown
    assert "春来小饭馆" not in shown
    on_target(here, "visit", target(assignment), "worker", VISITED)
    assert (
        enter("neighbour").get(f"/campaigns/targets/{target(assignment).number}/").status_code
        == 404
    )


# --- lists of targets ------------------------------------------------------------------------------------

BAD = """名称,地址,归属,类别,经度,纬度
,友谊路9号,120103001001001,企业,,
永盛粮油,友谊路11号,999,企业,,
红桥面馆,友谊路13号,120103001001001,飞船,,
百姓诊所,友谊路15号,120103001001001,企业,217,39
津河五金,友谊路17号,120103001001001,企业,,
津河 五金,友谊路17 号,120103001001001,企业,,
"""


def test_every_defect_of_a_list_is_told_and_nothing_is_written(here: Town, enter: Any) -> None:
    campaign = drafted(here)
    on_campaign(here, "assign", campaign, areas=[STREET])
    browser = enter("commander")
    path = f"/campaigns/{campaign.number}/targets/add/"
    told = browser.post(path, {"lines": BAD, "go": "write"})
    assert told.status_code == 422
    shown = told.content.decode()
    for line in (2, 3, 4, 5, 7):
        assert f"第 {line} 行" in shown or f"Line {line}" in shown
    assert "永盛粮油,友谊路11号" in shown  # what was pasted is still there
    assert Target.objects.count() == 0


def test_an_excel_table_is_checked_first_and_written_by_a_second_press(
    here: Town, enter: Any
) -> None:
    campaign = drafted(here)
    on_campaign(here, "assign", campaign, areas=[STREET])
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["2026年排查名单"])
    book.active.append(["企业名称", "详细地址", "网格编码"])
    book.active.append(["津河五金店", "友谊路1号", GRID])
    book.active.append(["春来小饭馆", "友谊路5号", NEIGHBOUR])
    book.save(out)
    browser, path = enter("commander"), f"/campaigns/{campaign.number}/targets/add/"
    checked = browser.post(path, {"file": SimpleUploadedFile("名单.xlsx", out.getvalue())})
    assert checked.status_code == 200
    assert Target.objects.count() == 0
    lines = checked.context["form"]["lines"].value()
    assert browser.post(path, {"lines": lines, "go": "write"}).status_code == 302
    assert set(Target.objects.values_list("area_code", flat=True)) == {GRID, NEIGHBOUR}


def test_a_list_pasted_twice_is_listed_once(here: Town) -> None:
    campaign = drafted(here)
    on_campaign(here, "assign", campaign, areas=[STREET])
    on_campaign(here, "add_targets", campaign, lines=LIST)
    on_campaign(here, "add_targets", campaign, lines=LIST + "老味居,友谊路21号,\n")
    assert Target.objects.count() == 5
    last = Event.objects.filter(verb="campaign.targets_added").latest("id")
    assert (last.data["targets"], last.data["listed_already"]) == (1, 4)


def test_lists_without_headings_and_out_of_a_spreadsheet_are_understood(here: Town) -> None:
    campaign = drafted(here)
    on_campaign(here, "assign", campaign, areas=[STREET])
    on_campaign(here, "add_targets", campaign, lines=f"五金店，友谊路1号，{GRID}\n面馆,友谊路2号")
    on_campaign(here, "add_targets", campaign, lines=f"眼镜店\t友谊路3号, 后门\t{GRID}")
    names = dict(Target.objects.values_list("name", "area_code"))
    assert names == {"五金店": GRID, "面馆": STREET, "眼镜店": GRID}


# --- taken away --------------------------------------------------------------------------------------------


def test_what_is_shown_can_be_taken_away_and_that_is_written_down(here: Town, enter: Any) -> None:
    assignment = swept(here)
    on_target(here, "visit", target(assignment), said=PROBLEM)
    Target.objects.filter(pk=target(assignment, 1).pk).update(name="=cmd|'/C calc'!A0")
    number = assignment.campaign.number
    answer = enter("commander").get(f"/campaigns/{number}/targets/?export=xlsx&state=problem")
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 4  # who took it, of what, headings, one target
    assert rows[3][1] == "津河五金店"
    answer = enter("commander").get(f"/campaigns/{number}/targets/?export=xlsx")
    assert b"calc" in answer.content or load_workbook(io.BytesIO(answer.content))
    assert Event.objects.filter(verb="campaign.exported").count() == 2


# --- API -----------------------------------------------------------------------------------------------------


def test_a_whole_sweep_by_the_api(here: Town, enter: Any) -> None:
    api = enter("commander")
    made = post(api, "campaigns", facts(limit_value="3", limit_kind="natural_day"))
    assert made.status_code == 201
    number = made.json()["campaign"]["number"]
    steps = f"campaigns/{number}/steps"
    checklist = {"text_1": "通道是否畅通", "kind_1": "yes_no", "required_1": True}
    assert post(api, f"{steps}/set_checklist", checklist).status_code == 200
    assert post(api, f"{steps}/assign", {"areas": [STREET]}).status_code == 200
    checked = post(api, f"campaigns/{number}/targets/check", {"lines": BAD}).json()
    assert (checked["fresh"], len(checked["problems"])) == (1, 5)
    assert post(api, f"{steps}/add_targets", {"lines": BAD}).status_code == 422
    assert post(api, f"{steps}/add_targets", {"lines": LIST}).status_code == 200
    assert post(api, f"{steps}/launch").json()["rows"][0]["figures"]["todo"] == 4
    part = Campaign.objects.get(number=number).assignments.get().number
    secretary = enter("secretary")
    assert post(secretary, f"campaign-assignments/{part}/steps/receive").status_code == 200
    one = secretary.get("/api/v1/campaign-targets").json()["results"][0]
    visit = f"campaign-targets/{one['number']}/steps/visit"
    assert post(secretary, visit, {"found": "visited"}).status_code == 422
    done = post(secretary, visit, {"found": "problem", "line_1": False, "note": "通道堆物"})
    assert done.json()["visits"][0]["answers"] == {"1": False}
    stale = post(secretary, visit, {"found": "visited", "line_1": True}, '"target-1-1"')
    assert stale.status_code == 412
    made_case = post(secretary, f"campaign-targets/{one['number']}/steps/make_case")
    assert made_case.json()["visits"][0]["incident"] == Incident.objects.get().number
    shown = secretary.get("/api/v1/campaigns/board").json()
    assert shown[0]["figures"]["problem"] == 1
    for path in (
        f"campaigns/{number}",
        f"campaigns/{number}/steps",
        f"campaigns/{number}/timeline",
        f"campaign-assignments/{part}",
        f"campaign-assignments/{part}/steps",
        f"campaign-assignments/{part}/timeline",
        f"campaign-targets/{one['number']}/steps",
        "campaign-assignments?lamp=red",
        "campaign-zones/mine",
    ):
        assert secretary.get(f"/api/v1/{path}").status_code == 200, path


# --- how many queries --------------------------------------------------------------------------------------


def test_the_board_asks_as_often_for_ten_campaigns_as_for_one(
    here: Town, django_assert_max_num_queries: Any, enter: Any
) -> None:
    for _one in range(2):
        launched(here)
    commander, now = here.commander, here.later()
    with django_assert_max_num_queries(6):
        assert len(board(commander, now)) == 2
    for _one in range(4):
        assignment = launched(here)
        on_assignment(here, "receive", assignment)
    with django_assert_max_num_queries(6):
        found = board(commander, now)
    assert [bar.figures.todo for bar in found] == [4] * 6
    late = board(commander, now + timedelta(days=60))
    assert all(bar.late and bar.laggards for bar in late)


def test_a_list_of_targets_asks_a_constant_number(
    here: Town, django_assert_max_num_queries: Any, enter: Any
) -> None:
    many = "\n".join(f"商铺{n},友谊路{n}号,{GRID}" for n in range(120))
    assignment = launched(here, lines=many)
    browser = enter("commander")
    path = f"/campaigns/{assignment.campaign.number}/targets/"
    browser.get(path)
    with django_assert_max_num_queries(14):
        browser.get(path)


def test_an_area_that_is_not_ones_own_is_refused_and_the_form_comes_back(
    here: Town, enter: Any
) -> None:
    answer = enter("secretary").post("/campaigns/new/", facts(area="120103002", title="燃气排查"))
    assert answer.status_code == 422
    assert "燃气排查" in answer.content.decode()
    assert enter("officer").get("/campaigns/new/").status_code == 403
    made = draft(by=here.secretary, now=here.later(), facts=facts())
    assert made.area_code == STREET
