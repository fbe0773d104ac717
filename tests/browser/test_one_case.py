"""One case through its whole life, by clicking, with accounts of four roles, in a real browser."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from incidents.choices import State
from incidents.models import Incident
from tests.browser.conftest import PHONE
from tests.incidents.town import Town

pytestmark = pytest.mark.browser


def _photo(colour: str) -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def take(page: Any, number: str, step: str, fill: Callable[[Any], None] | None = None) -> None:
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


def tick_all(page: Any) -> None:
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
    take(clerk, number, "file", tick_all)
    assert _state(number) == State.FILED

    dispatcher = sit_down("dispatcher")
    take(dispatcher, number, "dispatch")
    assert _state(number) == State.DISPATCHED

    handler = sit_down("handler")
    assert "/cases/todo/" in handler.url
    take(handler, number, "receive")

    def answer(page: Any) -> None:
        page.fill("#step [name=text]", "已清理完毕")
        page.set_input_files("#step [name=photo_after]", [_photo("green")])

    take(handler, number, "answer", answer)
    assert _state(number) == State.FEEDBACK

    take(dispatcher, number, "send_check")

    def passed(page: Any) -> None:
        page.set_input_files("#step [name=photo_check]", [_photo("blue")])

    worker.goto("/cases/field/")
    worker.click(f'.task[href="/cases/{number}/"]')
    take(worker, number, "pass_check", passed)

    take(dispatcher, number, "close", tick_all)
    assert _state(number) == State.CLOSED

    def rate(page: Any) -> None:
        page.check("#step [name=satisfaction][value=satisfied]")
        page.check("#step [name=solved] >> nth=0")

    take(worker, number, "rate", rate)
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
