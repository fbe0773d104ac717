"""A report comes in: located, numbered, timed, once, and never refused for where it is."""

import math

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from accounts.actor import SYSTEM
from clocks.models import Clock
from config.refusal import Refused
from incidents.choices import Placed, Source, State
from incidents.models import Incident
from incidents.querysets import visible_to
from incidents.report import Position, Reported, report
from incidents.self_handling import report_self_handled
from journal.models import Event
from tests.clocks.calendars import shown
from tests.incidents import town as road
from tests.incidents.photo_samples import jpeg
from tests.incidents.town import COVER, GARBAGE, GRID, RUBBLE, Town, a_report, partner, picture

pytestmark = pytest.mark.django_db


def send(here: Town, **facts: object) -> Reported:
    given: dict[str, object] = {
        "by": here.worker, "source": Source.GRID, "text": "路灯不亮", "now": here.later(),
        "position": Position(*road.IN_GRID),
    }  # fmt: skip
    return report(**(given | facts))  # type: ignore[arg-type]


def test_case_event_and_first_clock_are_written_together(here: Town) -> None:
    case = send(here, item_code=GARBAGE).incident
    kept = Incident.objects.get(number=case.number)
    assert kept.state == State.REPORTED
    assert (kept.grid_code, kept.area_code, kept.placed) == (GRID, GRID, Placed.GPS)
    assert kept.centre == here.centre
    event = Event.objects.get(subject_kind="incident", subject_id=str(kept.pk))
    assert (event.verb, event.data["item"]) == ("incident.reported", GARBAGE)
    clock = Clock.objects.get(subject_kind="incident", subject_id=kept.pk)
    assert (clock.stage, clock.due_at) == ("filing", kept.due_at)
    assert clock.due_at is not None
    assert shown(clock.due_at) == "2026-03-09 09:35"  # half an hour of work


def test_the_number_is_the_local_day_and_six_digits(here: Town) -> None:
    one, two = send(here).incident, send(here).incident
    assert one.number.startswith("20260309")
    assert len(one.number) == 14
    assert int(two.number) == int(one.number) + 1


def test_a_number_that_is_in_use_is_drawn_again(here: Town) -> None:
    from django.db import connection

    first = send(here).incident
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('incident_number', %s, false)", [int(first.number[8:])])
    assert send(here).incident.number != first.number


# --- where ------------------------------------------------------------------------------------------


def test_a_point_outside_every_grid_but_near_one_is_marked_approximate(here: Town) -> None:
    case = send(here, position=Position(117.1995, 39.005)).incident
    assert (case.grid_code, case.placed) == (GRID, Placed.APPROXIMATE)


@pytest.mark.parametrize(
    ("lon", "lat", "words"),
    [(118.9, 38.5, "no grid"), (39.0, 77.2, "outside China"), (-74.0, 40.7, "outside China")],
)
def test_a_point_in_the_sea_or_abroad_is_kept_and_waits_for_a_person(
    here: Town, lon: float, lat: float, words: str
) -> None:
    done = send(here, position=Position(lon, lat))
    case = done.incident
    assert (case.lon, case.lat, case.placed, case.grid_code) == (lon, lat, Placed.UNPLACED, "")
    assert case.area_code == GRID or case.area_code == "120103"
    assert len(done.notes) == 1
    assert visible_to(here.clerk).filter(pk=case.pk).exists()


@pytest.mark.parametrize(
    ("lon", "lat"), [(math.nan, 39.0), (math.inf, 39.0), (500.0, 39.0), (117.0, 95.0)]
)
def test_numbers_that_are_no_place_are_left_out_and_said(
    here: Town, lon: float, lat: float
) -> None:
    done = send(here, position=Position(lon, lat))
    assert (done.incident.lon, done.incident.lat) == (None, None)
    assert done.notes


def test_swapped_numbers_are_recognised(here: Town) -> None:
    done = send(here, position=Position(39.005, 117.205))
    with translation.override("en"):
        assert "swapped" in str(done.notes[0])


