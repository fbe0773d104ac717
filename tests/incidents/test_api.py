"""The API of cases: lists and their cursors, steps and their conditions, photos, repetitions."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from incidents.choices import State
from incidents.models import Incident, Photo
from tests.incidents.photo_samples import Upload, encoded
from tests.incidents.town import GARBAGE, IN_GRID, START, Town, a_case, a_report, ticked

pytestmark = pytest.mark.django_db

CASES = "/api/v1/incidents"
PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def _at_work() -> Iterator[None]:
    with time_machine.travel(START.replace(hour=4), tick=True):
        yield


def caller(here: Town, name: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(here.people[name])
    return client


def send(client: Client, address: str, body: Any, **headers: str) -> Any:
    headers.setdefault("Idempotency-Key", str(uuid4()))
    return client.post(address, body, content_type="application/json", headers=headers)


def upload(client: Client, address: str, file: Any, kind: str = "scene") -> Any:
    return client.post(
        address, {"kind": kind, "file": file}, headers={"Idempotency-Key": str(uuid4())}
    )


def is_problem(answer: Any, status: int, code: str) -> bool:
    body = answer.json()
    return bool(
        answer.status_code == body["status"] == status
        and answer["Content-Type"].startswith(PROBLEM)
        and body["code"] == code
        and body["detail"]
    )


def numbers(answer: Any) -> list[str]:
    return [case["number"] for case in answer.json()["results"]]


# --- lists -------------------------------------------------------------------------------------------


def test_pages_follow_each_other_without_gap_or_repetition(here: Town) -> None:
    made = [a_report(here, photos=()).number for _ in range(7)]
    client, address, seen = caller(here, "clerk"), f"{CASES}?size=3", []
    while address:
        answer = client.get(address)
        seen += numbers(answer)
        if len(seen) == 3:
            made.append(a_report(here, photos=()).number)  # somebody reports meanwhile
        address = answer.json()["next"]
    assert seen == sorted(made[:7], reverse=True)


def test_the_way_back_leads_to_the_same_rows(here: Town) -> None:
    for _each in range(5):
        a_report(here, photos=())
    client = caller(here, "clerk")
    first = client.get(f"{CASES}?size=2")
    second = client.get(first.json()["next"])
    assert first.json()["previous"] is None
    assert numbers(client.get(second.json()["previous"])) == numbers(first)


@pytest.mark.parametrize("cursor", ["forged", "a:b:c", "eyJ9:x", "%F0%9F", "x" * 3000])
def test_a_forged_cursor_is_a_problem_of_400(here: Town, cursor: str) -> None:
    assert is_problem(caller(here, "clerk").get(f"{CASES}?cursor={cursor}"), 400, "bad_cursor")


def test_a_cursor_of_other_filters_is_refused(here: Town) -> None:
    for _each in range(3):
        a_report(here, photos=())
    client = caller(here, "clerk")
    following = client.get(f"{CASES}?size=1").json()["next"]
    assert is_problem(client.get(f"{following}&state=reported"), 400, "bad_cursor")


def test_filters_find_what_they_say(here: Town) -> None:
    garbage = a_report(here, urgency="urgent", address="解放南路")
    filed = a_case(here, State.FILED, item_code="010102", text="渣土堆积在路口")
    client = caller(here, "clerk")
    for query, found in {
        "state=filed": [filed.number],
        "state=filed&state=reported": [filed.number, garbage.number],
        "item=010101": [garbage.number],
        "urgency=urgent": [garbage.number],
        "q=解放": [garbage.number],
        "q=渣土": [filed.number],
        "area=120103001001002": [],
        "area=120103001": [filed.number, garbage.number],
        "reported_from=2026-03-09&reported_to=2026-03-09": [filed.number, garbage.number],
        "reported_from=2026-03-10": [],
        "source=citizen": [],
        f"updated_since={datetime(2026, 3, 10, tzinfo=UTC):%Y-%m-%dT%H:%M:%SZ}": [],
    }.items():
        assert numbers(client.get(f"{CASES}?{query}")) == found, query


def test_a_filter_that_means_nothing_is_a_problem_that_names_it(here: Town) -> None:
    answer = caller(here, "clerk").get(f"{CASES}?state=nowhere&reported_from=soon")
    assert is_problem(answer, 400, "invalid")
    assert {error["field"] for error in answer.json()["errors"]} == {"state", "reported_from"}


def test_each_sees_the_list_of_their_own_scope(here: Town) -> None:
    case = a_case(here, State.DISPATCHED)
    assert numbers(caller(here, "handler").get(CASES)) == [case.number]
    for name in ("helper", "foreign_clerk", "citizen", "system_admin"):
        assert numbers(caller(here, name).get(CASES)) == []


def test_nothing_in_an_answer_names_a_reporter(here: Town) -> None:
    case = a_report(
        here, by=here.clerk, source="hotline", reporter_name="张三丰", reporter_phone="13912345678"
    )
    client = caller(here, "clerk")
    for address in (CASES, f"{CASES}/{case.number}", f"{CASES}/{case.number}/timeline"):
        text = client.get(address).content.decode()
        assert "13912345678" not in text
        assert "张三丰" not in text


# --- steps ---------------------------------------------------------------------------------------------


def test_a_step_that_is_not_in_the_table_is_not_found(here: Town) -> None:
    case = a_report(here)
    answer = send(caller(here, "clerk"), f"{CASES}/{case.number}/steps/fly", {})
    assert answer.status_code == 404


def test_a_step_needs_the_version_that_was_seen(here: Town) -> None:
    case = a_report(here)
    client, address = caller(here, "clerk"), f"{CASES}/{case.number}/steps/file"
    facts = {"standards": ticked(case)}
    assert is_problem(send(client, address, facts), 428, "if_match_missing")
    old = send(client, address, facts, **{"If-Match": '"incident-1-999"'})
    assert is_problem(old, 412, "version_changed")
    etag = client.get(f"{CASES}/{case.number}")["ETag"]
    done = send(client, address, facts, **{"If-Match": etag})
    assert done.status_code == 200
    assert done.json()["state"] == State.FILED
    assert done["ETag"] != etag


def test_steps_say_who_may_and_when(here: Town) -> None:
    case = a_report(here)
    file, close = (f"{CASES}/{case.number}/steps/{code}" for code in ("file", "close"))
    anyhow = {"If-Match": "*"}
    assert is_problem(
        send(caller(here, "supervisor"), file, {}, **anyhow), 403, "not_in_your_hands"
    )
    early = send(caller(here, "dispatcher"), close, {}, **anyhow)
    assert is_problem(early, 409, "not_in_this_state")
    assert send(caller(here, "foreign_clerk"), file, {}, **anyhow).status_code == 404
    wrong = send(caller(here, "clerk"), file, {"standards": "all"}, **anyhow)
    assert is_problem(wrong, 422, "invalid_facts")
    assert wrong.json()["errors"][0]["field"] == "standards"


@pytest.mark.parametrize("body", ["[]", "3", '"x"', "null", "{", "[" * 500, '{"a":NaN}'])
def test_a_body_that_is_no_object_is_no_fault(here: Town, body: str) -> None:
    case = a_report(here)
    answer = send(
        caller(here, "clerk"), f"{CASES}/{case.number}/steps/file", body, **{"If-Match": "*"}
    )
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"].startswith(PROBLEM)


# --- once --------------------------------------------------------------------------------------------------


def test_a_report_sent_again_under_its_key_is_answered_and_not_done_again(here: Town) -> None:
    client, key = caller(here, "worker"), {"Idempotency-Key": "0123456789"}
    body = {"text": "路边有暴露垃圾", "item": GARBAGE, "lon": IN_GRID[0], "lat": IN_GRID[1]}
    first, second = (send(client, CASES, body, **key) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert second["ETag"] == first["ETag"]
    assert Incident.objects.count() == 1
    other = send(client, CASES, body | {"text": "别的事"}, **key)
    assert is_problem(other, 422, "idempotency_key_reused")
    without = client.post(CASES, body, content_type="application/json")
    assert is_problem(without, 400, "idempotency_key_missing")


def test_a_step_sent_again_under_its_key_does_not_stumble_over_itself(here: Town) -> None:
    case = a_report(here)
    client = caller(here, "clerk")
    headers = {
        "Idempotency-Key": "0123456789",
        "If-Match": client.get(f"{CASES}/{case.number}")["ETag"],
    }
    address, facts = f"{CASES}/{case.number}/steps/file", {"standards": ticked(case)}
    first, second = (send(client, address, facts, **headers) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert second.json()["version"] == first.json()["version"]


# --- photos -----------------------------------------------------------------------------------------------------

HOSTILE = {
    "text": b"this is no picture",
    "empty": b"",
    "page": b"<html><script>alert(1)</script></html>",
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "cut off": encoded()[:300],
    "program": b"MZ" + bytes(2000),
    "archive": b"PK\x03\x04" + bytes(500),
    "header only": b"\xff\xd8\xff\xe0",
    "animation": encoded("GIF"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_photo_is_refused_with_a_sentence(here: Town, what: str) -> None:
    case = a_report(here, photos=())
    file = Upload(HOSTILE[what], "../../etc/photo.jpg")
    answer = upload(caller(here, "clerk"), f"{CASES}/{case.number}/photos", file)
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"].startswith(PROBLEM)
    assert "etc" not in answer.content.decode().replace("fetch", "")
    assert not Photo.objects.exists()


def test_a_sound_photo_is_kept_and_served_to_whoever_sees_the_case(here: Town) -> None:
    case = a_report(here, photos=())
    address = f"{CASES}/{case.number}/photos"
    made = upload(caller(here, "clerk"), address, Upload(encoded(), "a.jpg"))
    assert made.status_code == 201
    for name, status in (("clerk", 200), ("foreign_clerk", 404), ("other_citizen", 404)):
        assert caller(here, name).get(made.json()["url"]).status_code == status
        assert caller(here, name).get(address).status_code == status
    shown = b"".join(caller(here, "clerk").get(made.json()["thumbnail_url"]))
    assert shown[:3] == b"\xff\xd8\xff"


def test_a_photo_is_found_under_its_own_case_only(here: Town) -> None:
    mine, other = a_report(here), a_report(here, photos=())
    photo = Photo.objects.get(incident=mine)
    client = caller(here, "clerk")
    assert client.get(f"{CASES}/{other.number}/photos/{photo.pk}/full").status_code == 404


def test_photos_are_sent_as_a_form_with_a_known_kind(here: Town) -> None:
    case = a_report(here, photos=())
    client, address = caller(here, "clerk"), f"{CASES}/{case.number}/photos"
    assert send(client, address, {"kind": "scene"}).status_code == 415
    odd = upload(client, address, io.BytesIO(encoded()), kind="portrait")
    assert is_problem(odd, 400, "invalid")
    not_theirs = upload(client, address, Upload(encoded(), "a.jpg"), kind="check")
    assert is_problem(not_theirs, 403, "photo_not_yours")
