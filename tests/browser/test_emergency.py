"""An emergency from its declaration to its end, by clicking: a commander at a desk, a called volunteer on a phone."""

from collections.abc import Callable
from typing import Any

import pytest

from emergency.models import Activation, Called, CallUp
from tests.browser.conftest import PHONE
from tests.clocks.factories import seeded
from tests.emergency.alert import STREET, alert_town, enrolled, seed_paces
from tests.incidents.town import Town

pytestmark = pytest.mark.browser


@pytest.fixture
def here(transactional_db: None) -> Town:
    """The street with two people enrolled, on real transactions."""
    seeded()
    seed_paces()
    made = alert_town()
    enrolled(made, "cadre", kind="cadre")
    enrolled(made)
    return made


def declare(page: Any) -> None:
    page.goto("/emergency/declare/")
    page.select_option("[name=area]", STREET)
    page.select_option("[name=kind]", "flood")
    page.select_option("[name=level]", "red")
    page.fill("[name=reason]", "河道水位超警戒")
    with page.expect_navigation():
        page.click("main form button.btn-danger")


def call_all_up(page: Any) -> None:
    page.click('#step a[href*="/steps/call_up/"]')
    page.fill("[name=message]", "带雨具")
    with page.expect_navigation():
        page.click("main form[method=post] button.btn-danger")


def come_and_check_in(phone: Any) -> None:
    """The page of call-ups leads to the one open call."""
    phone.goto("/emergency/mine/")
    assert "带雨具" in phone.inner_text("main")
    with phone.expect_navigation():
        phone.click("[name=minutes][value='20']")
    phone.wait_for_selector('[data-place="found"]')
    with phone.expect_navigation():
        phone.click('form[action$="/steps/check_in/"] button')
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def end(page: Any, activation: Activation) -> None:
    page.goto(f"/emergency/{activation.number}/steps/end/")
    page.fill("[name=reason]", "雨停水退")
    page.fill("[name=report]", "转移23户，无人员伤亡")
    page.click("#step form button[type=submit]")
    page.wait_for_url(f"**/emergency/{activation.number}/")


@pytest.mark.slow
def test_a_street_declares_calls_up_sees_who_came_and_ends_it(
    sit_down: Callable[..., Any], here: Town
) -> None:
    secretary = sit_down("secretary")
    declare(secretary)
    activation = Activation.objects.get()
    call_all_up(secretary)
    call_up = CallUp.objects.get()

    phone = sit_down("volunteer", PHONE)
    assert phone.locator(".banner").count() == 1
    come_and_check_in(phone)
    one = Called.objects.get(person=here.people["volunteer"])
    assert (one.state, one.lon is not None) == ("here", True)

    secretary.goto(f"/emergency/call-ups/{call_up.number}/")
    assert secretary.inner_text(".tally .t-green dd") == "1"
    end(secretary, activation)
    activation.refresh_from_db()
    assert activation.state == "ended"
    phone.goto("/emergency/mine/?all=1")
    assert phone.locator(".banner").count() == 0
