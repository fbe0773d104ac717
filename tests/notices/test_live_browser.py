"""The bell in a real browser: number and toast appear without a reload."""

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from accounts.roles import Role
from notices.models import Notice
from tests import factories
from tests.notices.kinds import told

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("kinds"),
]


def test_a_message_is_seen_without_a_reload_and_can_be_opened(
    chromium: "Browser", live_server: Any, client: Any
) -> None:
    auditor = factories.person_with(Role.AUDIT_ADMIN)
    told(auditor, number=1)
    client.force_login(auditor)
    context = chromium.new_context(locale="zh-CN")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page = context.new_page()
    with page.expect_response("**/notices/live/"):
        page.goto(f"{live_server.url}/notices/preferences/")
    page.wait_for_function("document.querySelector('.bell-count').textContent.trim() === '1'")
    assert page.locator(".toast-note").count() == 0, "what was there before is no news"
    told(auditor, number=2)
    with page.expect_response("**/notices/live/"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector(".toast-note")
    assert "Case 2 is overdue" in page.inner_text(".toast-note")
    assert page.inner_text(".bell-count").strip() == "2"
    page.click(".toast-note .btn")
    page.wait_for_url("**/cases/2/")
    assert Notice.objects.get(facts__number="2").read_at is not None
    context.close()
