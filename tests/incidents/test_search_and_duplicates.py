"""Finding cases again: by number, two characters, address; and what is likely the same matter."""

from datetime import timedelta

import pytest
from django.db import connection

from incidents.choices import Source, State
from incidents.duplicates import in_box, likely_duplicates, metres_between, similarity
from incidents.models import Incident
from incidents.querysets import visible_to
from incidents.report import Position
from incidents.search import _holds, found
from tests.incidents import town as road
from tests.incidents.town import GARBAGE, RUBBLE, Town, a_case, a_report, step

pytestmark = pytest.mark.django_db


def numbers(text: str) -> set[str]:
    return {case.number for case in found(Incident.objects.all(), text)}


def test_two_characters_are_enough(here: Town) -> None:
    lamp = a_report(here, text="友谊路路灯不亮")
    cover = a_report(here, text="绍兴道井盖缺失")
    assert numbers("路灯") == {lamp.number}
    assert numbers("井盖缺") == {cover.number}
    assert numbers("路灯 友谊") == {lamp.number}
    assert numbers("路灯 井盖") == set()
    assert numbers("亮不") == set()


def test_addresses_and_titles_are_found_too(here: Town) -> None:
    case = a_report(here, address="解放南路256号", title="噪声扰民")
    for text in ("解放南路", "256号", "噪声", "256"):
        assert numbers(text) == {case.number}, text


def test_signs_without_a_letter_or_figure_find_nothing(here: Town) -> None:
    a_report(here, text="路灯不亮")
    assert [numbers(signs) for signs in ("%", "__", "%%")] == [set(), set(), set()]


def test_one_character_finds_what_begins_with_it(here: Town) -> None:
    case = a_report(here, text="井盖缺失")
    a_report(here, text="路灯不亮")
    assert numbers("井") == {case.number}


def test_full_width_and_capitals_make_no_difference(here: Town) -> None:
    case = a_report(here, text="ＡＢＣ大厦门口")
    assert numbers("abc大厦") == {case.number}


def test_a_number_is_found_whole_by_its_day_and_by_its_end(here: Town) -> None:
    case, other = a_report(here), a_report(here)
    assert numbers(case.number) == {case.number}
    assert numbers("20260309") == {case.number, other.number}
    assert numbers(case.number[-6:]) == {case.number}


@pytest.mark.parametrize(
    "text", ["'", "\\", "' & !", "a:*|b", "路'灯", "%_", "!!!", "𠮷", "\x00", "()", "a" * 500, "&&"]
)
def test_nothing_that_is_typed_breaks_the_search(here: Town, text: str) -> None:
    a_report(here)
    numbers(text)


def test_an_empty_search_changes_nothing(here: Town) -> None:
    case = a_report(here)
    assert numbers("  ") == {case.number}


def test_what_is_changed_is_found_by_its_new_words(here: Town) -> None:
    case = a_report(here, by=here.clerk, source="hotline", position=None, address="旧地址")
    step(here, "place", case, here.clerk, {"grid_code": road.GRID, "address": "新地址"})
    assert numbers("新地") == {case.number}
    assert numbers("旧地") == set()


def test_a_search_stays_within_what_may_be_seen(here: Town) -> None:
    a_report(here, text="路灯不亮")
    assert not found(visible_to(here.foreign_clerk), "路灯").exists()


@pytest.mark.parametrize(
    "name",
    ["clerk", "worker", "chief", "handler", "helper", "citizen", "supervisor", "foreign_clerk"],
)
def test_everybody_finds_all_that_they_see_and_nothing_else(here: Town, name: str) -> None:
    a_report(here, text="路灯不亮")
    a_report(here, by=here.citizen, source=Source.CITIZEN, text="路灯不亮")
    a_report(here, by=here.clerk, source=Source.HOTLINE, position=None, text="路灯不亮")
    a_case(here, State.HANDLING, text="路灯不亮")
    sent = a_report(here, position=Position(*road.IN_NEIGHBOUR), text="路灯不亮")
    step(here, "precheck", sent, here.clerk, {"checker": here.people["worker"].pk})
    actor = getattr(here, name)
    seen = visible_to(actor)
    assert set(found(seen, "路灯", by=actor)) == set(seen)
    assert set(found(seen, "路灯 不亮", by=actor)) == set(seen)
    assert not found(seen, "井盖", by=actor).exists()


