"""The API of the catalogue, for people and for partner systems."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.roles import Role
from incidents.catalogue_editions import set_enabled
from tests.api.conftest import ask_for_token
from tests.factories import HOME, api_client, organisation, person_with
from tests.incidents.catalogue.factories import (
    CITY_EXCERPT,
    NOW,
    areas,
    edition,
    item,
    manager,
    rule,
    shipped,
)

pytestmark = pytest.mark.django_db

ITEMS, VERSIONS = "/api/v1/catalogue/items", "/api/v1/catalogue/versions"
WHO = "/api/v1/catalogue/responsibility"


def partner(*scopes: str) -> APIClient:
    token = ask_for_token(api_client(allowed_scopes=list(scopes))).json()["access_token"]
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return caller


@pytest.fixture
def caller(db: None) -> APIClient:
    return partner("catalogue:read")


def got(caller: APIClient, url: str, **parameters: str) -> Any:
    answer = caller.get(url, parameters)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_partner_walks_the_whole_catalogue_page_by_page(caller: APIClient) -> None:
    shipped()
    codes: list[str] = []
    page = got(caller, ITEMS, size="100")
    codes += [row["code"] for row in page["results"]]
    while page["next"]:
        page = caller.get(page["next"]).json()
        codes += [row["code"] for row in page["results"]]
    assert len(codes) == len(set(codes)) == 238
    assert codes == sorted(codes)


def test_an_item_says_all_it_has(caller: APIClient) -> None:
    shipped()
    shown = got(caller, f"{ITEMS}/010101")
    assert shown["name"] == "暴露垃圾"
    assert shown["class"] == {"code": "01", "name": "市容环境", "name_en": "City appearance"}
    assert shown["triple"] == {"intuitiveness": 3, "disorder": 2, "harm": 1}
    assert [(x["urgency"], x["value"], x["kind"]) for x in shown["limits"]] == [
        ("normal", "4.00", "work_hour"),
        ("urgent", "2.00", "hour_cont"),
    ]
    assert all(line["product_default"] for line in shown["filing_standards"])


def test_searching_gives_the_best_first_over_pages(caller: APIClient) -> None:
    shipped()
    assert got(caller, ITEMS, q="bllj")["results"][0]["code"] == "010101"
    first = got(caller, ITEMS, q="垃圾", size="2")
    second = caller.get(first["next"]).json()
    one_page = got(caller, ITEMS, q="垃圾", size="4")
    codes = [row["code"] for row in first["results"] + second["results"]]
    assert codes == [row["code"] for row in one_page["results"]]
    assert got(caller, ITEMS, q="zzzz")["results"] == []


def test_filters_are_those_of_the_page(caller: APIClient) -> None:
    shipped()
    red = got(caller, ITEMS, risk="red", size="200")["results"]
    assert red
    assert {row["risk"] for row in red} == {"red"}
    narrow = got(caller, ITEMS, branch="0101", self_handle="yes", department="sanitation")[
        "results"
    ]
    assert "010101" in {row["code"] for row in narrow}
    answer = caller.get(ITEMS, {"risk": "purple"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("url", [ITEMS, f"{ITEMS}/010101", VERSIONS, f"{WHO}?item=010101"])
def test_a_token_without_the_scope_and_a_stranger_are_refused(url: str) -> None:
    edition()
    assert partner("incidents:read").get(url).status_code == 403
    assert APIClient().get(url).status_code == 401


def test_a_person_of_any_role_reads_and_drafts_are_for_administrators() -> None:
    edition()
    edition(CITY_EXCERPT.read_bytes(), code="draft", active=False)
    worker, admin = APIClient(), APIClient()
    worker.force_login(person_with(Role.GRID_WORKER))
    admin.force_login(person_with(Role.SYSTEM_ADMIN))
    assert [v["code"] for v in got(worker, VERSIONS)["results"]] == ["test-1"]
    assert [v["code"] for v in got(admin, VERSIONS)["results"]] == ["draft", "test-1"]
    assert worker.get(ITEMS, {"edition": "draft"}).status_code == 404
    cover = got(admin, f"{ITEMS}/C0101", edition="draft")
    assert [x["verbatim"] for x in cover["limits"]] == ["2紧急工作时", "4小时", "2天"]
    tree = got(admin, f"{ITEMS}/C0401", edition="draft")["limits"][0]
    assert (tree["value"], tree["kind"], tree["needs_person"]) == (None, None, True)


def test_what_is_not_there_is_a_problem_document(caller: APIClient) -> None:
    answer = caller.get(ITEMS)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_catalogue")
    edition()
    set_enabled(item(), enabled=False, by=manager(), now=NOW)
    assert caller.get(f"{ITEMS}/010101").status_code == 404
    assert caller.get(f"{ITEMS}/zz").status_code == 404
    assert caller.get(ITEMS, {"cursor": "forged"}).json()["code"] == "bad_cursor"


def test_the_etag_of_an_item_changes_with_its_edition(caller: APIClient) -> None:
    edition()
    before = caller.get(f"{ITEMS}/020101")["ETag"]
    set_enabled(item(), enabled=False, by=manager(), now=NOW)
    assert caller.get(f"{ITEMS}/020101")["ETag"] != before


def test_who_would_get_it_and_why(caller: APIClient) -> None:
    edition()
    areas(HOME + "001")
    unit = organisation(code="U1")
    rule(unit, "0101")
    organisation(code="U2", kind="department", department_kind="sanitation")
    told = got(caller, WHO, item="010101", area=HOME + "001")
    assert told["chosen"]["unit"]["code"] == "U1"
    assert told["chosen"]["why"]["level"] == "subclass"
    assert told["chosen"]["reason"]
    assert [other["unit"]["code"] for other in told["others"]] == ["U2"]
    assert got(caller, WHO, item="020101", area=HOME)["chosen"] is None


@pytest.mark.parametrize(
    ("parameters", "status", "code"),
    [
        ({}, 400, None),
        ({"item": "999999"}, 422, "unknown_item"),
        ({"item": "010101", "area": "12x"}, 422, "area_malformed"),
        ({"item": "010101", "area": "999999"}, 422, "area_unknown"),
        ({"item": "010101", "area": "1" * 40}, 400, None),
    ],
)
def test_a_question_that_cannot_be_answered_gets_a_sentence(
    caller: APIClient, parameters: dict[str, str], status: int, code: str | None
) -> None:
    edition()
    areas(HOME)
    answer = caller.get(WHO, parameters)
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code


def test_the_list_takes_a_fixed_number_of_queries(caller: APIClient) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    shipped()
    caller.get(ITEMS)
    counts = []
    for size in ("2", "100"):
        with CaptureQueriesContext(connection) as seen:
            caller.get(ITEMS, {"size": size})
        counts.append(len(seen))
    assert counts[0] == counts[1]
