"""What only a browser shows: a number that goes away by itself, a picker that suggests, a post chosen by a click."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import Organisation, User
from accounts.roles import Role
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def office(transactional_db: None) -> Organisation:
    return factories.organisation(code="HX-1", name="河西区社会治理中心")


@pytest.fixture
def admin(office: Organisation) -> User:
    user = factories.person_with(Role.SYSTEM_ADMIN, organisation=office)
    factories.post(user, Role.SYSTEM_ADMIN, "120103001")
    return user


@pytest.fixture
def browser(chromium: Any, live_server: Any, admin: User) -> Iterator[Any]:
    """A page in which the administrator is signed in; the console must stay quiet."""
    complaints: list[str] = []
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.clock.install()
    page.goto("/accounts/sign-in/")
    page.fill("[name=username]", admin.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url("**/accounts/people/")
    yield page
    context.close()
    assert not complaints


def test_a_shown_phone_number_is_masked_again_after_a_minute(
    browser: Any, office: Organisation
) -> None:
    person = factories.user(organisation=office, phone="13812341234")
    browser.goto(f"/accounts/people/{person.pk}/")
    browser.click(".reveal a")
    browser.fill(".reveal [name=reason]", "核对联系方式")
    browser.click(".reveal button.btn-primary")
    browser.wait_for_selector("text=13812341234")

    browser.clock.run_for(61_000)
    browser.wait_for_selector("text=138****1234")
    assert "13812341234" not in browser.content()


def test_the_picker_suggests_while_one_types(browser: Any, office: Organisation) -> None:
    browser.goto("/accounts/people/new/")
    browser.type("[name=organisation]", "治理")
    browser.clock.run_for(1_000)
    browser.wait_for_selector("datalist option", state="attached")

    assert browser.get_attribute("datalist option", "value") == "HX-1 河西区社会治理中心"


def test_the_post_is_chosen_in_the_header(browser: Any) -> None:
    browser.click(".top-acting summary")
    browser.click(".top-acting button >> nth=1")
    browser.wait_for_load_state()

    assert "120103001" in browser.inner_text(".top-acting summary")
