"""Boundaries where none is known: whole, marked, made once, and made anew only when asked."""

from datetime import UTC, datetime
from io import StringIO

import numpy as np
import pytest
import shapely
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from shapely.geometry.base import BaseGeometry

from accounts.actor import SYSTEM
from accounts.roles import Role
from config.refusal import Refused
from grids.boundaries import shape_of
from grids.demonstration import make_district
from grids.locate import How, locate, locate_many
from grids.models import Area, Level
from grids.numbering import next_codes
from grids.synthetic import make_boundaries, make_grids
from journal.models import Event
from tests import factories
from tests.grids.factories import area, square

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STREET = "120103001"


def street(communities: int = 3) -> Area:
    """A subdistrict of 0.04 × 0.01 degrees with communities of unknown boundary."""
    area("120103", name="河西区")
    top = area(STREET, shapely.box(117.2, 39.0, 117.24, 39.01), name="大营门街道")
    for serial in range(1, communities + 1):
        area(f"{STREET}{serial:03d}", name=f"{serial}号社区")
    return top


def communities() -> list[Area]:
    return list(Area.objects.filter(level=Level.COMMUNITY).order_by("code"))


def whole(areas: list[Area]) -> BaseGeometry:
    shape: BaseGeometry = shapely.union_all([shape_of(area) for area in areas])
    return shape


def same(one: BaseGeometry, two: BaseGeometry | None) -> bool:
    """The same ground to within a square millimetre."""
    return two is not None and bool(one.symmetric_difference(two).area < 1e-15)


def test_children_without_boundary_share_their_parent_from_west_to_east() -> None:
    top = street()
    made = make_boundaries("120103", Level.COMMUNITY, by=SYSTEM, now=NOW)
    assert made.boundaries == [c.code for c in communities()]
    assert all(c.synthetic and "make_grids" in c.boundary_source for c in communities())
    assert same(whole(communities()), shape_of(top))
    lons = [c.min_lon or 0.0 for c in communities()]
    assert lons == sorted(lons)
    assert Event.objects.filter(verb="area.boundary_made").count() == 3


def test_surveyed_neighbours_keep_their_ground() -> None:
    street()
    Area.objects.filter(code=f"{STREET}002").update(boundary=shapely.to_wkb(square(1, 0)))
    make_boundaries(STREET, Level.COMMUNITY, by=SYSTEM, now=NOW)
    one, two, three = communities()
    assert not two.synthetic
    assert whole([two]).intersection(whole([one, three])).area < 1e-12


def test_who_finds_no_room_is_named() -> None:
    street(2)
    all_of_it = shapely.to_wkb(shapely.box(117.2, 39.0, 117.24, 39.01))
    Area.objects.filter(code=f"{STREET}001").update(boundary=all_of_it)
    made = make_boundaries(STREET, Level.COMMUNITY, by=SYSTEM, now=NOW)
    assert [name for name, _reason in made.skipped] == ["2号社区"]
    assert made.boundaries == []


def test_a_parent_without_boundary_has_nothing_to_share() -> None:
    street()
    Area.objects.filter(code=STREET).update(boundary=None)
    made = make_boundaries(STREET, Level.COMMUNITY, by=SYSTEM, now=NOW)
    assert len(made.skipped) == 3


def test_grids_cover_their_communities_and_are_numbered() -> None:
    street()
    make_boundaries(STREET, Level.COMMUNITY, by=SYSTEM, now=NOW)
    made = make_grids(STREET, count=10, by=SYSTEM, now=NOW)
    assert len(made.grids) == 10
    for community in communities():
        grids = list(Area.objects.filter(parent=community))
        assert [g.code for g in grids] == [
            f"{community.code}{i + 1:03d}" for i in range(len(grids))
        ]
        assert same(whole(grids), shape_of(community))
        assert all(g.synthetic for g in grids)
    assert locate(117.205, 39.005).synthetic


def test_every_point_of_the_parent_lies_in_a_grid() -> None:
    street()
    make_boundaries(STREET, Level.COMMUNITY, by=SYSTEM, now=NOW)
    make_grids(STREET, count=10, by=SYSTEM, now=NOW)
    random = np.random.default_rng(1)
    found = locate_many(random.uniform(117.2, 117.24, 20_000), random.uniform(39.0, 39.01, 20_000))
    assert found.distances_m.max() == 0


def test_ground_of_no_community_becomes_special_grids() -> None:
    street(1)
    Area.objects.filter(code=f"{STREET}001").update(boundary=shapely.to_wkb(square(0, 0)))
    make_grids(STREET, hectares=48, by=SYSTEM, now=NOW)
    special = Area.objects.filter(code__startswith=f"{STREET}000")
    assert special.count() == 6  # 288 hectares
    assert special.first().parent_id == STREET  # type: ignore[union-attr]
    assert "专属网格" in special.first().name  # type: ignore[union-attr]
    assert locate(117.235, 39.005).how is How.INSIDE


