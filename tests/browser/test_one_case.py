"""One case through its whole life, by clicking, with accounts of four roles, in a real browser."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image

from incidents.choices import State
from incidents.models import Incident
from tests.clocks.factories import seeded
from tests.factories import PASSWORD
from tests.incidents.town import Town, town

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
HERE = {"longitude": 117.205, "latitude": 39.005}


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
            geolocation=HERE,
            permissions=["geolocation"],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: _note(complaints, name, said))
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
    assert complaints == []


def _note(complaints: list[str], name: str, said: Any) -> None:
    # A refused form answers 409 or 422, and the browser notes that by itself.
    if said.type == "error" and "409" not in said.text and "422" not in said.text:
        complaints.append(f"{name}: {said.text}")


def _photo(colour: str) -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def _take(page: Any, number: str, step: str, fill: Callable[[Any], None] | None = None) -> None:
    """Press the step's button on the case page, fill its form, and send it."""
    page.goto(f"/cases/{number}/")
    page.click(f'#step a[href$="/steps/{step}/"]')
    page.wait_for_selector("#step form")
    if fill:
        fill(page)
    with page.expect_response(lambda answer: f"/steps/{step}/" in answer.url) as sent:
        page.click("#step form button[type=submit]")
    assert sent.value.ok, f"{step}: {sent.value.text()}"
    page.wait_for_selector("#step .actions")


def _tick_all(page: Any) -> None:
    for box in page.query_selector_all("#step input[name=standards]"):
        box.check()


def _state(number: str) -> str:
    return str(Incident.objects.get(number=number).state)


@pytest.mark.slow
def test_a_case_goes_from_street_corner_to_closing_by_clicking_alone(
    sit_down: Callable[..., Any],
) -> None:
    worker = sit_down("worker", PHONE)
    assert "/cases/field/" in worker.url
    worker.click(".street a.report-now")
    worker.set_input_files("[name=photos]", [_photo("red")])
    worker.wait_for_selector('[data-place="found"]')
    worker.fill("#item_q", "bllj")
    worker.click('[data-item-code="010101"]')
    worker.fill("[name=text]", "三号楼东侧有一堆垃圾")
    with worker.expect_navigation():
        worker.click("button.report-now")
    number = worker.url.rstrip("/").rsplit("/", 1)[-1]
    assert _state(number) == State.REPORTED

    clerk = sit_down("clerk")
    assert "/cases/inbox/" in clerk.url
    clerk.click(f'a[href="/cases/{number}/"]')
    _take(clerk, number, "file", _tick_all)
    assert _state(number) == State.FILED

    dispatcher = sit_down("dispatcher")
    _take(dispatcher, number, "dispatch")
    assert _state(number) == State.DISPATCHED

    handler = sit_down("handler")
    assert "/cases/todo/" in handler.url
    _take(handler, number, "receive")

    def answer(page: Any) -> None:
        page.fill("#step [name=text]", "已清理完毕")
        page.set_input_files("#step [name=photo_after]", [_photo("green")])

    _take(handler, number, "answer", answer)
    assert _state(number) == State.FEEDBACK

    _take(dispatcher, number, "send_check")

    def passed(page: Any) -> None:
        page.set_input_files("#step [name=photo_check]", [_photo("blue")])

    worker.goto("/cases/field/")
    worker.click(f'.task[href="/cases/{number}/"]')
    _take(worker, number, "pass_check", passed)

    _take(dispatcher, number, "close", _tick_all)
    assert _state(number) == State.CLOSED

    def rate(page: Any) -> None:
        page.check("#step [name=satisfaction][value=satisfied]")
        page.check("#step [name=solved] >> nth=0")

    _take(worker, number, "rate", rate)
    assert _state(number) == State.EVALUATED
    assert worker.locator(".line li").count() >= 8


def test_the_second_to_act_is_told_who_was_first_and_keeps_what_was_typed(
    sit_down: Callable[..., Any], here: Town
) -> None:
    from tests.incidents.town import a_case, step

    case = a_case(here, State.DISPATCHED)
    handler = sit_down("handler")
    handler.goto(f"/cases/{case.number}/steps/return/")
    handler.fill("[name=reason]", "这不是我们的设施")
    step(here, "receive", case, here.handler)
    with handler.expect_response(lambda answer: answer.status == 409):
        handler.click("#step form button[type=submit]")
    handler.wait_for_selector(".clash")
    assert handler.input_value("[name=reason]") == "这不是我们的设施"
