"""A partner system reports from its own area; what lies elsewhere is refused, with the input that says so."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.identity import client_actor
from accounts.models import ApiClient
from accounts.roles import Role
from config.refusal import Refused
from incidents.models import Incident
from incidents.placing import Position
from incidents.report import report
from tests.api.conftest import ask_for_token
from tests.factories import ABROAD, HOME, api_client
from tests.incidents.town import COVER, GRID, IN_GRID, IN_NEIGHBOUR, NEIGHBOUR, Town, town

pytestmark = pytest.mark.django_db
SCOPES = ["incidents:read", "incidents:write"]


@pytest.fixture
def here(db: None) -> Town:
    return town()


def of_one_grid(*roles: Role) -> ApiClient:
    return api_client(GRID, allowed_scopes=SCOPES, roles=list(roles))


def sent(here: Town, client: ApiClient, **facts: Any) -> Incident:
    by = client_actor(client, SCOPES)
    given = {"source": "partner", "item_code": COVER, "text": "井盖缺失", **facts}
    return report(by=by, now=here.later(), **given).incident


@pytest.mark.parametrize("roles", [[Role.CLERK], []], ids=["with a role", "with scopes alone"])
@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"position": Position(*IN_NEIGHBOUR)}, "lon"),
        ({"grid_code": NEIGHBOUR}, "grid"),
        ({"area_code": ABROAD}, "area"),
    ],
)
def test_what_lies_elsewhere_is_refused(
    here: Town, roles: list[Role], place: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        sent(here, of_one_grid(*roles), **place)
    assert (refused.value.status, refused.value.field) == (422, field)
    assert not Incident.objects.exists()


@pytest.mark.parametrize("roles", [[Role.CLERK], []], ids=["with a role", "with scopes alone"])
@pytest.mark.parametrize(
    "place", [{"position": Position(*IN_GRID)}, {"grid_code": GRID}, {"area_code": GRID}]
)
def test_what_lies_in_its_area_is_taken(here: Town, roles: list[Role], place: Any) -> None:
    assert sent(here, of_one_grid(*roles), **place).area_code == GRID


def test_one_without_an_area_serves_the_whole_and_people_report_what_they_see(here: Town) -> None:
    everywhere = api_client("", allowed_scopes=SCOPES, roles=[Role.CLERK])
    assert sent(here, everywhere, grid_code=NEIGHBOUR).grid_code == NEIGHBOUR
    seen = report(
        by=here.worker, now=here.later(), source="grid", text="井盖缺失", grid_code=NEIGHBOUR
    )
    assert seen.incident.grid_code == NEIGHBOUR


def test_a_point_in_no_grid_still_waits_at_the_partners_own_centre(here: Town) -> None:
    partner = api_client(HOME, allowed_scopes=SCOPES, roles=[Role.CLERK])
    waits = sent(here, partner, position=Position(117.9, 39.9))
    assert (waits.grid_code, waits.area_code) == ("", HOME)


@pytest.mark.parametrize(
    ("language", "words"), [("zh-Hans", "不在贵系统的区域内"), ("en", "outside of the area")]
)
def test_the_api_answers_with_the_field_in_the_callers_language(
    here: Town, language: str, words: str
) -> None:
    token = ask_for_token(of_one_grid(Role.CLERK), scope=" ".join(SCOPES)).json()["access_token"]
    body = {"text": "井盖缺失", "lon": IN_NEIGHBOUR[0], "lat": IN_NEIGHBOUR[1]}
    headers = {"Idempotency-Key": str(uuid4()), "Accept-Language": language}
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    answer = api.post("/api/v1/incidents", body, format="json", headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "area_foreign")
    assert problem["errors"][0]["field"] == "lon"
    assert words in problem["detail"]
