"""People say how they want to be told: on the page and through the API, for themselves alone."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts.actor import SYSTEM
from accounts.identity import actor_of
from accounts.models import User
from accounts.roles import Role
from config.refusal import Refused, SomebodyWasFirst
from journal.models import Event
from notices.models import Preference
from notices.preferences import Wishes, choose, preference_of
from notices.quiet import not_before
from tests import factories
from tests.journal.factories import NOW

pytestmark = pytest.mark.django_db
PAGE, API = "/notices/preferences/", "/api/v1/notices/preferences"


@pytest.fixture
def dispatcher() -> User:
    somebody = factories.person_with(Role.DISPATCHER)
    User.objects.filter(pk=somebody.pk).update(phone="13812341234", phone_hash="x", language="en")
    return User.objects.get(pk=somebody.pk)


@pytest.fixture
def signed_in(client: Client, dispatcher: User) -> Client:
    client.force_login(dispatcher)
    return client


@pytest.fixture
def caller(dispatcher: User) -> APIClient:
    api = APIClient()
    api.force_login(dispatcher)
    return api


def local(text: str) -> datetime:
    from accounts.edits import LOCAL

    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("moment", "start", "end", "allowed"),
    [
        ("2026-03-09 21:59", "22:00", "07:00", "2026-03-09 21:59"),
        ("2026-03-09 22:00", "22:00", "07:00", "2026-03-10 07:00"),
        ("2026-03-09 03:00", "22:00", "07:00", "2026-03-09 07:00"),
        ("2026-03-09 07:00", "22:00", "07:00", "2026-03-09 07:00"),
        ("2026-03-09 12:30", "12:00", "13:30", "2026-03-09 13:30"),
        ("2026-03-09 13:30", "12:00", "13:30", "2026-03-09 13:30"),
        ("2026-03-09 12:00", "12:00", "12:00", "2026-03-09 12:00"),
    ],
)
def test_quiet_hours_are_local_and_may_span_midnight(
    moment: str, start: str, end: str, allowed: str
) -> None:
    given = local(moment).astimezone(UTC)
    quiet = (time.fromisoformat(start), time.fromisoformat(end))
    assert not_before(given, *quiet) == local(allowed)
    assert not_before(given, None, None) == given


def test_the_page_keeps_what_was_chosen(signed_in: Client, dispatcher: User, settings: Any) -> None:
    settings.GATEWAY_URL = "http://127.0.0.1:9/"
    assert signed_in.get(PAGE).status_code == 200
    answer = signed_in.post(
        PAGE,
        {
            "version": "0",
            "danger": ["gateway", "email"],
            "urgent": ["email"],
            "email": "li@example.org",
            "quiet_from": "22:00",
            "quiet_until": "07:30",
        },
    )
    assert answer.status_code == 302
    kept = Preference.objects.get(pk=dispatcher.pk)
    assert (kept.danger, kept.urgent, kept.ordinary) == (["email", "gateway"], ["email"], [])
    assert (kept.quiet_from, kept.quiet_until) == (time(22), time(7, 30))
    assert Event.objects.filter(verb="notices.preferences_chosen").count() == 1
    assert "li@example.org" not in str(list(Event.objects.values("data")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM notices_preference")
        assert "example" not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    "typed",
    [
        {"urgent": ["email"]},
        {"quiet_from": "22:00"},
        {"urgent": ["pigeon"]},
        {"email": "no address"},
    ],
)
def test_what_makes_no_sense_comes_back_with_a_sentence(
    signed_in: Client, typed: dict[str, Any]
) -> None:
    answer = signed_in.post(PAGE, {"version": "0", **typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Preference.objects.exists()


def test_text_messages_need_a_phone(settings: Any) -> None:
    settings.GATEWAY_URL = "http://127.0.0.1:9/"
    by = actor_of(factories.person_with(Role.DISPATCHER))
    with pytest.raises(Refused) as refused:
        choose(Wishes(danger=["gateway"]), version=0, by=by, now=NOW)
    assert refused.value.code == "no_phone"


def test_of_two_windows_the_second_is_told(dispatcher: User) -> None:
    by = actor_of(dispatcher)
    seen = preference_of(by)
    choose(Wishes(), version=seen.version, by=by, now=NOW)
    with pytest.raises(SomebodyWasFirst):
        choose(Wishes(), version=seen.version, by=by, now=NOW)


def test_only_people_have_preferences() -> None:
    with pytest.raises(PermissionDenied):
        choose(Wishes(), version=0, by=SYSTEM, now=NOW)


def test_the_api_does_the_same(caller: APIClient, dispatcher: User) -> None:
    seen = caller.get(API)
    assert seen.json()["danger"] == ["gateway"]
    wanted = {"urgent": ["email"], "email": "li@example.org"}
    assert caller.put(API, wanted).status_code == 428
    done = caller.put(API, wanted, headers={"If-Match": seen["ETag"]})
    assert done.status_code == 200, done.content
    assert done.json() == {
        "ordinary": [],
        "urgent": ["email"],
        "danger": [],
        "quiet_from": None,
        "quiet_until": None,
        "email": "li@example.org",
    }
    assert caller.put(API, wanted, headers={"If-Match": seen["ETag"]}).status_code == 412
    wrong = caller.put(API, {"quiet_from": "22:00"}, headers={"If-Match": done["ETag"]})
    assert wrong.json()["code"] == "quiet_hours_open"
