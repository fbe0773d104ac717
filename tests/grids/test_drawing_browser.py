"""Drawing on the map, as a person does it, in a real Chromium."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from grids.models import Area
from tests import factories
from tests.grids.factories import district

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "120103001001"
WEST, EAST = f"{HOME}001", f"{HOME}002"


@pytest.fixture
def page(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A page on which the district's administrator is signed in; it must stay free of console errors."""
    district()
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, locale="en", base_url=live_server.url
    )
    client = Client()
    client.force_login(factories.person_with(Role.SYSTEM_ADMIN, "120103"))
    context.add_cookies(
        [
            {"name": name, "value": value, "url": live_server.url}
            for name, value in (
                (settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value),
                (settings.LANGUAGE_COOKIE_NAME, "en"),
            )
        ]
    )
    User.objects.update(language="en")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    # An answer of 4xx to a refused form is what the test wants; Chromium calls it an error.
    assert [error for error in errors if "status of 4" not in error] == []


def handles(page: Any) -> Any:
    return page.locator(".leaflet-editing-icon")


def drawn(page: Any, name: str = "shape") -> Any:
    text = page.locator(f"[name={name}]").input_value()
    return json.loads(text) if text else None


def middle(page: Any) -> tuple[float, float, float, float]:
    """The middle of the map and its size, in pixels of the page."""
    box = page.locator("[data-map]").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"], box["height"]


def ready(page: Any) -> None:
    """The tools are there and the map has come to rest."""
    page.wait_for_selector("[data-tools]:not([hidden])")
    page.wait_for_selector("[data-map][data-drawn]")
    page.wait_for_load_state("networkidle")


def click(page: Any, x: float, y: float) -> None:
    """At a person's pace: Leaflet.draw takes two clicks within 50 ms for one."""
    page.mouse.click(x, y)
    page.wait_for_timeout(200)


def test_a_border_is_dragged_refused_kept_and_saved(page: Any) -> None:
    page.goto(f"/areas/{WEST}/border/")
    page.wait_for_selector(".leaflet-editing-icon")
    before = drawn(page)
    corner = max(
        handles(page).all(),
        key=lambda handle: handle.bounding_box()["x"] - handle.bounding_box()["y"],
    ).bounding_box()
    page.mouse.move(corner["x"] + 5, corner["y"] + 5)
    page.mouse.down()
    page.mouse.move(corner["x"] + 80, corner["y"] + 5, steps=5)  # into the eastern grid
    page.mouse.up()
    dragged = drawn(page)
    assert dragged != before
    assert re.search(r"\d\.\d\d hectares", page.locator("[data-said]").inner_text())
    page.get_by_role("button", name="Save the border").click()
    page.wait_for_selector(".is-invalid")
    assert "belong to" in page.content()
    assert drawn(page) == dragged  # on the map and in the text, as it was drawn
    page.wait_for_selector(".leaflet-editing-icon")
    page.get_by_label("Cut off what lies outside").check()
    page.get_by_role("button", name="Save the border").click()
    page.wait_for_url(f"**/areas/{WEST}/")
    assert Area.objects.get(code=WEST).version == 2


def test_a_grid_is_split_by_two_clicks(page: Any) -> None:
    page.goto(f"/areas/{WEST}/split/")
    ready(page)
    page.get_by_role("button", name="Draw a line").click()
    x, y, _width, height = middle(page)
    top, bottom = y - height / 2 + 8, y + height / 2 - 8
    click(page, x, top)
    click(page, x + 10, bottom)
    click(page, x + 10, bottom)  # on the last point: done
    assert len(drawn(page, "line")["coordinates"]) == 2
    page.get_by_role("button", name="Split the grid").click()
    page.wait_for_url(f"**/areas/{WEST}/")
    assert Area.objects.filter(parent_id=HOME, status="active").count() == 3


def test_a_grid_is_drawn_corner_by_corner(page: Any) -> None:
    Area.objects.filter(code=EAST).update(status="retired", valid_to="2026-01-01")
    page.goto(f"/areas/{HOME}/draw/")
    ready(page)
    page.get_by_role("button", name="Draw", exact=True).click()
    x, y, width, _height = middle(page)
    corners = [
        (x + 20, y - 60),
        (x + width * 0.2, y - 60),
        (x + width * 0.2, y + 60),
        (x + 20, y + 60),
    ]
    for corner in [*corners, corners[0]]:
        click(page, *corner)
    assert drawn(page)["type"] == "Polygon"
    page.get_by_label("Name", exact=True).fill("河边网格")
    page.get_by_role("button", name="Found the grid").click()
    page.wait_for_url(f"**/areas/{HOME}003/")
    assert Area.objects.get(code=f"{HOME}003").name == "河边网格"


def test_neighbours_are_chosen_on_the_map(page: Any) -> None:
    page.goto(f"/areas/{WEST}/merge/")
    ready(page)
    box = page.locator(f'input[value^="{EAST}:"]')
    assert not box.is_checked()
    x, y, width, _height = middle(page)
    click(page, x + width * 0.4, y)
    assert box.is_checked()
    assert "2 grids chosen" in page.locator("[data-said]").inner_text()


def test_without_javascript_the_text_does_it(chromium: Any, live_server: Any) -> None:
    district()
    client = Client()
    client.force_login(factories.person_with(Role.SYSTEM_ADMIN, "120103"))
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(f"/areas/{WEST}/split/")
    text = page.locator("[name=line]")
    assert text.is_visible()
    text.fill('{"type":"LineString","coordinates":[[117.205,38.9],[117.205,39.1]]}')
    page.locator("form[data-drawing] .btn-primary").click()
    page.wait_for_url(f"**/areas/{WEST}/")
    context.close()
    assert Area.objects.filter(parent_id=HOME, status="active").count() == 3