def test_an_unknown_coordinate_system_does_not_cost_the_report(here: Town) -> None:
    done = send(here, position=Position(*road.IN_GRID, crs="mars"))
    assert done.incident.lon is None
    assert done.notes


def test_positions_of_chinese_maps_are_turned_into_wgs84(here: Town) -> None:
    from grids.coordinates import from_wgs84

    lon, lat = from_wgs84(*road.IN_GRID, "gcj02")
    case = send(here, position=Position(lon, lat, crs="gcj02")).incident
    assert case.lon == pytest.approx(road.IN_GRID[0], abs=1e-6)
    assert case.grid_code == GRID


def test_without_a_position_the_photos_own_is_taken(here: Town) -> None:
    case = send(here, position=None, photos=[jpeg(gps=road.IN_NEIGHBOUR)]).incident
    assert (case.grid_code, case.placed) == (road.NEIGHBOUR, Placed.PHOTO)


def test_without_any_position_a_grid_workers_report_lies_in_their_grid(here: Town) -> None:
    case = send(here, position=None).incident
    assert (case.grid_code, case.placed, case.lon) == (GRID, Placed.AREA, None)


def test_a_grid_that_does_not_exist_is_said_and_the_report_kept(here: Town) -> None:
    done = send(
        here, by=here.clerk, source=Source.HOTLINE, position=None, grid_code="999999999999999"
    )
    assert done.incident.placed == Placed.UNPLACED
    assert done.incident.area_code == "120103"
    assert "999999999999999" in str(done.notes[0])


def test_a_message_without_any_place_waits_at_the_centre(here: Town) -> None:
    done = send(here, by=SYSTEM, source=Source.BOARD, position=None, external_id="board-1")
    assert done.incident.placed == Placed.UNPLACED
    assert done.incident.centre == here.centre
    assert visible_to(here.clerk).filter(pk=done.incident.pk).exists()


# --- what --------------------------------------------------------------------------------------------


def test_an_unknown_item_is_said_and_the_report_kept_without_it(here: Town) -> None:
    done = send(here, item_code="777777")
    assert done.incident.item is None
    assert "777777" in str(done.notes[0])


def test_words_suggest_an_item_where_none_is_given(here: Town) -> None:
    done = send(here, text="小区门口有暴露垃圾")
    assert done.suggested[0] == GARBAGE
    assert send(here, text="小区门口有暴露垃圾", item_code=GARBAGE).suggested == ()


def test_the_items_risk_is_on_the_case_from_the_start(here: Town) -> None:
    assert send(here, item_code=COVER).incident.risk == "red"


@pytest.mark.parametrize("facts", [{"text": "  "}, {"text": "长" * 10_001}, {"title": "长" * 121}])
def test_a_text_that_is_missing_or_endless_is_refused(here: Town, facts: dict[str, str]) -> None:
    with pytest.raises(Refused) as no:
        send(here, **facts)
    assert no.value.field in facts


def test_an_item_alone_is_text_enough(here: Town) -> None:
    assert send(here, text="", item_code=GARBAGE).incident.text == "暴露垃圾"


