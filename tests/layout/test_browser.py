"""The frame in a real browser: nothing typed is lost, keys work, no error in the console."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from accounts.models import User
from accounts.roles import Role
from tests import factories

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.layout.urls"),
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def person() -> User:
    return factories.person_with(Role.DISPATCHER)


@pytest.fixture
def desk(chromium: "Browser", live_server: Any, client: Any, person: User) -> Iterator["Page"]:
    """The style guide on a desktop, signed in; the test fails where the console shows an error."""
    client.force_login(person)
    context = chromium.new_context(viewport=DESK, locale="zh-CN")  # type: ignore[arg-type]
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{live_server.url}/styleguide/")
    page.wait_for_load_state("networkidle")
    yield page
    context.close()
    assert wrong == []


def test_what_was_typed_and_attached_survives_a_reload(desk: "Page") -> None:
    desk.fill("#id_title", "井盖破损")
    desk.check("#id_way_1")
    desk.set_input_files("#id_photo", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"x"})
    desk.wait_for_timeout(600)
    desk.reload()
    desk.wait_for_selector(".toast-note")
    assert desk.input_value("#id_title") == "井盖破损"
    assert desk.is_checked("#id_way_1")
    assert desk.evaluate("document.querySelector('#id_photo').files[0].name") == "a.jpg"


def test_discarding_what_was_kept_empties_the_form(desk: "Page") -> None:
    desk.fill("#id_title", "井盖破损")
    desk.wait_for_timeout(600)
    desk.reload()
    with desk.expect_navigation():
        desk.click(".toast-note .btn")
    desk.wait_for_timeout(300)
    assert desk.input_value("#id_title") == ""


def test_a_filter_swaps_the_list_and_keeps_a_short_address(desk: "Page") -> None:
    with desk.expect_response(lambda answer: "lamp=red" in answer.url):
        desk.select_option(".filter-bar [name=lamp]", "red")
    desk.wait_for_url(re.compile(r"\?lamp=red$"))


def test_the_question_mark_lists_the_shortcuts_and_they_can_be_switched_off(desk: "Page") -> None:
    desk.keyboard.press("?")
    assert "派遣" in desk.inner_text("#keys")
    desk.uncheck("#keys input")
    desk.keyboard.press("Escape")
    desk.keyboard.press("/")
    assert desk.evaluate("document.activeElement.tagName") != "INPUT"


def test_rows_are_walked_with_j_and_k(desk: "Page") -> None:
    for key in "jjk":
        desk.keyboard.press(key)
    selected = desk.inner_text("[data-row][aria-selected=true]")
    assert "HX260310-0012" in selected


def test_nothing_is_done_without_a_yes(desk: "Page") -> None:
    desk.keyboard.press("v")
    assert desk.is_visible("#confirm")
    assert desk.evaluate("document.activeElement.value") == "no"
    desk.keyboard.press("Escape")
    assert not desk.is_visible("#confirm")


def test_dark_needs_no_reload_and_stays(desk: "Page") -> None:
    desk.click(".theme summary")
    desk.click("[name=theme][value=dark]")
    assert desk.get_attribute("html", "data-bs-theme") == "dark"
    desk.reload()
    assert desk.get_attribute("html", "data-bs-theme") == "dark"


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_phone_opens_the_menu_and_nothing_is_wider_than_the_screen(
    desk: "Page", chromium: "Browser", script: bool
) -> None:
    context = chromium.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        storage_state=desk.context.storage_state(),
        java_script_enabled=script,
    )
    page = context.new_page()
    page.goto(desk.url)
    page.click("[data-side-open]")
    page.wait_for_timeout(300)
    assert page.is_visible("#side")
    box = page.locator("body").bounding_box()
    assert box is not None
    assert box["width"] <= PHONE["width"]
    for target in page.locator(".thumbs a").all():
        size = target.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 44
    context.close()


def test_a_lost_connection_is_a_sentence(desk: "Page") -> None:
    desk.evaluate("document.dispatchEvent(new CustomEvent('htmx:sendError', {detail: {}}))")
    assert re.search("无法连接服务器", desk.inner_text("#toasts"))


def test_the_menu_leads_back_to_a_list_as_it_was_filtered(desk: "Page") -> None:
    with desk.expect_response(lambda answer: "lamp=red" in answer.url):
        desk.select_option(".filter-bar [name=lamp]", "red")
    desk.wait_for_url(re.compile(r"\?lamp=red$"))
    key = f"yiwang:list:{desk.evaluate('document.body.dataset.person')}:/styleguide/"
    assert desk.evaluate("key => localStorage.getItem(key)", key) == "lamp=red"


def test_a_form_that_the_server_took_is_not_put_back(desk: "Page") -> None:
    desk.fill("#id_title", "井盖破损")
    desk.wait_for_timeout(600)
    desk.evaluate("document.querySelector('form[data-keep]').action = '/theme/'")
    with desk.expect_navigation():
        desk.click("form[data-keep] .btn-primary")
    desk.wait_for_timeout(400)
    desk.goto(f"{desk.url.split('/', 3)[0]}//{desk.url.split('/')[2]}/styleguide/")
    desk.wait_for_timeout(500)
    assert desk.input_value("#id_title") == ""
