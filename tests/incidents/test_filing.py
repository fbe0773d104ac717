"""From report to file: placed, classified, checked, filed by the book, or refused on a ground."""

from decimal import Decimal
from typing import Any

import pytest

from clocks.models import Clock
from config.refusal import Refused
from incidents.choices import PhotoKind, Source, State
from incidents.models import CatalogueItem, Incident
from incidents.report import Position
from incidents.taking import FactsRefused
from tests.incidents import town as road
from tests.incidents.catalogue.factories import composed, edition
from tests.incidents.town import (
    COVER,
    GARBAGE,
    RUBBLE,
    Town,
    a_case,
    a_photo,
    a_report,
    filed,
    step,
    ticked,
)

pytestmark = pytest.mark.django_db


def refused(here: Town, code: str, case: Incident, by: Any, facts: Any = None) -> Refused:
    with pytest.raises(Refused) as no:
        step(here, code, case, by, facts or {})
    return no.value


def from_outside(here: Town, **facts: Any) -> Incident:
    return a_report(here, by=here.clerk, source=Source.HOTLINE, photos=(), **facts)


# --- placing ---------------------------------------------------------------------------------------


def test_a_person_places_what_waited_for_a_place(here: Town) -> None:
    case = from_outside(here, position=None)
    assert refused(here, "file", case, here.clerk).code == "not_placed"
    case = step(here, "place", case, here.clerk, {"grid_code": road.GRID, "address": "和平路1号"})
    assert (case.grid_code, case.placed, case.address) == (road.GRID, "area", "和平路1号")


def test_a_point_that_lies_nowhere_is_refused_when_a_person_places_it(here: Town) -> None:
    case = from_outside(here, position=None)
    assert (
        refused(here, "place", case, here.clerk, {"lon": 118.9, "lat": 38.5}).code == "in_no_grid"
    )
    assert Incident.objects.get(pk=case.pk).lon is None


@pytest.mark.parametrize("facts", [{}, {"lon": 117.2}, {"grid_code": "123"}])
def test_half_a_place_is_no_place(here: Town, facts: dict[str, Any]) -> None:
    assert (
        refused(here, "place", from_outside(here, position=None), here.clerk, facts).status == 422
    )


# --- classifying -------------------------------------------------------------------------------------


def test_another_item_before_filing_brings_its_risk(here: Town) -> None:
    case = step(here, "classify", a_report(here), here.clerk, {"item": COVER, "urgency": "urgent"})
    assert (case.item.code, case.risk, case.urgency) == (COVER, "red", "urgent")  # type: ignore[union-attr]


def test_another_item_after_filing_fixes_the_limit_anew_and_both_are_logged(here: Town) -> None:
    case = a_case(here, State.FILED)
    assert (case.allowance_value, case.allowance_kind) == (Decimal(4), "work_hour")
    case = step(here, "classify", case, here.clerk, {"item": RUBBLE})
    kept = Incident.objects.get(pk=case.pk)
    assert (kept.allowance_value, kept.allowance_kind) == (Decimal(5), "work_day")
    event = road.last_event(case)
    assert (event.data["was"]["item"], event.data["item"]) == (GARBAGE, RUBBLE)
    assert event.data["was"]["allowance"] == ["4.00", "work_hour"]


def test_classifying_as_it_is_changes_nothing_and_says_so(here: Town) -> None:
    assert (
        refused(here, "classify", a_report(here), here.clerk, {"item": GARBAGE}).code
        == "nothing_changed"
    )


def test_an_item_of_no_catalogue_is_refused_beside_its_field(here: Town) -> None:
    no = refused(here, "classify", a_report(here), here.clerk, {"item": "777777"})
    assert isinstance(no, FactsRefused)
    assert [error["field"] for error in no.errors] == ["item"]


def test_a_filed_case_keeps_its_edition_when_another_comes_into_force(here: Town) -> None:
    case = a_case(here, State.FILED)
    edition(composed(), code="test-2")
    new = CatalogueItem.objects.get(code=GARBAGE, version__code="test-2")
    kept = Incident.objects.get(pk=case.pk)
    assert kept.item != new
    assert road.dispatched(here, kept).state == State.DISPATCHED


# --- looking first -----------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [Source.HOTLINE, Source.VIDEO, Source.CITIZEN, Source.BOARD])
def test_what_nobody_on_duty_saw_is_looked_at_before_it_is_filed(
    here: Town, source: Source
) -> None:
    case = a_report(here, by=here.clerk, source=source)
    assert (
        refused(here, "file", case, here.clerk, {"standards": ticked(case)}).code
        == "not_prechecked"
    )
    case = step(here, "precheck", case, here.clerk)
    assert case.checker == here.people["worker"]
    case = step(here, "answer_precheck", case, here.worker, {"found": True, "text": "属实"})
    assert filed(here, case).state == State.FILED


def test_a_grid_workers_own_report_needs_no_look(here: Town) -> None:
    assert filed(here, a_report(here)).state == State.FILED


def test_what_was_not_found_on_the_spot_is_not_filed_but_refused(here: Town) -> None:
    case = from_outside(here)
    assert refused(here, "refuse", case, here.clerk, FALSE).code == "not_prechecked"
    step(here, "precheck", case, here.clerk)
    a_photo(here, case, here.worker, PhotoKind.CHECK)
    step(here, "answer_precheck", case, here.worker, {"found": "false", "text": "没有"})
    assert (
        refused(here, "file", case, here.clerk, {"standards": ticked(case)}).code
        == "not_prechecked"
    )
    assert step(here, "refuse", case, here.clerk, FALSE).state == State.NOT_ACCEPTED