@pytest.mark.parametrize(
    "mark", "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
def test_characters_that_turn_the_direction_of_text_are_left_out(here: Town, mark: str) -> None:
    taken = send(
        here, text=f"{mark}路灯{mark}不亮 {mark}", title=f"路{mark}灯", address=f"{mark}1 号"
    )
    case = taken.incident
    assert (case.text, case.title, case.address) == ("路灯不亮", "路灯", "1 号")


def test_a_text_of_nothing_but_unseen_characters_is_no_text(here: Town) -> None:
    with pytest.raises(Refused) as refused:
        send(here, text="\u202e\x00\u2066 ")
    assert refused.value.code == "no_text"


def test_a_zero_byte_in_the_text_does_no_harm(here: Town) -> None:
    assert send(here, text="路灯\x00不亮").incident.text == "路灯不亮"


# --- who ----------------------------------------------------------------------------------------------


def test_nobody_claims_to_be_the_citys_own_eyes(here: Town) -> None:
    for by, source in (
        (here.citizen, Source.GRID), (here.citizen, Source.HOTLINE), (here.clerk, Source.GRID),
        (partner(), Source.GRID), (partner(), Source.DEPARTMENT),
    ):  # fmt: skip
        with pytest.raises(Refused) as no:
            send(here, by=by, source=source)
        assert no.value.code == "foreign_source"


def test_who_may_not_report_is_told_so(here: Town) -> None:
    for name in ("supervisor", "audit_admin", "handler"):
        with pytest.raises(PermissionDenied):
            send(here, by=getattr(here, name))


def test_a_clerk_who_takes_a_call_is_not_the_reporter(here: Town) -> None:
    assert send(here, by=here.clerk, source=Source.HOTLINE).incident.reporter is None
    assert send(here).incident.reporter == here.people["worker"]
    citizen = send(here, by=here.citizen, source=Source.CITIZEN).incident
    assert citizen.reporter == here.people["citizen"]


# --- once ------------------------------------------------------------------------------------------------


def test_what_a_partner_sends_twice_is_taken_once(here: Town) -> None:
    client = partner()
    first = send(here, by=client, source=Source.PARTNER, external_id="A-1")
    again = send(here, by=client, source=Source.PARTNER, external_id="A-1", text="又一次")
    assert (first.created, again.created) == (True, False)
    assert again.incident == first.incident
    assert Incident.objects.count() == 1


def test_two_partners_may_use_the_same_number(here: Town) -> None:
    for client in (partner(), partner()):
        assert send(here, by=client, source=Source.PARTNER, external_id="A-1").created


def test_a_number_of_somebody_elses_report_shows_nothing_of_it(here: Town) -> None:
    send(here, by=here.citizen, source=Source.CITIZEN, external_id="form-1")
    with pytest.raises(Refused) as no:
        send(here, by=here.other_citizen, source=Source.CITIZEN, external_id="form-1")
    assert no.value.code == "external_id_taken"


def test_a_report_can_be_linked_to_its_main_case_at_once(here: Town) -> None:
    main = a_report(here)
    assert send(here, main_case=main.number).incident.main_case == main
    strange = send(here, main_case="20990101000001")
    assert strange.incident.main_case is None
    assert strange.notes


# --- found and dealt with ------------------------------------------------------------------------------


def handled(here: Town, **facts: object) -> Reported:
    given: dict[str, object] = {
        "by": here.worker, "now": here.later(), "text": "路边垃圾", "item_code": GARBAGE,
        "position": Position(*road.IN_GRID), "before": [picture("red")], "after": [picture("green")],
    }  # fmt: skip
    return report_self_handled(**(given | facts))  # type: ignore[arg-type]


def test_a_trifle_is_found_and_dealt_with_in_one_go(here: Town) -> None:
    done = handled(here)
    case = Incident.objects.get(pk=done.incident.pk)
    assert case.state == State.SELF_CLOSED
    assert case.ended_at == case.closed_at == here.now
    assert set(case.photos.values_list("kind", flat=True)) == {"before", "after"}
    assert not Clock.objects.filter(subject_id=case.pk, outcome="running").exists()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"item_code": RUBBLE}, "not_to_be"),
        ({"item_code": COVER}, "dangerous"),
        ({"item_code": ""}, "no item"),
        ({"after": []}, "photo missing"),
    ],
)
def test_what_may_not_be_closed_by_oneself_stays_reported_and_says_why(
    here: Town, facts: dict[str, object], words: str
) -> None:
    done = handled(here, **facts)
    assert Incident.objects.get(pk=done.incident.pk).state == State.REPORTED, words
    assert done.notes
    assert done.incident.photos.exists()


def test_nobody_but_the_finder_closes_it_so(here: Town) -> None:
    case = a_report(here)
    with pytest.raises((Refused, Incident.DoesNotExist)):
        road.step(here, "self_close", case, here.chief, {"text": "好了"})