def test_where_matches_are_many_the_planner_decides_and_finds_the_same(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from incidents import search

    monkeypatch.setattr(search, "MOST_AT_ONCE", 1)
    cases = {a_report(here, text="路灯不亮").pk for _n in range(3)}
    assert {c.pk for c in found(visible_to(here.clerk), "路灯", by=here.clerk)} == cases


def test_nobody_reaches_into_the_words_that_say_who_sees_a_case(here: Town) -> None:
    a_report(here, text="路灯不亮")
    for typed in ("@120103", "~1", "^1", "@", "#", "'@120103'"):
        assert found(visible_to(here.foreign_clerk), typed, by=here.foreign_clerk).count() == 0


def test_the_index_serves_the_search(here: Town) -> None:
    a_report(here)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Incident.objects.order_by().filter(_holds("'路灯'")).explain()
    assert "incident_search" in plan


# --- likely the same -----------------------------------------------------------------------------------


def near(metres: float) -> Position:
    return Position(road.IN_GRID[0], road.IN_GRID[1] + metres / 111_000)


def alike(here: Town, **facts: object) -> list[str]:
    first = Incident.objects.filter(item__code=GARBAGE).first()
    asked: dict[str, object] = {
        "by": here.clerk, "now": here.now, "lon": road.IN_GRID[0], "lat": road.IN_GRID[1],
        "item_id": first.item_id if first else None, "text": "",
    }  # fmt: skip
    return [d.incident.number for d in likely_duplicates(**(asked | facts))]  # type: ignore[arg-type]


def test_same_item_within_fifty_metres_and_a_day_is_likely_the_same(here: Town) -> None:
    close = a_report(here, position=near(40))
    a_report(here, position=near(60))
    a_report(here, position=near(10), item_code=RUBBLE, text="渣土堆放未清运")
    assert alike(here) == [close.number]
    assert alike(here, now=here.now + timedelta(hours=25)) == []


def test_without_an_item_the_place_and_similar_words_speak(here: Town) -> None:
    case = a_report(here, position=near(10), item_code="", text="路口井盖破损，有危险")
    assert alike(here, text="井盖破损很危险") == [case.number]
    assert alike(here, text="楼道堆放杂物") == []


def test_a_voided_case_and_the_case_itself_are_no_duplicates(here: Town) -> None:
    case, voided = a_report(here), a_report(here)
    step(here, "withdraw", voided, here.clerk, {"reason": "误报"})
    assert alike(here) == [case.number]
    assert alike(here, except_id=case.pk) == []


def test_nobody_learns_of_cases_they_may_not_see(here: Town) -> None:
    a_report(here)
    assert alike(here, by=here.other_citizen) == []
    assert alike(here, by=here.foreign_clerk) == []


def test_the_point_index_serves_a_box(here: Town) -> None:
    a_report(here)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    inside = in_box(Incident.objects.order_by(), 117.2, 39.0, 117.21, 39.01)
    assert "incident_place" in inside.explain()
    assert inside.count() == 1
    assert in_box(Incident.objects.all(), 117.3, 39.0, 117.31, 39.01).count() == 0


def test_distance_and_similarity_are_what_they_say() -> None:
    assert metres_between(117.2, 39.0, 117.2, 39.001) == pytest.approx(111.2, abs=0.1)
    assert similarity("路灯不亮", "路灯不亮！") == 1.0
    assert similarity("路灯不亮", "井盖缺失") == 0.0
    assert similarity("", "井盖") == 0.0
