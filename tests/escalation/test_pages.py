"""The pages and the API of ladders: written, tried out, read on the case, tried again."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from escalation.models import EscalationRule, Ladder
from incidents.choices import State
from tests.escalation.ladders import beat, clock_of, planned, rule
from tests.factories import HOME
from tests.incidents.town import Town, a_case


def as_(here: Town, name: str) -> Client:
    client = Client()
    client.force_login(here.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


LINES = {
    "rung-TOTAL_FORMS": "2", "rung-INITIAL_FORMS": "0",
    "rung-0-deed": "urge", "rung-0-when": "due", "rung-0-value": "", "rung-0-days": "2",
    "rung-1-deed": "order", "rung-1-when": "after", "rung-1-value": "1", "rung-1-days": "",
    "name": "河西处置", "stage": "handle", "area_code": HOME, "active": "on",
}  # fmt: skip


def test_a_rule_is_tried_out_and_then_written(here: Town) -> None:
    client = as_(here, "system_admin")
    shown = client.post(reverse("escalation:rule_new"), {**LINES, "preview": "1"})
    assert shown.status_code == 200
    assert [line.deed for line in shown.context["lines"]].count("urge") == 3
    assert not EscalationRule.objects.filter(name="河西处置").exists()
    assert client.post(reverse("escalation:rule_new"), LINES).status_code == 302
    written = EscalationRule.objects.get(name="河西处置")
    assert [row["deed"] for row in written.rungs] == ["urge", "order"]
    again = client.post(reverse("escalation:rule_new"), LINES)
    assert again.status_code in (409, 422)
    assert "河西处置" in again.content.decode()


def test_the_pages_say_which_ladder_holds(here: Town) -> None:
    client = as_(here, "system_admin")
    assert client.get(reverse("escalation:rules")).status_code == 200
    asked = client.get(
        reverse("escalation:how"), {"stage": "handle", "item": "010101", "area": HOME}
    )
    assert asked.context["preview"].rule.stage == "handle"
    assert asked.context["preview"].due is not None


def test_the_case_page_tells_what_fired_and_what_comes_next(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    due = clock_of(case).due_at
    assert due is not None
    beat(due + timedelta(seconds=1))
    page = as_(here, "handler").get(reverse("incidents:case", args=[case.number]))
    assert "escalation/_panel.html" in [template.name for template in page.templates]
    body = page.content.decode()
    assert "催办经办人" in body
    assert "升级至社区" in body
    assert "下发督办单" in body


def test_the_api_tells_the_same(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    planned()
    found = as_(here, "handler").get(f"/api/v1/incidents/{case.number}/ladder").json()
    assert [one["stage"] for one in found] == ["handle"]
    assert (found[0]["fired"], found[0]["state"]) == ([], "climbs")
    assert found[0]["coming"][0]["deed"] == "urge"
    hidden = as_(here, "foreign_handler").get(f"/api/v1/incidents/{case.number}/ladder")
    assert hidden.status_code == 404


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(
        path, json.dumps(body), content_type="application/json",
        headers={"Idempotency-Key": f"ladder-{path}-{headers}"[:100].replace(" ", ""), **headers},
    )  # fmt: skip


def test_a_rule_is_written_and_changed_through_the_api(here: Town) -> None:
    client = as_(here, "system_admin")
    body = {
        "name": "河西", "area_code": HOME, "stage": "handle",
        "rungs": [{"when": "due", "value": 0, "deed": "urge"}],
    }  # fmt: skip
    made = post(client, "/api/v1/escalation/rules", body)
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    change = f"/api/v1/escalation/rules/{pk}/change"
    assert post(client, change, body).status_code == 428
    changed = post(client, change, {**body, "name": "河西二"}, **{"If-Match": made.headers["ETag"]})
    assert (changed.status_code, changed.json()["name"]) == (200, "河西二")
    stale = post(
        client, change, {**body, "name": "三"}, **{"If-Match": made.headers["ETag"], "X-A": "b"}
    )
    assert stale.status_code == 412
    wrong = {**body, "rungs": [{"when": "share", "value": 300, "deed": "urge"}], "stage": "filing"}
    assert post(client, "/api/v1/escalation/rules", wrong, **{"X-B": "c"}).status_code in (400, 422)
    assert client.get("/api/v1/escalation/preview?stage=handle&item=010101").status_code == 200


def test_an_administrator_tries_a_failing_ladder_again(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    planned()
    Ladder.objects.filter(incident=case).update(
        failures=1, failed_at=here.now, last_error="Refused"
    )
    client = as_(here, "system_admin")
    page = client.get(reverse("escalation:failures"))
    assert case.number in page.content.decode()
    ladder = Ladder.objects.filter(incident=case, ended_at=None).latest("pk")
    assert client.post(reverse("escalation:try_again", args=[ladder.pk])).status_code == 302
    assert post(client, f"/api/v1/escalation/failures/{ladder.pk}/try", {}).status_code == 200
    assert as_(here, "commander").get(reverse("escalation:failures")).status_code == 403


@pytest.mark.parametrize("many", [1, 4])
def test_the_list_of_rules_costs_as_many_queries_however_many_there_are(
    here: Town, many: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(many):
        rule(name=f"第{number}条", area_code=HOME, risk=["red", "orange", "yellow", "blue"][number])
    client = as_(here, "system_admin")
    with django_assert_max_num_queries(16):
        client.get(reverse("escalation:rules"))
