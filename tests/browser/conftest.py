"""People of the town in front of a real browser. A test module says who and what is `here`."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.clocks.factories import seeded
from tests.factories import PASSWORD
from tests.incidents.town import IN_GRID, Town, town

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
CORNER = {"longitude": IN_GRID[0], "latitude": IN_GRID[1], "accuracy": 15}


@pytest.fixture
def here(transactional_db: None) -> Town:
    """The town, on real transactions, with the calendar that an emptied database has lost."""
    seeded()
    return town()


@pytest.fixture
def sit_down(chromium: Any, live_server: Any, here: Town) -> Iterator[Callable[..., Any]]:
    """Open a browser, sign in as somebody of the town, and hand over the page.

    Whatever a console complains of fails the test.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_as(name: str, viewport: dict[str, int] = DESK) -> Any:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=viewport,
            locale="zh-CN",
            geolocation=CORNER,
            permissions=["geolocation"],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: _note(complaints, name, said))
        page.on("pageerror", lambda error: complaints.append(f"{name}: {error}"))
        sign_in(page, here.people[name].username)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Any, username: str) -> None:
    page.goto("/accounts/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url(lambda url: "sign-in" not in url)


def _note(complaints: list[str], name: str, said: Any) -> None:
    # A refused form answers 409 or 422, and the browser notes that by itself.
    if said.type == "error" and "409" not in said.text and "422" not in said.text:
        complaints.append(f"{name}: {said.text}")
