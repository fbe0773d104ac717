"""Signing in: the right door, the wrong password, the lock, the pause, the language."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.passwords import fresh_initial_password, initial_hash
from tests import factories
from tests.accounts.conftest import Verbs

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/sign-in/"


@pytest.fixture(autouse=True)
def _as_in_production(settings: Settings) -> None:
    settings.AXES_ENABLED = True
    settings.PASSWORD_HASHERS = ["accounts.passwords.InitialPasswordHasher"]  # Argon2, only faster


@pytest.fixture
def person(now: datetime) -> User:
    from django.contrib.auth.hashers import make_password

    return factories.user(username="zhang.san", password=make_password(factories.PASSWORD))


def _sign_in(client: Client, username: str, password: str, **more: str):  # type: ignore[no-untyped-def]
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def test_the_right_password_starts_a_session_and_is_journaled(
    client: Client, person: User, verbs: Verbs
) -> None:
    answer = _sign_in(client, "Zhang.San ", factories.PASSWORD)

    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert verbs("account", person.pk) == ["account.signed_in"]


def test_wrong_password_and_unknown_name_get_the_same_sentence(
    client: Client, person: User
) -> None:
    wrong = _sign_in(client, "zhang.san", "not-the-password")
    unknown = _sign_in(client, "nobody.here", "not-the-password")

    assert wrong.status_code == unknown.status_code == 422
    assert "不正确" in wrong.content.decode()
    assert list(wrong.context["form"].errors.values()) == list(
        unknown.context["form"].errors.values()
    )


def test_failures_are_journaled_without_what_was_typed(
    client: Client, person: User, verbs: Verbs
) -> None:
    _sign_in(client, "zhang.san", "hunter2-Hunter2")
    _sign_in(client, "my-Secret-Password-1", "whatever")

    known, unknown = verbs.events()
    assert known.verb == unknown.verb == "account.sign_in_failed"
    assert known.subject_id == str(person.pk)
    assert (unknown.subject_kind, unknown.subject_id) == ("address", "127.0.0.1")
    assert "hunter2" not in str(known.data)
    assert "secret" not in str(unknown.__dict__).lower()


def test_five_failures_lock_the_name_out_even_for_the_right_password(
    client: Client, person: User, verbs: Verbs
) -> None:
    for _ in range(4):
        assert _sign_in(client, "zhang.san", "wrong").status_code == 422
    fifth = _sign_in(client, "zhang.san", "wrong")
    right = _sign_in(client, "zhang.san", factories.PASSWORD)

    assert fifth.status_code == right.status_code == 429
    assert "15 分钟" in fifth.content.decode()
    assert fifth["Retry-After"] == "900"
    assert verbs("account", person.pk).count("account.locked_out") == 1
    assert "_auth_user_id" not in client.session


def test_the_lock_ends_when_the_page_said_it_would(
    client: Client, person: User, now: datetime
) -> None:
    for _ in range(5):
        _sign_in(client, "zhang.san", "wrong")
    with time_machine.travel(now + timedelta(minutes=14), tick=False):
        waiting = _sign_in(client, "zhang.san", factories.PASSWORD)
    with time_machine.travel(now + timedelta(minutes=15, seconds=1), tick=False):
        later = _sign_in(client, "zhang.san", factories.PASSWORD)

    assert waiting.status_code == 429
    assert "1 分钟" in waiting.content.decode()
    assert later.status_code == 302


def test_a_lock_holds_for_one_address_only(client: Client, person: User) -> None:
    for _ in range(5):
        _sign_in(client, "zhang.san", "wrong")
    elsewhere = client.post(
        SIGN_IN,
        {"username": "zhang.san", "password": factories.PASSWORD},
        REMOTE_ADDR="10.0.0.9",
    )

    assert elsewhere.status_code == 302


def test_an_invented_address_does_not_escape_the_lock(
    client: Client, person: User, settings: Settings
) -> None:
    settings.PROXIES = 1
    for number in range(5):
        answer = client.post(
            SIGN_IN,
            {"username": "zhang.san", "password": "wrong"},
            headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7"},
        )

    assert answer.status_code == 429


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(client: Client, person: User, wanted: str) -> None:
    answer = _sign_in(client, "zhang.san", factories.PASSWORD, next=wanted)

    assert answer["Location"] == "/"


def test_signing_in_leads_to_where_the_person_wanted_to_go(client: Client, person: User) -> None:
    answer = _sign_in(client, "zhang.san", factories.PASSWORD, next="/cases/?q=1")

    assert answer["Location"] == "/cases/?q=1"


def test_who_was_on_the_way_somewhere_is_told_that_nothing_typed_is_lost(client: Client) -> None:
    words = "已填写的内容保存在本设备上"
    assert words in client.get(SIGN_IN, {"next": "/cases/report/"}).content.decode()
    assert words not in client.get(SIGN_IN).content.decode()


def test_an_initial_password_leads_to_choosing_ones_own(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(must_change_password=True)
    _sign_in(client, "zhang.san", factories.PASSWORD)

    led = client.get("/me/")
    fragment = client.get("/me/", headers={"HX-Request": "true"})
    api = client.get("/api/v1/me")

    assert led["Location"] == "/accounts/password/?next=%2Fme%2F"
    assert fragment["HX-Redirect"] == "/accounts/password/"
    assert api.status_code == 403
    assert api.json()["code"] == "password_change_required"


def test_a_password_of_ninety_days_must_be_changed(
    client: Client, person: User, now: datetime
) -> None:
    User.objects.filter(pk=person.pk).update(password_set_at=now - timedelta(days=91))
    _sign_in(client, "zhang.san", factories.PASSWORD)

    assert client.get("/me/")["Location"].startswith("/accounts/password/")


def test_an_initial_password_left_unused_for_a_month_opens_nothing(
    client: Client, now: datetime
) -> None:
    password = fresh_initial_password()
    factories.user(
        username="li.si",
        password=initial_hash(password),
        must_change_password=True,
        password_set_at=now - timedelta(days=31),
    )
    answer = _sign_in(client, "li.si", password)

    assert answer.status_code == 422
    assert "_auth_user_id" not in client.session


def test_the_first_sign_in_makes_a_light_hash_a_full_one(
    client: Client, now: datetime, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    password = fresh_initial_password()
    user = factories.user(
        username="li.si", password=initial_hash(password), must_change_password=True
    )
    assert _sign_in(client, "li.si", password).status_code == 302

    assert "m=1024," in user.password
    user.refresh_from_db()
    assert "m=1024," not in user.password
    assert client.session["_auth_user_id"] == str(user.pk)


def test_after_half_an_hour_alone_the_session_is_over(
    client: Client, person: User, now: datetime
) -> None:
    _sign_in(client, "zhang.san", factories.PASSWORD)
    client.get("/me/")
    with time_machine.travel(now + timedelta(minutes=29), tick=False):
        still = client.get("/me/")
    with time_machine.travel(now + timedelta(minutes=60), tick=False):
        gone = client.get("/me/", follow=True)

    assert still.status_code == 200
    assert gone.redirect_chain[-1][0].startswith("/accounts/sign-in/")


def test_a_page_that_asks_by_itself_does_not_keep_the_session_alive(
    client: Client, person: User, now: datetime
) -> None:
    _sign_in(client, "zhang.san", factories.PASSWORD)
    client.get("/me/")
    for minutes in (10, 20, 30):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            client.get("/me/", headers={"X-Background": "1"})
    with time_machine.travel(now + timedelta(minutes=31), tick=False):
        answer = client.get("/me/", headers={"X-Background": "1", "HX-Request": "true"})

    assert answer["HX-Redirect"] == "/accounts/sign-in/"


def test_switched_off_accounts_cannot_sign_in(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert _sign_in(client, "zhang.san", factories.PASSWORD).status_code == 422


def test_the_language_chosen_before_signing_in_becomes_the_persons(
    client: Client, person: User
) -> None:
    client.post(reverse("set_language"), {"language": "en", "next": SIGN_IN})
    _sign_in(client, "zhang.san", factories.PASSWORD)

    person.refresh_from_db()
    assert person.language == "en"


def test_the_language_follows_the_person_to_another_machine(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(language="en")
    answer = _sign_in(client, "zhang.san", factories.PASSWORD)

    assert answer.cookies["django_language"].value == "en"


def test_signing_out_is_journaled_and_needs_a_post(
    client: Client, person: User, verbs: Verbs
) -> None:
    _sign_in(client, "zhang.san", factories.PASSWORD)

    assert client.get("/accounts/sign-out/").status_code == 405
    assert client.post("/accounts/sign-out/").status_code == 302
    assert verbs("account", person.pk) == ["account.signed_in", "account.signed_out"]
    assert "_auth_user_id" not in client.session


def test_null_bytes_and_endless_names_get_a_sentence(client: Client, person: User) -> None:
    assert _sign_in(client, "a\x00b", "x").status_code == 422
    assert _sign_in(client, "a" * 5000, "x").status_code == 422


def test_somebody_who_keeps_working_stays_signed_in(
    client: Client, person: User, now: datetime
) -> None:
    _sign_in(client, "zhang.san", factories.PASSWORD)
    for minutes in range(0, 120, 20):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            assert client.get("/me/").status_code == 200


def test_a_page_a_second_later_writes_no_session(client: Client, person: User) -> None:
    _sign_in(client, "zhang.san", factories.PASSWORD)
    client.get("/me/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/me/")

    assert not [query["sql"] for query in asked if not query["sql"].startswith("SELECT")]
