"""A call from ringing to the call back, by clicking: an operator with the keyboard, a unit on a phone, a visitor."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from hotline.calls import ring
from hotline.choices import State
from hotline.models import Draft, Order
from tests.clocks.factories import seeded
from tests.factories import PASSWORD
from tests.hotline.desk import PHONE, an, hotline
from tests.incidents.town import Town

pytestmark = pytest.mark.browser

PHONE_SIZE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def here(transactional_db: None) -> Town:
    """The hotline on real transactions, with the calendar that an emptied database has lost."""
    seeded()
    return hotline()


@pytest.fixture
def sit_down(chromium: Any, live_server: Any, here: Town) -> Iterator[Callable[..., Any]]:
    """Open a browser, sign in as somebody, and hand over the page. Whatever a console complains of fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_as(name: str, viewport: dict[str, int] = DESK) -> Any:
        context = chromium.new_context(base_url=live_server.url, viewport=viewport, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(f"{name}: {error}"))
        page.goto("/accounts/sign-in/")
        page.fill("[name=username]", here.people[name].username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button.btn-primary")
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert not complaints


def until(page: Any, happened: Callable[[], bool]) -> None:
    """Wait for what the server keeps while the page goes on."""
    for _turn in range(60):
        if happened():
            return
        page.wait_for_timeout(250)
    raise AssertionError("it was not kept")


def test_a_call_from_ringing_to_the_call_back(here: Town, sit_down: Callable[..., Any]) -> None:
    an(here)  # the caller has called before
    page = sit_down("operator")
    page.goto("/hotline/")
    ring(by=here.operator, now=timezone.now(), call_id="pbx-1", number=PHONE)
    page.wait_for_selector("text=138****1234")  # it appears by itself
    page.keyboard.press("a")
    page.wait_for_url("**/drafts/**")
    assert page.input_value("#id_caller_phone") == PHONE
    page.wait_for_selector("#caller .task")  # what was asked for before stands there at once
    page.keyboard.type("小区门口暴露垃圾清走了又堆起来")
    page.wait_for_selector("[data-alt='1']")
    page.keyboard.press("Alt+1")
    page.fill("#place", "大沽南")
    page.click("#places button")
    page.wait_for_selector("[data-alt='6']")  # the unit by the rules, and why
    until(
        page,
        lambda: (
            "暴露垃圾清走" in Draft.objects.get().facts and "大沽南" in Draft.objects.get().facts
        ),
    )
    page.reload()  # as after a crash
    assert "暴露垃圾清走" in page.input_value("#id_text")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/orders/**")
    order = Order.objects.latest("pk")
    assert (order.state, order.unit) == (State.DISPATCHED, here.sanitation)
    assert order.area_code == "120103001001001"

    unit = sit_down("handler", PHONE_SIZE)
    unit.goto("/hotline/todo/")
    unit.click(f"text={order.text[:8]}")
    for label in ("开始处置", "办结答复"):
        unit.click(f"#step a:has-text('{label}')")
        unit.wait_for_selector("#step form")
        if label == "办结答复":
            unit.check("[name=contacted][value=true]")
            unit.fill("[name=text]", "已清运，并已电话告知")
        unit.click("#step button[type=submit]")
        unit.wait_for_selector("#step a.btn")

    visitor = sit_down("visitor")
    visitor.goto(f"/hotline/orders/{order.number}/")
    visitor.click("#step a.btn-primary")
    for name, value in (("contacted", "true"), ("solved", "true"), ("satisfaction", "satisfied")):
        visitor.check(f"[name={name}][value={value}]")
    visitor.click("#step button[type=submit]")
    visitor.wait_for_selector(".tag-h-visited")
    assert Order.objects.get(pk=order.pk).state == State.VISITED
