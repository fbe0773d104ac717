"""Who may call: people by session and CSRF token, partner systems by token and scope, and how often."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken
from rest_framework.test import APIClient

from accounts.models import ApiClient
from config.tasks import forget_tokens
from tests.api.conftest import TOKEN, ask_for_token
from tests.api.test_plumbing_problems import problem

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.plumbing_urls")]
PEOPLE = "/api/v1/people-only"
CURSORS = "/api/v1/cursors"
Calling = Callable[..., APIClient]


def test_a_person_reads_by_session(browser: APIClient) -> None:
    assert browser.get(PEOPLE).json() == {"who": "user"}


def test_a_person_writes_with_the_csrf_token_only(browser: APIClient) -> None:
    assert problem(browser.post(PEOPLE), 403)["code"]
    browser.get("/api/v1/docs")
    browser.cookies["csrftoken"] = "a" * 32
    assert browser.post(PEOPLE, headers={"X-CSRFToken": "a" * 32}).status_code == 200


def test_a_partner_gets_a_token_and_calls_with_it(partner: ApiClient, calling: Calling) -> None:
    assert calling(partner).get(CURSORS).status_code == 200


def test_a_partner_needs_no_csrf_token(partner: ApiClient, calling: Calling) -> None:
    caller = calling(partner)
    caller.handler.enforce_csrf_checks = True
    answer = caller.post(CURSORS, {"name": "a"}, headers={"Idempotency-Key": "key-000001"})
    assert answer.status_code == 201


def test_a_token_counts_before_a_session(
    browser: APIClient, partner: ApiClient, calling: Calling
) -> None:
    token = ask_for_token(partner).json()["access_token"]
    answer = browser.get(PEOPLE, headers={"Authorization": f"Bearer {token}"})
    assert problem(answer, 403)["code"] == "people_only"


def test_a_token_holds_what_the_client_is_allowed_and_no_more(partner: ApiClient) -> None:
    answer = ask_for_token(partner)
    assert set(answer.json()["scope"].split()) == {
        "incidents:read",
        "incidents:write",
        "areas:read",
    }
    assert ask_for_token(partner, scope="areas:read").json()["scope"] == "areas:read"
    refused = ask_for_token(partner, scope="clocks:read")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")


def test_a_wrong_secret_gets_no_token(partner: ApiClient) -> None:
    assert ask_for_token(partner, client_secret="wrong").status_code == 401


def test_the_token_endpoint_takes_posts_only() -> None:
    answer = Client().get(TOKEN)
    assert problem(answer, 405)["code"] == "method_not_allowed"
    assert "POST" in answer["Allow"]


def test_secrets_cannot_be_tried_without_end(partner: ApiClient) -> None:
    with time_machine.travel("2026-07-24T02:00:00Z", tick=False):
        tried = [ask_for_token(partner, client_secret="wrong").status_code for _ in range(31)]
        assert tried == [401] * 30 + [429]
        answer = ask_for_token(partner)
        problem(answer, 429)
        assert answer["Retry-After"] == "60"


def test_expired_tokens_are_swept(partner: ApiClient, calling: Calling) -> None:
    calling(partner)
    ask_for_token(partner)
    AccessToken.objects.filter(pk=AccessToken.objects.earliest("pk").pk).update(
        expires=timezone.now() - timedelta(hours=1)
    )
    forget_tokens()
    assert AccessToken.objects.count() == 1


def test_a_view_names_the_scope_it_needs(partner: ApiClient, calling: Calling) -> None:
    caller = calling(partner, scope="areas:read")
    answer = caller.get(CURSORS, headers={"Accept-Language": "en"})
    document = problem(answer, 403)
    assert document["code"] == "insufficient_scope"
    assert "incidents:read" in document["detail"]


def test_the_scope_may_differ_by_method(partner: ApiClient, calling: Calling) -> None:
    caller = calling(partner, scope="incidents:read")
    assert caller.get(CURSORS).status_code == 200
    answer = caller.post(CURSORS, {"name": "a"}, headers={"Idempotency-Key": "key-000001"})
    assert problem(answer, 403)["code"] == "insufficient_scope"


def test_a_view_without_a_scope_is_closed_to_partners(partner: ApiClient, calling: Calling) -> None:
    assert problem(calling(partner).get(PEOPLE), 403)["code"] == "people_only"


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_an_unknown_token_is_refused_even_with_a_session(browser: APIClient, token: str) -> None:
    answer = browser.get(PEOPLE, headers={"Authorization": f"Bearer {token}"})
    assert problem(answer, 401)["code"] == "invalid_token"
    assert "invalid_token" in answer["WWW-Authenticate"]


def test_an_expired_token_is_refused(partner: ApiClient, calling: Calling) -> None:
    caller = calling(partner)
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert problem(caller.get(CURSORS), 401)["code"] == "invalid_token"


def test_a_client_that_is_switched_off_is_out_at_once(partner: ApiClient, calling: Calling) -> None:
    caller = calling(partner)
    partner.active = False
    partner.save()
    problem(caller.get(CURSORS), 401)
    assert ask_for_token(partner).status_code == 401


def test_a_scope_that_was_taken_back_is_gone_from_tokens_already_given(
    partner: ApiClient, calling: Calling
) -> None:
    caller = calling(partner)
    partner.allowed_scopes = ["areas:read"]
    partner.save()
    assert problem(caller.get(CURSORS), 403)["code"] == "insufficient_scope"


@pytest.fixture
def three_a_minute(settings: Any) -> None:
    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "DEFAULT_THROTTLE_RATES": {"client": "3/min"},
    }


@pytest.mark.usefixtures("three_a_minute")
def test_a_partner_that_asks_too_often_waits(partner: ApiClient, calling: Calling) -> None:
    caller = calling(partner)
    with time_machine.travel("2026-07-24T02:00:00Z", tick=False) as clock:
        AccessToken.objects.update(expires=timezone.now() + timedelta(hours=1))
        assert [caller.get(CURSORS).status_code for _ in range(3)] == [200] * 3
        answer = caller.get(CURSORS)
        assert problem(answer, 429)["code"] == "throttled"
        assert answer["Retry-After"] == "60"
        clock.shift(61)
        assert caller.get(CURSORS).status_code == 429, "the last minute still weighs"
        clock.shift(60)
        assert caller.get(CURSORS).status_code == 200


@pytest.mark.usefixtures("three_a_minute")
def test_one_partner_does_not_use_up_anothers_share(partner: ApiClient, calling: Calling) -> None:
    from tests.factories import api_client

    other = api_client(roles=[], allowed_scopes=["incidents:read"])
    first, second = calling(partner), calling(other)
    while first.get(CURSORS).status_code == 200:
        pass
    assert second.get(CURSORS).status_code == 200


@pytest.mark.usefixtures("three_a_minute")
def test_people_are_not_throttled(signed_in: APIClient) -> None:
    assert {signed_in.get(PEOPLE).status_code for _ in range(9)} == {200}


@pytest.mark.usefixtures("three_a_minute")
def test_a_counter_that_is_gone_stops_nobody(
    partner: ApiClient, calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = calling(partner)

    def gone(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "incr", gone)
    assert {caller.get(CURSORS).status_code for _ in range(9)} == {200}