FALSE = {"ground": "false", "note": "现场未发现", "informed": "phone"}


def test_the_clock_of_filing_stands_still_while_somebody_looks(here: Town) -> None:
    case = from_outside(here)
    step(here, "precheck", case, here.clerk)
    clocks = {c.stage: c for c in Clock.objects.filter(subject_id=case.pk)}
    assert clocks["filing"].paused_at is not None
    assert clocks["precheck"].due_at is not None
    assert Incident.objects.get(pk=case.pk).due_stage == "precheck"


def test_a_matter_whose_standard_demands_a_photo_is_not_filed_without_one(here: Town) -> None:
    case = a_report(here, photos=())
    assert (
        refused(here, "file", case, here.clerk, {"standards": ticked(case)}).code == "photo_missing"
    )
    a_photo(here, case, here.worker, PhotoKind.SCENE)
    assert filed(here, case).state == State.FILED


def test_the_photo_is_demanded_of_the_item_that_is_chosen_while_filing(here: Town) -> None:
    case = a_report(here, item_code="", photos=())
    item = CatalogueItem.objects.get(code=COVER)
    facts = {"item": COVER, "standards": list(range(1, len(item.filing_standards) + 1))}
    assert refused(here, "file", case, here.clerk, facts).code == "photo_missing"


# --- filing --------------------------------------------------------------------------------------------


def test_filing_fixes_limit_and_starts_the_clock_of_dispatch(here: Town) -> None:
    case = filed(here, a_report(here, item_code=RUBBLE))
    assert (case.limit.value, case.allowance_kind) == (5, "work_day")  # type: ignore[union-attr]
    assert case.filed_at == here.now
    stages = dict(Clock.objects.filter(subject_id=case.pk).values_list("stage", "outcome"))
    assert stages == {"filing": "met", "dispatch": "running"}


def test_an_urgent_case_gets_the_urgent_limit_day_and_night(here: Town) -> None:
    case = filed(here, a_report(here, urgency="urgent"))
    assert (case.allowance_value, case.allowance_kind) == (Decimal(2), "hour_cont")


def test_every_line_of_the_standard_must_be_ticked(here: Town) -> None:
    case = a_report(here)
    for standards in ([], ticked(case)[:-1], [999]):
        no = refused(here, "file", case, here.clerk, {"standards": standards})
        assert isinstance(no, FactsRefused)
        assert {error["field"] for error in no.errors} == {"standards"}


def test_without_an_item_nothing_is_filed(here: Town) -> None:
    no = refused(here, "file", a_report(here, item_code=""), here.clerk, {})
    assert isinstance(no, FactsRefused)
    assert no.errors[0]["code"] == "no_item"


# --- refusing ---------------------------------------------------------------------------------------------


def test_a_duplicate_needs_its_main_case_and_is_linked_to_it(here: Town) -> None:
    main, case = a_report(here), a_report(here)
    facts = {"ground": "duplicate", "note": "同一问题"}
    no = refused(here, "refuse", case, here.clerk, facts)
    assert isinstance(no, FactsRefused)
    assert no.errors[0]["code"] == "no_main_case"
    case = step(here, "refuse", case, here.clerk, facts | {"main_case": main.number})
    assert (case.state, case.main_case) == (State.NOT_ACCEPTED, main)


def test_a_main_case_of_another_area_cannot_be_named(here: Town) -> None:
    other = a_report(here, by=here.foreign_clerk, source=Source.CITIZEN, position=None)
    facts = {"ground": "duplicate", "note": "同一问题", "main_case": other.number}
    assert refused(here, "refuse", a_report(here), here.clerk, facts).status == 422


def test_who_reported_from_outside_is_told_of_the_refusal(here: Town) -> None:
    case = from_outside(here)
    facts = {"ground": "out_of_area", "note": "不在辖区"}
    no = refused(here, "refuse", case, here.clerk, facts)
    assert isinstance(no, FactsRefused)
    assert no.errors[0]["code"] == "not_informed"
    case = step(here, "refuse", case, here.clerk, facts | {"informed": "phone"})
    assert (case.informed, case.informed_at) == ("phone", here.now)


def test_links_lead_to_the_main_case_and_never_in_a_ring(here: Town) -> None:
    main, second, third = a_report(here), a_report(here), a_report(here)
    step(here, "link", second, here.clerk, {"main_case": main.number})
    assert step(here, "link", third, here.clerk, {"main_case": second.number}).main_case == main
    assert (
        refused(here, "link", main, here.clerk, {"main_case": second.number}).code == "is_main_case"
    )


def test_words_typed_at_a_step_are_kept_beside_the_journal_and_not_in_it(here: Town) -> None:
    from incidents.history import timeline

    case = a_report(here)
    step(here, "withdraw", case, here.clerk, {"reason": "张三 13812345678 说是误报"})
    last = timeline(case, here.clerk)[-1]
    assert last.text == "张三 13812345678 说是误报"
    assert "13812345678" not in str(last.event.data)


def test_a_case_far_away_is_placed_by_its_point(here: Town) -> None:
    case = from_outside(here, position=None)
    lon, lat = road.IN_NEIGHBOUR
    case = step(here, "place", case, here.clerk, {"lon": lon, "lat": lat})
    assert (case.grid_code, case.placed) == (road.NEIGHBOUR, "map")
    assert Position(lon, lat).crs == "wgs84"
