"""Grids are drawn, moved, split, merged and retired: journaled, allowed, and never over somebody else's work."""

import json
import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
import shapely
from django.core.exceptions import PermissionDenied
from django.db import connection
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from accounts.actor import SYSTEM, Actor
from accounts.roles import Role
from config.refusal import Refused, SomebodyWasFirst
from grids import staffing
from grids.boundaries import shape_of
from grids.drawing import GridFacts, describe, draw_grid, redraw
from grids.drawn import line_from, polygon_from
from grids.locate import boundary_number, locate
from grids.merging import merge
from grids.models import Area, Duty
from grids.projection import area_m2
from grids.retiring import retire
from grids.splitting import split
from journal.models import Event
from tests import factories
from tests.grids.factories import area, district, square

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOME = "120103001001"  # two grids: …001 in the west, …002 in the east
WEST, EAST = f"{HOME}001", f"{HOME}002"
NORTH = "120103001002001"


@pytest.fixture(autouse=True)
def _areas() -> None:
    district()


@pytest.fixture
def admin() -> Actor:
    return factories.actor(Role.SYSTEM_ADMIN, "120103")


def text(shape: BaseGeometry) -> str:
    return json.dumps(mapping(shape))


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(points)


def events(verb: str) -> list[Event]:
    return list(Event.objects.filter(verb=verb).order_by("subject_id"))


def free_ground() -> None:
    """Take the eastern grid away, so that something can be drawn there."""
    Area.objects.filter(code=EAST).update(status="retired", valid_to=date(2026, 1, 1))


