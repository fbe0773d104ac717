"""Items and units with their reasons: from the first day, after learning, and when the model is gone."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actor import SYSTEM
from hotline.choices import Purpose
from hotline.models import KeptModel
from hotline.suggesting.asking import ask_for_training
from hotline.suggesting.items import suggest_items
from hotline.suggesting.keeping import forget
from hotline.suggesting.training import train_asked
from hotline.suggesting.units import suggest_units
from incidents.choices import State
from incidents.models import Assignment
from tests.hotline.suggesting.lessons import filings
from tests.incidents.catalogue.factories import item, shipped
from tests.incidents.town import GRID, RUBBLE, Town, a_case, a_report, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage")]


def trained(purpose: Purpose) -> None:
    ask_for_training(purpose=purpose, by=SYSTEM, now=timezone.now())
    assert train_asked() == 1


def test_the_first_day_has_names_and_everyday_words(db: None) -> None:
    shipped()
    found = suggest_items("小区里路灯不亮，下水道堵了，电动车飞线充电")
    names = [one.entry.name for one in found.items]
    assert "路灯异常" in names
    assert "排水管道堵塞、破裂" in names
    assert found.trouble == "none"
    assert all(one.reason for one in found.items)
    assert len(found.items) <= 5


def test_an_empty_or_senseless_text_suggests_nothing(here: Town) -> None:
    assert suggest_items("").items == ()
    assert list(suggest_items("😀!!").items) == []


def test_after_learning_filings_speak(here: Town) -> None:
    filings()
    trained(Purpose.ITEMS)
    best = suggest_items("车站前剩饭剩菜都堆在桶旁边").items[0]
    assert best.entry.code == "010101"
    assert best.why["by"] == "history"
    assert best.why["filings"] > 20
    assert str(best.why["filings"]) in best.reason


@pytest.mark.parametrize(("harm", "trouble"), [("missing", "missing"), ("corrupt", "corrupt")])
def test_without_its_file_names_speak_and_it_is_said(
    here: Town, storage: Path, harm: str, trouble: str
) -> None:
    filings()
    trained(Purpose.ITEMS)
    file = Path(KeptModel.objects.get(in_use=True).file.path)
    if harm == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-9] + b"\x80\x04garbage")
    forget()
    found = suggest_items("暴露垃圾没人清理")
    assert found.trouble == trouble
    assert found.note
    assert found.items[0].entry.code == "010101"


def test_rules_name_the_unit_and_history_adds_how_often(here: Town) -> None:
    filings(unit=here.water)
    trained(Purpose.UNITS)
    found = suggest_units(item(), GRID, at=here.now)
    assert {one.unit.code for one in found.units} == {"SAN", "WATER"}
    by_code = {one.unit.code: one for one in found.units}
    assert by_code["SAN"].choice is not None
    counted = by_code["WATER"].counted
    assert counted is not None
    assert f"{counted.kept}" in by_code["WATER"].reason
    assert by_code["WATER"].score > by_code["SAN"].score


def test_returned_dispatches_bring_a_unit_down(here: Town) -> None:
    filings(unit=here.water)
    Assignment.objects.update(returned_at=here.now)
    trained(Purpose.UNITS)
    assert suggest_units(item(), GRID, at=here.now).units[0].unit.code == "SAN"


def test_a_unit_that_returned_this_very_case_goes_last_and_it_is_said(here: Town) -> None:
    found = suggest_units(item(), GRID, at=here.now, returned_by={here.sanitation.pk})
    assert found.units[-1].returned_this


def test_the_clerk_presses_a_suggestion_and_the_form_is_filled_but_nothing_is_done(
    here: Town,
) -> None:
    case = a_report(here, item_code=RUBBLE, text="路边暴露垃圾无人清理")
    client = Client()
    client.force_login(here.people["clerk"])
    address = reverse("incidents:step", args=[case.number, "file"])
    body = client.get(address).content.decode()
    assert f"{address}?item=010101" in body
    pressed = client.get(address, {"item": "010101"})
    assert pressed.context["form"].initial["item"] == "010101"
    assert 'aria-current="true"' in pressed.content.decode()
    case.refresh_from_db()
    assert (case.state, case.item.code) == (State.REPORTED, RUBBLE)  # type: ignore[union-attr]


def test_the_dispatcher_sees_units_with_reasons(here: Town) -> None:
    filings(unit=here.water)
    trained(Purpose.UNITS)
    case = a_case(here, State.FILED)
    client = Client()
    client.force_login(here.people["dispatcher"])
    address = reverse("incidents:step", args=[case.number, "dispatch"])
    response = client.get(address)
    assert f"{address}?lead=SAN" in response.content.decode()
    assert client.get(address, {"lead": "WATER"}).context["form"].initial["lead"] == "WATER"


def test_a_unit_that_returned_the_case_is_told_on_the_form(here: Town) -> None:
    case = a_case(here, State.DISPATCHED)
    step(here, "return", case, here.handler, {"reason": "不属于本单位职责"})
    client = Client()
    client.force_login(here.people["dispatcher"])
    response = client.get(reverse("incidents:step", args=[case.number, "dispatch"]))
    (found,) = response.context["suggested"]
    assert found.field == "lead"
    assert (
        "本" in found.advice[0].reason or found.advice[0].value != "SAN" or found.advice[0].reason
    )


def test_odd_values_in_the_address_fill_nothing(here: Town) -> None:
    case = a_report(here)
    client = Client()
    client.force_login(here.people["clerk"])
    address = reverse("incidents:step", args=[case.number, "file"])
    for odd in ("<script>", "9" * 500, "'"):
        assert client.get(address, {"item": odd}).status_code == 200
