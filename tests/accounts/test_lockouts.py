"""Lock-outs: seen and released by the security administrator of the area."""

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.lockouts import lockouts_visible_to, release
from accounts.roles import Role
from config.refusal import SomebodyWasFirst
from tests import factories
from tests.accounts.conftest import Verbs
from tests.factories import ABROAD, HOME, PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_in_production(settings: Settings) -> None:
    settings.AXES_ENABLED = True


def _fail(username: str, times: int = 5) -> int:
    browser = Client()
    for _ in range(times):
        answer = browser.post("/accounts/sign-in/", {"username": username, "password": "wrong"})
    return answer.status_code


def test_a_released_name_signs_in_at_once(now: datetime, verbs: Verbs) -> None:
    person = factories.user(username="zhang.san", organisation=factories.organisation())
    assert _fail("zhang.san") == 429
    by = factories.actor(Role.SECURITY_ADMIN)
    (row,) = lockouts_visible_to(by, now)
    release(row.username, row.address, by=by, now=now)

    assert row.user == person
    assert verbs("account", person.pk)[-1] == "account.lock_released"
    answer = Client().post("/accounts/sign-in/", {"username": "zhang.san", "password": PASSWORD})
    assert answer.status_code == 302
    with pytest.raises(SomebodyWasFirst):
        release(row.username, row.address, by=by, now=now)


def test_four_failures_lock_nobody_out(now: datetime) -> None:
    factories.user(username="zhang.san", organisation=factories.organisation())
    _fail("zhang.san", times=4)

    assert not list(lockouts_visible_to(factories.actor(Role.SECURITY_ADMIN), now))


def test_outsiders_see_nothing_and_unknown_names_are_for_whoever_serves_all(
    now: datetime,
) -> None:
    factories.user(username="zhang.san", organisation=factories.organisation(HOME))
    _fail("zhang.san")
    _fail("nobody")

    def seen(area: str) -> list[str]:
        by = factories.actor(Role.SECURITY_ADMIN, area)
        return sorted(row.username for row in lockouts_visible_to(by, now))

    assert seen(ABROAD) == []
    assert seen(HOME) == ["zhang.san"]
    assert seen("") == ["nobody", "zhang.san"]


def test_the_page_lists_and_releases(client: Client) -> None:
    factories.user(username="zhang.san", name="张三", organisation=factories.organisation())
    _fail("zhang.san")
    client.force_login(factories.person_with(Role.SECURITY_ADMIN))
    listed = client.get("/accounts/lockouts/")
    form = {"username": "zhang.san", "address": "127.0.0.1"}
    done = client.post("/accounts/lockouts/release/", form, follow=True)

    assert "张三" in listed.content.decode()
    assert "张三" not in done.content.decode()
