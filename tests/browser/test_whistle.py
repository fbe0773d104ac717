"""An emergency whistle from the map to the grades, by clicking: a street, two units on phones, one that stays away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clocks.sweep import sweep
from tests.browser.conftest import PHONE
from tests.clocks.factories import seeded
from tests.incidents.town import IN_GRID, Town
from tests.whistles.street import part_of, street
from whistles.choices import State
from whistles.models import MovedUp, Whistle
from whistles.moving_up import move_up
from whistles.telling import tell_people

pytestmark = pytest.mark.browser


@pytest.fixture
def here(transactional_db: None) -> Town:
    """The street, on real transactions, with the calendar that an emptied database has lost."""
    seeded()
    return street()


def blow_on_the_map(page: Any) -> str:
    """From the map of whistles to a blown emergency; its number."""
    page.goto("/whistles/map/")
    page.wait_for_selector("[data-whistles-map][data-drawn]")
    page.click("[data-whistles-map]", position={"x": 500, "y": 250})
    page.click(".leaflet-popup-content a")
    page.wait_for_selector("[data-place-map][data-drawn]")
    assert page.input_value("[name=lon]")
    page.select_option("[name=type]", "emergency")
    page.fill("[name=text]", "沿街商铺起火，需疏散群众")
    page.select_option("[name=lead]", "FIRE")
    for code in ("POLICE", "SAN"):
        page.check(f"[name=units][value={code}]")
    with page.expect_navigation():
        page.click("button[value=blow]")
    return str(page.url.rstrip("/").rsplit("/", 1)[-1])


def press(page: Any, step: str) -> None:
    """A large button of the phone's page."""
    with page.expect_navigation():
        page.click(f'form[action$="/steps/{step}/"] button')


def sign_and_check_in(page: Any, number: str) -> None:
    page.goto("/whistles/called/")
    page.click(f'a[href="/whistles/{number}/come/"]')
    press(page, "sign")
    page.wait_for_selector('[data-place="found"]')
    press(page, "check_in")


def deliver(page: Any, number: str) -> None:
    page.goto(f"/whistles/{number}/come/")
    page.click('a[href*="/steps/deliver/"]')
    page.fill("[name=result]", "明火已扑灭，人员已疏散")
    page.click("#step form button[type=submit]")
    page.wait_for_url("**/come/")


def an_hour_passes() -> None:
    """What the workers do when the time is up."""
    then = timezone.now() + timedelta(hours=1)
    sweep(then)
    move_up(then)
    tell_people(then)


@pytest.mark.slow
def test_a_street_blows_an_emergency_two_come_one_is_absent_and_all_are_graded(
    sit_down: Callable[..., Any], here: Town
) -> None:
    secretary = sit_down("secretary")
    number = blow_on_the_map(secretary)
    whistle = Whistle.objects.get(number=number)
    assert (whistle.state, whistle.street_code) == (State.BLOWN, "120103001")

    fire, police = sit_down("fire_one", PHONE), sit_down("police_one", PHONE)
    for phone in (fire, police):
        sign_and_check_in(phone, number)
        width = phone.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"]
    arrived = part_of(whistle, "FIRE")
    assert arrived.arrive_in_time is True
    assert (arrived.arrived_lon, arrived.arrived_accuracy_m) == (IN_GRID[0], 15)

    an_hour_passes()
    assert MovedUp.objects.get().summons == part_of(whistle, "SAN")
    commander = sit_down("commander")
    commander.goto("/notices/")
    assert "逾时未到场" in commander.inner_text("main")

    deliver(police, number)
    deliver(fire, number)
    secretary.goto(f"/whistles/{number}/")
    assert "已自动上提" in secretary.inner_text(".unit-list")
    secretary.click('#step a[href*="/steps/confirm/"]')
    secretary.click("#step form button[type=submit]")
    secretary.wait_for_url(f"**/whistles/{number}/")
    secretary.wait_for_selector('#step a[href*="/steps/evaluate/"]')
    secretary.click('#step a[href*="/steps/evaluate/"]')
    for code, grade in (("FIRE", "excellent"), ("POLICE", "good"), ("SAN", "poor")):
        secretary.check(f"[name=grade_{code}][value={grade}]")
        secretary.fill(f"[name=text_{code}]", "按实际表现评价")
    secretary.click("#step form button[type=submit]")
    secretary.wait_for_selector('#step a[href*="/steps/close/"]')
    whistle.refresh_from_db()
    assert whistle.state == State.EVALUATED

    fire.goto(f"/whistles/{number}/")
    seen = fire.inner_text(".unit-list")
    assert "优秀" in seen
    assert "较差" not in seen
