"""While a call is taken: items and units with their reasons, likely cases, places; and what orders teach."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.actor import SYSTEM
from hotline.choices import Purpose
from hotline.hints import hints_for, places_for
from hotline.suggesting.asking import NIGHTLY, ask_for_training
from hotline.suggesting.history import dispatches, filings
from hotline.suggesting.text_model import TextModel
from hotline.suggesting.training import train_asked
from incidents.duplicates import Duplicate
from tests.hotline.desk import an, facts, returned
from tests.hotline.suggesting.lessons import filings as lessons_of
from tests.incidents.town import GARBAGE, IN_GRID, Town, a_report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage")]


def test_words_place_and_item_speak_for_items_units_and_likely_cases(here: Town) -> None:
    case = a_report(here)
    typed = {"text": "门口暴露垃圾很多", "item": GARBAGE, "lon": IN_GRID[0], "lat": IN_GRID[1]}
    found = hints_for(here.operator, here.later(), typed)
    assert found.items[0].entry.code == GARBAGE
    assert "垃圾" in found.items[0].reason
    assert found.note
    assert [hint.unit for hint in found.units] == [here.sanitation]
    assert found.units[0].reason
    assert [alike.incident for alike in found.alike] == [case]
    assert isinstance(found.alike[0], Duplicate)
    nothing = hints_for(here.operator, here.now, {"text": "", "lon": "nan", "lat": "x"})
    assert not any((nothing.items, nothing.units, nothing.alike))


def test_places_are_found_by_area_and_by_addresses_named_before(here: Town) -> None:
    an(here, address="大沽南路12号")
    found = places_for(here.operator, "大沽南")
    assert [(one.label, one.area_code) for one in found] == [("大沽南路12号", "120103001001001")]
    assert places_for(here.operator, "网格")
    assert not places_for(here.operator, "大")


def test_the_page_of_a_call_shows_what_was_learned_with_its_reason(
    here: Town, client: Client
) -> None:
    lessons_of(unit=here.water)
    for purpose in NIGHTLY:
        ask_for_training(purpose=purpose, by=SYSTEM, now=here.now)
    assert train_asked() == 2
    typed = {"text": "剩饭剩菜都堆在桶旁边", "item": GARBAGE, "lon": IN_GRID[0], "lat": IN_GRID[1]}
    found = hints_for(here.operator, here.now, typed)
    assert found.note == ""
    assert found.units[0].unit == here.water
    client.force_login(here.people["operator"])
    body = client.post("/hotline/hints/", typed).content.decode()
    for reason in (found.items[0].reason, found.units[0].reason):
        assert escape(reason) in body
    assert found.items[0].why["by"] == "history"
    assert len(found.units) <= 3


def test_orders_teach_units_and_a_return_speaks_against_one(here: Town) -> None:
    returned(here)
    learned, held = dispatches()
    (one,) = [*learned, *held]
    assert (one.item, one.unit, one.source, one.returned) == (GARBAGE, "SAN", "hotline", True)
    texts = [*filings()[0], *filings()[1]]
    assert [(text.label, text.text) for text in texts] in ([], [(GARBAGE, facts()["text"])])


def test_a_model_that_fails_does_not_keep_anybody_from_taking_a_call(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_said: Any) -> Any:
        raise RuntimeError("no such piece")

    lessons_of(unit=here.water)
    ask_for_training(purpose=Purpose.ITEMS, by=SYSTEM, now=here.now)
    train_asked()
    monkeypatch.setattr(TextModel, "guesses", broken)
    found = hints_for(here.operator, here.now, {"text": "门口暴露垃圾很多"})
    assert found.items[0].entry.code == GARBAGE
    assert found.note


def test_a_returned_order_is_sent_again_with_units_and_who_returned_it(
    here: Town, client: Client
) -> None:
    order = returned(here)
    client.force_login(here.people["operator"])
    address = f"/hotline/orders/{order.number}/steps/dispatch/"
    (found,) = client.get(address).context["suggested"]
    assert found.field == "unit"
    shown = {one.value: one.reason for one in found.advice}
    assert "退" in shown["SAN"] or "returned" in shown["SAN"]
    pressed = client.get(address, {"unit": "SAN", "reason": "<b>"})
    assert pressed.context["form"].initial["unit"] == "SAN"
    assert "reason" not in pressed.context["form"].initial
