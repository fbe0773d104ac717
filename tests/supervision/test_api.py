"""The API: the same doors as the pages, with versions, repetitions and problems."""

from typing import Any

import pytest
from django.test import Client

from incidents.choices import State
from incidents.models import Incident
from supervision.models import Card, CardRule, Order
from tests.incidents.town import Town, a_case
from tests.supervision.ordering import an_order, answered
from tests.supervision.test_pages import amber, as_, red

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/supervision"


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    named = {"Idempotency-Key": headers.pop("key", "key-of-this-test"), **headers}
    return client.post(f"{ROOT}/{path}", body, content_type="application/json", headers=named)


def test_the_watched_cases_and_their_spread(here: Town) -> None:
    late, near = red(here), amber(here)
    client = as_(here, "supervisor")
    listed = client.get(f"{ROOT}/cases").json()["results"]
    assert [case["number"] for case in listed] == [late.number, near.number]
    spread = client.get(f"{ROOT}/spread").json()
    assert (spread["red"], spread["amber"], spread["units"][0]["name"]) == (1, 1, "环卫所")


def test_orders_are_opened_all_or_none_and_a_repetition_opens_no_second(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    body = {"numbers": [case.number], "question": "原因", "value": "1", "kind": "work_day"}
    client = as_(here, "supervisor")
    assert (
        post(
            client, "orders", body | {"numbers": [case.number, "none"]}, key="another-one"
        ).status_code
        == 404
    )
    made = post(client, "orders", body)
    assert made.status_code == 201
    assert made.json()[0]["unit"]["code"] == "SAN"
    assert post(client, "orders", body).json() == made.json()
    assert Order.objects.count() == 1
    no = post(client, "orders", body | {"value": ""}, key="a-third-one")
    assert no.status_code in (400, 422)


def test_a_step_needs_the_version_that_was_seen(here: Town) -> None:
    order = an_order(here)
    client = as_(here, "handler")
    etag = client.get(f"{ROOT}/orders/{order.pk}").headers["ETag"]
    body = {"text": "今日完成"}
    path = f"orders/{order.pk}/answer"
    assert post(client, path, body).status_code == 428
    done = post(client, path, body, key="second-time", **{"If-Match": etag})
    assert (done.status_code, done.json()["state"]) == (200, "answered")
    assert post(client, path, body, key="third-time-", **{"If-Match": etag}).status_code == 412
    again = done.headers["ETag"]
    no = post(client, path, body, key="fourth-time", **{"If-Match": again})
    assert (no.status_code, no.json()["code"]) == (409, "not_in_this_state")


def test_sending_back_with_a_limit(here: Town) -> None:
    order = answered(here, an_order(here))
    body = {"text": "补照片", "value": "2", "kind": "work_hour"}
    client = as_(here, "supervisor")
    done = post(client, f"orders/{order.pk}/send_back", body, **{"If-Match": "*"})
    assert (done.status_code, done.json()["round"], done.json()["allowance_value"]) == (
        200,
        2,
        "2.00",
    )


def test_urging_says_of_each_case_how_it_went(here: Town) -> None:
    case = red(here)
    done = post(as_(here, "supervisor"), "urge", {"numbers": [case.number, "none"]})
    assert [each["urged"] for each in done.json()] == [True, False]
    assert Incident.objects.get(pk=case.pk).urged_count == 1


def test_cards_and_rules(here: Town) -> None:
    CardRule.objects.all().delete()
    admin = as_(here, "system_admin")
    facts = {"colour": "yellow", "counted": "overdue", "threshold": 3, "within_days": 30}
    made = post(admin, "card-rules", facts)
    assert made.status_code == 201
    url = f"{ROOT}/card-rules/{made.json()['id']}"
    changed = admin.put(
        url, {"threshold": 4, "within_days": 30, "active": True}, content_type="application/json",
        headers={"If-Match": made.headers["ETag"]},
    )  # fmt: skip
    assert changed.json()["threshold"] == 4
    card = Card.objects.create(
        unit=here.sanitation, rule=CardRule.objects.get(), colour="yellow", drawn_at=here.now
    )
    shown = as_(here, "leader").get(f"{ROOT}/cards/{card.pk}")
    assert shown.json()["grounds"] == []
    lifted = post(
        as_(here, "supervisor"),
        f"cards/{card.pk}/lift",
        {"reason": "误判"},
        **{"If-Match": shown.headers["ETag"]},
    )
    assert (lifted.status_code, lifted.json()["lift_reason"]) == (200, "误判")
    assert as_(here, "leader").get(f"{ROOT}/cards?lifted=yes").json()["results"][0]["id"] == card.pk