def test_ground_that_may_belong_to_an_unknown_community_is_left() -> None:
    street(2)
    Area.objects.filter(code=f"{STREET}001").update(boundary=shapely.to_wkb(square(0, 0)))
    made = make_grids(STREET, count=4, by=SYSTEM, now=NOW)
    assert {name for name, _reason in made.skipped} == {"大营门街道", "2号社区"}
    assert len(made.grids) == 4


def test_twice_changes_nothing() -> None:
    street()
    for _time in (1, 2):
        make_boundaries(STREET, Level.COMMUNITY, by=SYSTEM, now=NOW)
        made = make_grids(STREET, count=10, by=SYSTEM, now=NOW)
    assert (made.grids, len(made.skipped)) == ([], 3)
    assert Area.objects.filter(level=Level.GRID).count() == 10


def test_anew_with_fewer_retires_the_surplus_in_favour_of_who_covers_it() -> None:
    street(1)
    make_boundaries(STREET, Level.COMMUNITY, by=SYSTEM, now=NOW)
    make_grids(STREET, count=10, by=SYSTEM, now=NOW)
    made = make_grids(STREET, count=7, again=True, by=SYSTEM, now=NOW)
    assert (len(made.boundaries), len(made.retired)) == (7, 3)
    gone = Area.objects.get(code=made.retired[0])
    assert not gone.is_active
    assert gone.successors.get().is_active


def test_anew_with_more_never_gives_a_code_twice() -> None:
    street(1)
    make_boundaries(STREET, Level.COMMUNITY, by=SYSTEM, now=NOW)
    for count in (4, 2, 5):
        made = make_grids(STREET, count=count, again=True, by=SYSTEM, now=NOW)
    assert made.grids == [f"{STREET}001{serial:03d}" for serial in (5, 6, 7)]


def test_real_grids_are_never_touched() -> None:
    street(1)
    make_boundaries(STREET, Level.COMMUNITY, by=SYSTEM, now=NOW)
    area(f"{STREET}001001", square(0, 0))
    made = make_grids(STREET, count=4, again=True, by=SYSTEM, now=NOW)
    assert (made.grids, made.boundaries) == ([], [])


def test_serials_end_at_999() -> None:
    street(1)
    parent = area(f"{STREET}900")
    area(f"{STREET}900997")
    assert next_codes(parent, 2) == [f"{STREET}900998", f"{STREET}900999"]
    with pytest.raises(Refused, match="999"):
        next_codes(parent, 3)


@pytest.mark.parametrize(
    ("count", "hectares"), [(None, None), (3, 4.0), (0, None), (None, 0.0), (None, float("nan")), (2, None)]
)  # fmt: skip
def test_a_wrong_measure_is_refused_with_a_sentence(
    count: int | None, hectares: float | None
) -> None:
    street()
    make_boundaries(STREET, Level.COMMUNITY, by=SYSTEM, now=NOW)
    with pytest.raises(Refused):
        make_grids(STREET, count=count, hectares=hectares, by=SYSTEM, now=NOW)


def test_only_this_districts_administrator_may() -> None:
    street()
    for actor in (
        factories.actor(Role.COMMUNITY, STREET),
        factories.actor(Role.SYSTEM_ADMIN, "120104"),
    ):
        with pytest.raises(PermissionDenied):
            make_boundaries(STREET, Level.COMMUNITY, by=actor, now=NOW)
        with pytest.raises(PermissionDenied):
            make_grids(STREET, count=9, by=actor, now=NOW)


def test_the_command_makes_and_says_so() -> None:
    street()
    out = StringIO()
    call_command("make_grids", "--parent", STREET, "--level", "community", stdout=out)
    call_command("make_grids", "--parent", STREET, "--count", "9", stdout=out)
    assert Area.objects.filter(level=Level.GRID).count() == 9
    with pytest.raises(CommandError):
        call_command("make_grids", "--parent", "999999", "--count", "9", stdout=out)


def test_the_demonstration_district_is_whole() -> None:
    make_district(now=NOW, grids=160)
    levels = {level: Area.objects.filter(level=level).count() for level in Level}
    assert levels == {"city": 1, "district": 1, "subdistrict": 14, "community": 149, "grid": 160}
    outline = shape_of(Area.objects.get(code="120103"))
    assert outline is not None
    spot = outline.representative_point()
    assert locate(spot.x, spot.y).how is How.INSIDE
    made_up = Area.objects.exclude(level__in=[Level.CITY, Level.DISTRICT])
    assert all(made_up.values_list("synthetic", flat=True))
    events = Event.objects.count()
    make_district(now=NOW, grids=160)
    assert Event.objects.count() == events