# --- what is drawn --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("", "nothing_drawn"),
        ("{", "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "not_geojson"),
        ('{"type":"Polygon"}', "not_geojson"),
        ('{"type":"Polygon","coordinates":[]}', "nothing_drawn"),
        ('{"type":"Polygon","coordinates":[[["a","b"],[1,2],[3,4],["a","b"]]]}', "not_geojson"),
        ('{"type":"Point","coordinates":[117.2,39.0]}', "not_a_polygon"),
        (text(line((117.2, 39), (117.3, 39))), "not_a_polygon"),
        (text(shapely.box(13_000_000, 4_700_000, 13_001_000, 4_701_000)), "not_degrees"),
        (text(square(0, 0, 1e-6)), "too_small"),
        (text(shapely.Polygon([(117, 39), (117.01, 39.01), (117.01, 39), (117, 39.01)])), "crosses_itself"),
        (text(shapely.Point(117, 39).buffer(0.01, quad_segs=6000)), "too_many_points"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_drawing_is_said_in_a_sentence(given: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        polygon_from(given)
    assert refused.value.code == code
    assert str(refused.value).endswith((".", "。"))


def test_a_crossing_border_says_where_it_crosses() -> None:
    bow = shapely.Polygon([(117, 39), (117.01, 39.01), (117.01, 39), (117, 39.01)])
    with pytest.raises(Refused, match=r"117\.00500, 39\.00500"):
        polygon_from(text(bow))


def test_features_and_collections_of_one_are_understood() -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": mapping(square(0, 0))}
    collection = {"type": "FeatureCollection", "features": [feature]}
    for given in (mapping(square(0, 0)), feature, collection):
        assert polygon_from(json.dumps(given)).equals(square(0, 0))


def test_a_line_is_one_line() -> None:
    assert line_from(text(line((117, 39), (118, 39)))).length == 1
    for given in (text(square(0, 0)), text(line((0, 0), (2, 2), (2, 0), (0, 2)))):
        with pytest.raises(Refused):
            line_from(given)


# --- drawing and moving ---------------------------------------------------------------------------


def test_a_drawn_grid_gets_the_next_code_and_is_found(admin: Actor) -> None:
    free_ground()
    before = boundary_number()
    grid = draw_grid(parent_code=HOME, shape=square(1, 0), facts=GridFacts(), by=admin, now=NOW)
    assert (grid.code, grid.name, grid.name_en) == (f"{HOME}003", "第03网格", "Grid 03")
    assert not grid.synthetic
    assert locate(117.215, 39.005).grid_code == grid.code
    assert boundary_number() > before
    assert events("area.drawn")[0].data["area_m2"] == pytest.approx(960_000, rel=0.01)


def test_a_park_gets_a_grid_under_its_subdistrict(admin: Actor) -> None:
    free_ground()
    facts = GridFacts(name="梅江公园", name_en="Meijiang Park", plot_type="commercial")
    grid = draw_grid(parent_code="120103001", shape=square(1, 0), facts=facts, by=admin, now=NOW)
    assert (grid.code, grid.name_en, grid.plot_type) == (
        "120103001000001", "Meijiang Park", "commercial",
    )  # fmt: skip


@pytest.mark.parametrize("parent", ["120103", WEST])
def test_grids_lie_in_communities_or_subdistricts_only(admin: Actor, parent: str) -> None:
    with pytest.raises(Refused):
        draw_grid(parent_code=parent, shape=square(0, 0), facts=GridFacts(), by=admin, now=NOW)


def test_ground_of_a_neighbour_is_refused_with_its_name_and_area(admin: Actor) -> None:
    with pytest.raises(Refused, match=r"网格[12]") as refused:
        draw_grid(parent_code=HOME, shape=square(0, 0), facts=GridFacts(), by=admin, now=NOW)
    assert refused.value.code == "overlaps"
    assert not Area.objects.filter(code=f"{HOME}003").exists()


def test_ground_outside_of_the_parent_is_refused_with_its_area(admin: Actor) -> None:
    free_ground()
    wide = shapely.box(117.21, 38.99, 117.22, 39.01)
    with pytest.raises(Refused) as refused:
        draw_grid(parent_code=HOME, shape=wide, facts=GridFacts(), by=admin, now=NOW)
    assert refused.value.code == "outside_parent"


def test_what_belongs_to_others_is_cut_off_on_request(admin: Actor) -> None:
    free_ground()
    wide = shapely.box(117.205, 38.99, 117.23, 39.02)
    grid = draw_grid(parent_code=HOME, shape=wide, facts=GridFacts(), trim=True, by=admin, now=NOW)
    shape = shape_of(grid)
    assert shape is not None
    assert shape.symmetric_difference(square(1, 0)).area < 1e-12


def test_where_nothing_is_left_after_cutting_it_is_refused(admin: Actor) -> None:
    with pytest.raises(Refused) as refused:
        draw_grid(
            parent_code=HOME, shape=square(0, 0), facts=GridFacts(), trim=True, by=admin, now=NOW
        )
    assert refused.value.code == "nothing_left"


def test_a_border_is_moved_and_a_synthetic_one_becomes_real(admin: Actor) -> None:
    Area.objects.filter(code=WEST).update(synthetic=True)
    smaller = shapely.box(117.2, 39.0, 117.205, 39.01)
    grid = redraw(code=WEST, version=1, shape=smaller, by=admin, now=NOW)
    assert (grid.version, grid.synthetic) == (2, False)
    assert locate(117.208, 39.005).grid_code == EAST  # the nearest now
    (event,) = events("area.boundary_changed")
    assert event.data["before_m2"] == pytest.approx(2 * event.data["area_m2"], rel=0.01)


def test_an_old_overlap_does_not_forbid_an_honest_change(admin: Actor) -> None:
    wide = shapely.box(
        117.2, 39.0, 117.211, 39.01
    )  # 0.001 degrees into the eastern grid, as imported
    Area.objects.filter(code=WEST).update(boundary=shapely.to_wkb(wide))
    narrower = shapely.box(117.2, 39.0, 117.2105, 39.01)
    redraw(code=WEST, version=1, shape=narrower, by=admin, now=NOW)
    with pytest.raises(Refused):
        redraw(
            code=WEST, version=2, shape=shapely.box(117.2, 39.0, 117.212, 39.01), by=admin, now=NOW
        )


def test_the_same_border_again_changes_nothing(admin: Actor) -> None:
    shape = shape_of(Area.objects.get(code=WEST))
    assert shape is not None
    assert redraw(code=WEST, version=1, shape=shape, by=admin, now=NOW).version == 1
    assert not events("area.boundary_changed")


def test_who_draws_second_is_told_somebody_was_first(admin: Actor) -> None:
    smaller = shapely.box(117.2, 39.0, 117.205, 39.01)
    redraw(code=WEST, version=1, shape=smaller, by=admin, now=NOW)
    with pytest.raises(SomebodyWasFirst):
        redraw(code=WEST, version=1, shape=square(0, 0), by=admin, now=NOW)
    stored = shape_of(Area.objects.get(code=WEST))
    assert stored is not None
    assert stored.equals(smaller)


def test_a_description_is_changed_but_not_an_official_name(admin: Actor) -> None:
    facts = GridFacts(name="新名", name_en="New", plot_type="office")
    describe(code=WEST, version=1, facts=facts, by=admin, now=NOW)
    describe(code=HOME, version=1, facts=facts, by=admin, now=NOW)
    assert Area.objects.get(code=WEST).name == "新名"
    community = Area.objects.get(code=HOME)
    assert (community.name, community.plot_type) == ("1号社区居委会", "office")
    with pytest.raises(Refused):
        describe(code=WEST, version=2, facts=GridFacts(), by=admin, now=NOW)


# --- splitting --------------------------------------------------------------------------------------


def test_a_grid_is_split_along_a_line(admin: Actor) -> None:
    Area.objects.filter(code=WEST).update(plot_type="office")
    parts = split(
        code=WEST, version=1, line=line((117.204, 38.9), (117.204, 39.1)), by=admin, now=NOW
    )
    assert [part.code for part in parts] == [f"{HOME}003", f"{HOME}004"]
    old = Area.objects.get(code=WEST)
    assert (old.status, old.valid_to, old.version) == ("retired", date(2026, 3, 2), 2)
    assert list(old.successors.values_list("code", flat=True)) == [f"{HOME}003", f"{HOME}004"]
    assert locate(117.202, 39.005).grid_code == f"{HOME}003"
    assert locate(117.206, 39.005).grid_code == f"{HOME}004"
    assert {part.plot_type for part in parts} == {"office"}
    assert events("area.split")[0].data["successors"] == [f"{HOME}003", f"{HOME}004"]


def test_parts_of_a_split_are_the_whole(admin: Actor) -> None:
    zigzag = line((117.19, 39.002), (117.203, 39.008), (117.205, 39.003), (117.23, 39.007))
    parts = split(code=WEST, version=1, line=zigzag, by=admin, now=NOW)
    union = shapely.union_all([shape_of(part) for part in parts])
    assert union.symmetric_difference(square(0, 0)).area < 1e-15


def test_parts_of_a_synthetic_grid_are_synthetic(admin: Actor) -> None:
    Area.objects.filter(code=WEST).update(synthetic=True)
    parts = split(
        code=WEST, version=1, line=line((117.204, 38.9), (117.204, 39.1)), by=admin, now=NOW
    )
    assert all(part.synthetic for part in parts)


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ([(117.204, 38.9), (117.204, 39.005)], "line_does_not_cut"),
        ([(117.3, 38.9), (117.3, 39.1)], "line_does_not_cut"),
        ([(117.2000001, 38.9), (117.2000001, 39.1)], "crumb"),
    ],
)
def test_a_line_that_does_not_cut_is_refused(
    admin: Actor, points: list[tuple[float, float]], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        split(code=WEST, version=1, line=line(*points), by=admin, now=NOW)
    assert refused.value.code == code
    assert Area.objects.get(code=WEST).is_active


# --- merging ----------------------------------------------------------------------------------------


def test_neighbours_become_one_under_a_new_code(admin: Actor) -> None:
    merged = merge(versions={WEST: 1, EAST: 1}, name="合并网格", by=admin, now=NOW)
    assert (merged.code, merged.name) == (f"{HOME}003", "合并网格")
    for code in (WEST, EAST):
        old = Area.objects.get(code=code)
        assert not old.is_active
        assert old.successors.get().code == merged.code
    assert locate(117.21, 39.005).grid_code == merged.code
    shape = shape_of(merged)
    assert shape is not None
    assert area_m2(shape) == pytest.approx(2 * 960_000, rel=0.01)


def test_a_crack_between_neighbours_is_closed(admin: Actor) -> None:
    apart = shapely.box(117.210005, 39.0, 117.22, 39.01)  # 40 cm further east
    Area.objects.filter(code=EAST).update(boundary=shapely.to_wkb(apart))
    merged = merge(versions={WEST: 1, EAST: 1}, by=admin, now=NOW)
    shape = shape_of(merged)
    assert shape is not None
    assert shape.geom_type == "Polygon"


def test_grids_that_do_not_touch_are_not_merged(admin: Actor) -> None:
    Area.objects.filter(code=EAST).update(boundary=shapely.to_wkb(square(5, 0)))
    with pytest.raises(Refused) as refused:
        merge(versions={WEST: 1, EAST: 1}, by=admin, now=NOW)
    assert refused.value.code == "not_neighbours"


def test_a_shared_corner_is_no_shared_border(admin: Actor) -> None:
    Area.objects.filter(code=EAST).update(boundary=shapely.to_wkb(square(1, 1)))
    with pytest.raises(Refused):
        merge(versions={WEST: 1, EAST: 1}, by=admin, now=NOW)


def test_grids_of_two_communities_are_not_merged(admin: Actor) -> None:
    with pytest.raises(Refused) as refused:
        merge(versions={WEST: 1, NORTH: 1}, by=admin, now=NOW)
    assert refused.value.code == "different_parents"


def test_one_grid_is_no_merger_and_a_changed_one_stops_it(admin: Actor) -> None:
    with pytest.raises(Refused):
        merge(versions={WEST: 1}, by=admin, now=NOW)
    with pytest.raises(SomebodyWasFirst):
        merge(versions={WEST: 1, EAST: 7}, by=admin, now=NOW)


# --- retiring, and the people in it -------------------------------------------------------------------


def test_a_grid_is_retired_in_favour_of_another(admin: Actor) -> None:
    grid = retire(code=WEST, version=1, successors=[EAST], by=admin, now=NOW)
    assert not grid.is_active
    assert grid.successors.get().code == EAST
    assert events("area.retired")[0].data["successors"] == [EAST]


@pytest.mark.parametrize("heirs", [[], [WEST]])
def test_a_grid_needs_a_successor_and_not_itself(admin: Actor, heirs: list[str]) -> None:
    with pytest.raises(Refused):
        retire(code=WEST, version=1, successors=heirs, by=admin, now=NOW)


def test_a_retired_grid_is_no_successor_and_is_not_retired_twice(admin: Actor) -> None:
    retire(code=WEST, version=1, successors=[EAST], by=admin, now=NOW)
    with pytest.raises(SomebodyWasFirst):
        retire(code=NORTH, version=1, successors=[WEST], by=admin, now=NOW)
    with pytest.raises(SomebodyWasFirst):
        retire(code=WEST, version=2, successors=[EAST], by=admin, now=NOW)


def test_a_retired_code_is_never_given_again(admin: Actor) -> None:
    merged = merge(versions={WEST: 1, EAST: 1}, by=admin, now=NOW)
    parts = split(
        code=merged.code, version=1, line=line((117.21, 38.9), (117.21, 39.1)), by=admin, now=NOW
    )
    assert [part.code for part in parts] == [f"{HOME}004", f"{HOME}005"]


def give(grid: str, duty: Duty) -> int:
    person = factories.user()
    staffing.assign(
        grid_code=grid, person=person, duty=duty, since=date(2026, 1, 1), by=SYSTEM, now=NOW
    )
    return person.pk


def crew(code: str) -> set[tuple[str, int]]:
    day = date(2026, 3, 3)
    return {(one.duty, one.person_id) for one in staffing.serving(code, day)}


def test_people_go_along_when_a_grid_is_split(admin: Actor) -> None:
    chief, helper = give(WEST, Duty.CHIEF), give(WEST, Duty.PART_TIME)
    parts = split(
        code=WEST, version=1, line=line((117.204, 38.9), (117.204, 39.1)), by=admin, now=NOW
    )
    for part in parts:
        assert crew(part.code) == {("chief", chief), ("part_time", helper)}
    assert crew(WEST) == set()


def test_of_two_chiefs_neither_is_chosen_when_grids_merge(admin: Actor) -> None:
    give(WEST, Duty.CHIEF)
    give(EAST, Duty.CHIEF)
    police = give(WEST, Duty.POLICE)
    merged = merge(versions={WEST: 1, EAST: 1}, by=admin, now=NOW)
    assert crew(merged.code) == {("police", police)}


def test_a_successor_keeps_its_own_chief(admin: Actor) -> None:
    give(WEST, Duty.CHIEF)
    own = give(EAST, Duty.CHIEF)
    retire(code=WEST, version=1, successors=[EAST], by=admin, now=NOW)
    assert crew(EAST) == {("chief", own)}


# --- who may -------------------------------------------------------------------------------------------


def deeds(by: Actor) -> list[Any]:
    half = line((117.204, 38.9), (117.204, 39.1))
    facts = GridFacts(name="新名")
    return [
        lambda: draw_grid(parent_code=HOME, shape=square(1, 0), facts=facts, by=by, now=NOW),
        lambda: redraw(code=WEST, version=1, shape=square(0, 0), by=by, now=NOW),
        lambda: describe(code=WEST, version=1, facts=facts, by=by, now=NOW),
        lambda: split(code=WEST, version=1, line=half, by=by, now=NOW),
        lambda: merge(versions={WEST: 1, EAST: 1}, by=by, now=NOW),
        lambda: retire(code=WEST, version=1, successors=[EAST], by=by, now=NOW),
    ]


def test_a_colleague_without_the_right_may_not() -> None:
    for deed in deeds(factories.actor(Role.COMMANDER, "120103")):
        with pytest.raises(PermissionDenied):
            deed()


def test_for_an_outsider_the_grid_does_not_exist() -> None:
    for deed in deeds(factories.actor(Role.SYSTEM_ADMIN, "120104")):
        with pytest.raises(Area.DoesNotExist):
            deed()
    assert Area.objects.filter(status="retired").count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_split_the_same_grid_at_once_leave_one_split() -> None:
    cut = line((117.204, 38.9), (117.204, 39.1))
    start, outcomes = threading.Barrier(2), []

    def try_it() -> None:
        start.wait()
        try:
            split(code=WEST, version=1, line=cut, by=SYSTEM, now=NOW)
            outcomes.append("split")
        except SomebodyWasFirst:
            outcomes.append("second")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["second", "split"]
    assert Area.objects.filter(parent_id=HOME, status="active").count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_draw_on_the_same_ground_at_once_leave_one_grid() -> None:
    Area.objects.filter(code=EAST).update(status="retired", valid_to=date(2026, 1, 1))
    area("120103001003", name="3号社区")
    start, outcomes = threading.Barrier(2), []

    def try_it(parent: str) -> None:
        start.wait()
        try:
            draw_grid(parent_code=parent, shape=square(1, 0), facts=GridFacts(), by=SYSTEM, now=NOW)
            outcomes.append("drawn")
        except Refused:
            outcomes.append("second")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=[p]) for p in (HOME, "120103001003")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["drawn", "second"]
