"""The report page on a phone, in a real browser: Back after sending, photos that cannot be used, a wrong form."""

from typing import Any

import pytest

from incidents.models import Incident
from tests.browser.conftest import PHONE
from tests.browser.test_one_case import _photo
from tests.incidents.town import Town

pytestmark = pytest.mark.browser
REPORT = "/cases/report/"
TOAST = (
    "text => document.dispatchEvent(new CustomEvent('yiwang:toast',"
    " { detail: { text, act() {}, action: '好' } }))"
)


def _send(page: Any) -> None:
    page.click("button.report-now")
    page.wait_for_load_state("networkidle")


def _choose_matter(page: Any) -> None:
    page.fill("#item_q", "bllj")
    page.click('[data-item-code="010101"]')


@pytest.fixture
def phone(sit_down: Any, here: Town) -> Any:
    page = sit_down("worker", PHONE)
    page.goto(REPORT)
    page.wait_for_load_state("networkidle")
    return page


def test_back_after_sending_shows_an_empty_form_and_not_the_old_one(phone: Any) -> None:
    phone.fill("#id_text", "路边有暴露垃圾")
    phone.wait_for_timeout(600)  # the draft is kept meanwhile
    key = phone.input_value("#id_key")
    _send(phone)
    assert Incident.objects.count() == 1
    phone.go_back()
    phone.wait_for_load_state("networkidle")
    assert phone.input_value("#id_text") == ""
    assert phone.input_value("#id_key") not in ("", key)


def test_a_draft_that_was_never_answered_keeps_its_key(phone: Any) -> None:
    phone.fill("#id_text", "路边有暴露垃圾")
    phone.wait_for_timeout(600)
    key = phone.input_value("#id_key")
    phone.reload()
    phone.wait_for_selector(".toast-note")
    assert phone.input_value("#id_text") == "路边有暴露垃圾"
    assert phone.input_value("#id_key") == key


def test_what_is_no_picture_or_too_large_is_said_before_it_is_sent(phone: Any) -> None:
    fake = {"name": "fake.jpg", "mimeType": "image/jpeg", "buffer": b"only words"}
    phone.set_input_files("#id_photos", [fake, _photo("green")])
    phone.wait_for_selector(".preview.is-wrong")
    assert "JPEG" in phone.inner_text(".preview.is-wrong .field-error")
    assert phone.locator(".preview").count() == 2
    assert phone.locator(".preview.is-wrong").count() == 1
    phone.eval_on_selector("#id_photos", "input => { input.dataset.most = 2 ** 20; }")
    large = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" * 400_000}
    phone.set_input_files("#id_photos", [large])
    phone.wait_for_selector(".preview.is-wrong")
    assert "1 MB" in phone.inner_text(".preview.is-wrong .field-error")


def test_a_wrong_form_says_so_at_the_top_and_puts_the_cursor_where_it_is_wrong(phone: Any) -> None:
    _send(phone)
    assert phone.locator(".report-faults a[href='#id_text']").count() == 1
    assert phone.evaluate("document.activeElement.id") == "id_text"
    box = phone.locator("#id_text").bounding_box()
    assert box["y"] >= 56
    assert box["y"] + box["height"] <= phone.locator("button.report-now").bounding_box()["y"]


def test_the_phone_shows_two_toasts_at_most_and_none_over_the_button(phone: Any) -> None:
    for n in range(4):
        phone.evaluate(TOAST, f"{n}")
    shown = [note for note in phone.locator(".toast-note").all() if note.is_visible()]
    assert [note.locator("p").inner_text() for note in shown] == ["2", "3"]
    for note in shown:
        box = note.bounding_box()
        assert 56 <= box["y"] < 200
        for button in note.locator("button").all():
            assert button.bounding_box()["height"] <= box["height"]


def test_a_likely_duplicate_stands_below_the_matter_and_the_button_speaks_of_it(phone: Any) -> None:
    phone.fill("#id_text", "路边有暴露垃圾")
    _choose_matter(phone)
    phone.wait_for_selector('[data-place="found"]')
    plain = phone.inner_text("button.report-now")
    _send(phone)
    phone.goto(REPORT)
    phone.wait_for_selector('[data-place="found"]')
    _choose_matter(phone)
    phone.wait_for_selector(".duplicates")
    phone.wait_for_load_state("networkidle")
    assert phone.inner_text("button.report-now") != plain
    assert phone.evaluate(
        "document.querySelector('#likely-duplicates').previousElementSibling"
        ".matches('[data-item-box]')"
    )
