"""A POST that is sent twice is done once, whoever dies and whoever races."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from config.models import KeptAnswer
from config.tasks import forget_answers
from journal.models import Cursor
from tests.api.plumbing_urls import Cursors
from tests.api.test_plumbing_problems import problem
from tests.factories import user
from tests.journal.factories import Elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.plumbing_urls")]
CURSORS = "/api/v1/cursors"
KEY = "0b7f6c1e-6a57-4c0f"


def send(caller: APIClient, name: str = "a", key: str = KEY, **more: Any) -> Any:
    return caller.post(CURSORS, {"name": name, **more}, headers={"Idempotency-Key": key})


@pytest.mark.parametrize("key", ["", "short", "x" * 129, "has space", "ümläut-00000"])
def test_a_key_is_demanded(signed_in: APIClient, key: str) -> None:
    assert problem(send(signed_in, key=key), 400)["code"] == "idempotency_key_missing"
    assert not Cursor.objects.exists()


def test_reading_needs_no_key(signed_in: APIClient) -> None:
    assert signed_in.get(CURSORS).status_code == 200


def test_the_second_sending_gets_the_first_answer(signed_in: APIClient) -> None:
    first = send(signed_in)
    Cursor.objects.update(xid=99)
    second = send(signed_in)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert (second["Location"], second["ETag"]) == (first["Location"], first["ETag"])
    assert (first.get("Idempotency-Replayed"), second["Idempotency-Replayed"]) == (None, "true")
    assert not second.has_header("X-Own")


def test_the_order_of_json_members_makes_no_difference(signed_in: APIClient) -> None:
    send(signed_in, xid=1, event_id=2)
    assert send(signed_in, event_id=2, xid=1)["Idempotency-Replayed"] == "true"


def test_another_request_under_the_same_key_is_refused(signed_in: APIClient) -> None:
    send(signed_in)
    assert problem(send(signed_in, name="b"), 422)["code"] == "idempotency_key_reused"
    assert [c.name for c in Cursor.objects.all()] == ["a"]


def test_keys_of_different_people_are_different_keys(signed_in: APIClient) -> None:
    send(signed_in)
    other = APIClient()
    other.force_login(user())
    assert send(other, name="b").status_code == 201


def test_a_refused_request_can_be_put_right_under_its_key(signed_in: APIClient) -> None:
    problem(send(signed_in, name="x" * 99), 400)
    assert send(signed_in, name="a").status_code == 201


def test_an_answer_that_refuses_takes_its_effects_back(signed_in: APIClient) -> None:
    assert send(signed_in, name="unsure").status_code == 422
    assert not Cursor.objects.exists()
    assert not KeptAnswer.objects.exists()


def test_answers_are_not_kept_in_clear(signed_in: APIClient) -> None:
    send(signed_in, name="zhangsan")
    assert b"zhangsan" not in bytes(KeptAnswer.objects.get().body)


def test_an_upload_is_known_by_its_content(signed_in: APIClient) -> None:
    def upload(content: bytes) -> Any:
        photo = SimpleUploadedFile("a.jpg", content)
        return signed_in.post(
            "/api/v1/uploads",
            {"photo": photo},
            format="multipart",
            headers={"Idempotency-Key": KEY},
        )

    assert upload(b"123").json() == {"bytes": 3}
    assert upload(b"123")["Idempotency-Replayed"] == "true"
    assert upload(b"124").status_code == 422


def test_a_key_is_forgotten_after_two_days(signed_in: APIClient) -> None:
    send(signed_in)
    with time_machine.travel(KeptAnswer.objects.get().kept_at + timedelta(hours=47)):
        assert forget_answers() == 0
    with time_machine.travel(KeptAnswer.objects.get().kept_at + timedelta(hours=49)):
        assert forget_answers() == 1
    assert not KeptAnswer.objects.exists()


def test_an_old_key_that_was_not_swept_yet_counts_as_new(
    signed_in: APIClient, person: User
) -> None:
    send(signed_in)
    KeptAnswer.objects.update(kept_at=KeptAnswer.objects.get().kept_at - timedelta(hours=49))
    assert send(signed_in, name="b").status_code == 201


@pytest.fixture
def slow_work() -> Iterator[None]:
    Cursors.at_work.clear()
    Cursors.go_on.clear()
    yield
    Cursors.go_on.set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow_work")
def test_of_two_at_once_one_does_it_and_the_other_is_told_to_ask_again(person: User) -> None:
    def call() -> Any:
        caller = APIClient()
        caller.force_login(person)
        return send(caller, name="slow")

    first = Elsewhere(call)
    assert Cursors.at_work.wait(10)
    second = call()
    assert problem(second, 409)["code"] == "still_being_done"
    assert second["Retry-After"] == "1"
    Cursors.go_on.set()
    assert first.result().status_code == 201
    assert call()["Idempotency-Replayed"] == "true"
    assert Cursor.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_one_does_it(person: User) -> None:
    def call() -> int:
        caller = APIClient()
        caller.force_login(person)
        while (answer := send(caller)).status_code == 409:
            pass
        assert answer.status_code == 201
        return int(answer.get("Idempotency-Replayed") is None)

    callers = [Elsewhere(call) for _ in range(6)]
    assert sum(caller.result() for caller in callers) == 1
    assert Cursor.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_between_effect_and_answer_leaves_neither(signed_in: APIClient) -> None:
    connection.close()
    child = os.fork()
    if child == 0:
        send(signed_in, name="deadly")
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL

    assert not Cursor.objects.exists()
    assert not KeptAnswer.objects.exists()
    assert send(signed_in, name="a").status_code == 201
