"""The calendar and the calculator in a real browser, by clicking."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from clocks.calendars import calendar_for
from clocks.choices import DayKind
from clocks.models import Calendar
from tests.factories import person_with

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("country_calendar")]


@pytest.fixture
def screen(live_server: Any, chromium: Any) -> Iterator[Any]:
    """A signed-in administrator's page; whatever its console complains of fails the test."""
    client = Client()
    client.force_login(person_with(Role.SYSTEM_ADMIN))
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN")
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page: Any = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    yield page
    context.close()
    # A refused form answers 422, and the browser notes that by itself.
    assert not [line for line in said if line.startswith("error") and "422" not in line]


def test_a_day_is_clicked_changed_and_seen_changed(screen: Any) -> None:
    country = Calendar.objects.get(area_code="")
    screen.goto(f"/clocks/calendars/{country.pk}/?year=2026")
    screen.click('a.cell[href*="day=2026-03-10"]')
    screen.wait_for_selector(".day-sheet form")
    screen.select_option(".day-sheet select[name=kind]", "holiday")
    screen.fill(".day-sheet input[name=name]", "海河节")
    screen.click(".day-sheet button.btn-primary")
    screen.wait_for_selector('a.cell-holiday[href*="day=2026-03-10"]')
    assert "day=2026-03-10" in screen.url
    assert "修改已保存" in screen.inner_text("#toasts")
    found = calendar_for("").day(date(2026, 3, 10))
    assert found is not None
    assert found.kind is DayKind.HOLIDAY


def test_the_calculator_answers_in_place_and_keeps_the_address(screen: Any) -> None:
    screen.goto("/clocks/calculator/")
    screen.fill("[name=start]", "2026-02-13T16:00")
    screen.fill("[name=value]", "4")
    screen.select_option("[name=kind]", "work_hour")
    screen.click(".reckoner-form button.btn-primary")
    screen.wait_for_selector(".reckoned-when")
    assert "2026-02-14" in screen.inner_text(".reckoned-when")
    assert "kind=work_hour" in screen.url

    screen.fill("[name=start]", "2026-12-31T16:00")
    screen.click(".reckoner-form button.btn-primary")
    screen.wait_for_selector(".reckoner-form .alert, .reckoner-form .field-error")
    assert "2026-12-31" in screen.inner_text(".reckoner-form")
    assert screen.input_value("[name=value]") == "4"
