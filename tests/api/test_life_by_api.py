"""The whole life of a case by API alone: a partner system that has nothing but the published description."""

import io
import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from incidents.choices import State
from tests.factories import HOME, api_client
from tests.incidents.town import GARBAGE, IN_GRID, Town, town

pytestmark = pytest.mark.django_db

SCOPES = ["areas:read", "catalogue:read", "incidents:read", "incidents:write", "clocks:read"]


@pytest.fixture
def here() -> Town:
    return town()


class Partner:
    """A partner's program: it knows the address of the description, its client id and its secret."""

    def __init__(self, client_id: str, secret: str) -> None:
        self.http = Client(enforce_csrf_checks=True)  # as a server meets a real program
        self.described: dict[str, Any] = self.http.get("/api/v1/openapi.json").json()
        self.operations = {
            operation["operationId"]: (method, path, operation)
            for path, methods in self.described["paths"].items()
            for method, operation in methods.items()
            if isinstance(operation, dict) and "operationId" in operation
        }
        self.token = self._token(client_id, secret)

    def _token(self, client_id: str, secret: str) -> str:
        flows = [
            scheme["flows"]["clientCredentials"]
            for scheme in self.described["components"]["securitySchemes"].values()
            if "clientCredentials" in scheme.get("flows", {})
        ]
        answer = self.http.post(
            flows[0]["tokenUrl"],
            {
                "grant_type": "client_credentials",
                "client_id": client_id,
                "client_secret": secret,
            },
        )
        token: str = answer.json()["access_token"]
        return token

    def call(self, operation_id: str, body: Any = None, etag: str = "", **path: Any) -> Any:
        """Call an operation by its id, with the headers that its description demands."""
        method, address, operation = self.operations[operation_id]
        headers = {"Authorization": f"Bearer {self.token}"}
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "header" and parameter.get("required"):
                values = {"Idempotency-Key": str(uuid4()), "If-Match": etag}
                headers[parameter["name"]] = values[parameter["name"]]
        address = re.sub(r"{(\w+)}", lambda found: str(path[found[1]]), address)
        send = getattr(self.http, method)
        content = operation.get("requestBody", {}).get("content", {})
        if "multipart/form-data" in content and "application/json" not in content:
            return send(address, body, headers=headers)
        return (
            send(address, json.dumps(body or {}), "application/json", headers=headers)
            if (method == "post")
            else send(address, headers=headers)
        )


@pytest.fixture
def partner(here: Town) -> Partner:
    secret = "a-secret-that-nobody-guesses"
    client = api_client(
        HOME,
        client_secret=secret,
        allowed_scopes=SCOPES,
        roles=["clerk", "dispatcher", "department"],
        organisation=here.sanitation,
    )
    return Partner(client.client_id, secret)


def _jpeg(colour: str) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    out.seek(0)
    out.name = f"{colour}.jpg"
    return out


def test_a_partner_walks_a_case_from_report_to_rating_by_the_description_alone(
    partner: Partner,
) -> None:
    sent = partner.call(
        "incidents_report",
        {
            "text": "路边有暴露垃圾",
            "item": GARBAGE,
            "lon": IN_GRID[0],
            "lat": IN_GRID[1],
            "external_id": "P-1",
        },
    )
    assert sent.status_code == 201, sent.content
    number, etag = sent.json()["incident"]["number"], sent["ETag"]

    def add_photo(kind: str, colour: str) -> None:
        added = partner.call(
            "incidents_photo_add", {"kind": kind, "file": _jpeg(colour)}, number=number
        )
        assert added.status_code == 201, added.content
        assert (
            partner.http.get(
                added.json()["url"], headers={"Authorization": f"Bearer {partner.token}"}
            ).status_code
            == 200
        )

    def take(step: str, state: State, **facts: Any) -> None:
        nonlocal etag
        offered = partner.call("incidents_steps", number=number).json()
        assert step in [one["step"] for one in offered if one["allowed"]], offered
        done = partner.call(f"incidents_step_{step}", facts, etag, number=number)
        assert done.status_code == 200, str(done.json().get("errors", done.json()))
        assert done.json()["state"] == state
        etag = done["ETag"]

    add_photo("scene", "red")
    etag = partner.call("incidents_read", number=number)["ETag"]
    take("file", State.FILED, standards=[1, 2, 3, 4, 5][: _lines(GARBAGE, "filing")])
    take("dispatch", State.DISPATCHED, instruction="请按时限处置")
    take("receive", State.HANDLING)
    add_photo("after", "green")
    etag = partner.call("incidents_read", number=number)["ETag"]
    take("answer", State.FEEDBACK, text="已清理")
    take("inform", State.FEEDBACK, how="message")
    take("close", State.CLOSED, standards=[1, 2, 3, 4, 5][: _lines(GARBAGE, "closing")])
    take("rate", State.EVALUATED, satisfaction="satisfied", solved=True)
    told = partner.call("incidents_timeline", number=number).json()
    assert [line["verb"] for line in told if not line["verb"].startswith("clock.")] == [
        "incident.reported",
        "incident.photo_added",
        "incident.filed",
        "incident.dispatched",
        "incident.received",
        "incident.photo_added",
        "incident.answered",
        "incident.informed",
        "incident.closed",
        "incident.rated",
    ]


def _lines(code: str, moment: str) -> int:
    from incidents.models import CatalogueItem

    item = CatalogueItem.objects.get(code=code, version__status="active")
    return len(item.filing_standards if moment == "filing" else item.closing_standards)


def test_a_step_on_an_old_version_is_told_so_and_changes_nothing(partner: Partner) -> None:
    sent = partner.call(
        "incidents_report", {"text": "路边有暴露垃圾", "lon": 117.205, "lat": 39.005}
    )
    number, etag = sent.json()["incident"]["number"], sent["ETag"]
    first = partner.call("incidents_step_classify", {"item": GARBAGE}, etag, number=number)
    assert first.status_code == 200, first.content
    second = partner.call("incidents_step_classify", {"item": "010102"}, etag, number=number)
    assert second.status_code == 412
    assert second["Content-Type"] == "application/problem+json"
    now = partner.call("incidents_read", number=number).json()
    assert now["item"]["code"] == GARBAGE


def test_a_point_in_the_sea_is_kept_and_waits_to_be_placed(partner: Partner) -> None:
    sent = partner.call("incidents_report", {"text": "海上有漂浮物", "lon": 119.9, "lat": 38.5})
    assert sent.status_code == 201
    assert sent.json()["incident"]["placed"] == "unplaced"
    assert sent.json()["notes"]


def test_the_same_number_of_the_sender_is_taken_once(partner: Partner) -> None:
    body = {"text": "路边有暴露垃圾", "external_id": "P-9"}
    first, second = (partner.call("incidents_report", body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["incident"]["number"] == second.json()["incident"]["number"]


def test_a_case_of_another_area_does_not_exist_for_a_partner(here: Town, partner: Partner) -> None:
    from tests.factories import ABROAD
    from tests.incidents.town import a_report

    case = a_report(here)
    secret = "another-secret-nobody-guesses"
    stranger = api_client(ABROAD, client_secret=secret, allowed_scopes=SCOPES, roles=["clerk"])
    other = Partner(stranger.client_id, secret)
    for operation in ("incidents_read", "incidents_timeline", "incidents_photos"):
        assert other.call(operation, number=case.number).status_code == 404
    assert partner.call("incidents_read", number=case.number).status_code == 200
