"""Which grid a point lies in, and what happens to points that lie in none."""

import math
from datetime import date

import numpy as np
import pytest
import shapely
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from grids.locate import How, boundary_number, locate, locate_many
from grids.models import Area
from tests.grids.factories import area, district, square

pytestmark = pytest.mark.django_db


def test_a_point_lies_in_its_grid() -> None:
    district()
    found = locate(117.215, 39.005)
    assert (found.grid_code, found.how, found.distance_m) == ("120103001001002", How.INSIDE, 0.0)
    assert not found.approximate


def test_a_point_on_a_shared_border_has_one_grid_every_time() -> None:
    district()
    assert locate(117.21, 39.005).grid_code == "120103001001001"
    assert locate(117.21, 39.01).grid_code == "120103001001001"


def test_a_point_just_outside_goes_to_the_nearest_grid_and_says_how_far() -> None:
    district()
    found = locate(117.2, 38.999)  # 0.001 degrees south
    assert (found.grid_code, found.how) == ("120103001001001", How.NEAREST)
    assert found.distance_m == pytest.approx(111.0, abs=0.2)
    assert found.approximate


def test_east_and_north_are_measured_alike() -> None:
    district()
    east, north = locate(117.2212, 39.005), locate(117.215, 39.0212)
    assert east.distance_m == pytest.approx(0.0012 * 86_572, abs=0.5)
    assert north.distance_m == pytest.approx(0.0012 * 111_018, abs=0.5)


def test_a_point_out_of_reach_is_kept_for_a_person_to_place(settings: Settings) -> None:
    district()
    found = locate(117.2, 38.99)
    assert (found.grid_code, found.how, found.distance_m) == (None, How.UNPLACED, 0.0)
    settings.LOCATE_NEAREST_METRES = 2000
    assert locate(117.2, 38.99).how is How.NEAREST


def test_nothing_is_found_where_there_are_no_grids() -> None:
    assert locate(117.2, 39.0).how is How.UNPLACED
    assert not locate_many([117.2], [39.0])[0].grid_code


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(math.nan, 39.0), (117.0, math.nan), (math.inf, 39.0), (117.0, -math.inf), (181, 0), (0, 91)],
)
def test_what_is_no_place_on_earth_is_refused_with_a_sentence(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match=r"number of degrees|度"):
        locate(lon, lat)
    with pytest.raises(ValueError, match=r"number of degrees|度"):
        locate_many([117.2, lon], [39.0, lat])


def test_many_points_get_what_each_would_get_alone() -> None:
    district()
    random = np.random.default_rng(3)
    lons, lats = random.uniform(117.19, 117.23, 2000), random.uniform(38.99, 39.03, 2000)
    many = locate_many(lons, lats)
    alone = [locate(x, y) for x, y in zip(lons, lats, strict=True)]
    assert {one.how for one in alone} == set(How)
    for i, one in enumerate(alone):
        assert many[i].grid_code == one.grid_code
        assert many[i].distance_m == pytest.approx(one.distance_m)


def test_the_poles_are_places_too() -> None:
    district()
    assert locate(0, 90).how is How.UNPLACED
    assert locate_many([0, 117.205], [-90, 39.005]).codes.tolist() == ["", "120103001001001"]


def test_a_changed_boundary_counts_at_once() -> None:
    district()
    assert locate(117.205, 39.005).grid_code == "120103001001001"
    Area.objects.filter(code="120103001001001").update(boundary=shapely.to_wkb(square(5, 5)))
    assert locate(117.255, 39.055).grid_code == "120103001001001"
    assert locate(117.205, 39.005).how is How.UNPLACED


def test_a_retired_grid_has_no_points() -> None:
    district()
    Area.objects.filter(code="120103001001001").update(status="retired", valid_to=date(2026, 1, 1))
    assert locate(117.2099, 39.005).grid_code == "120103001001002"


def test_a_made_up_boundary_is_known_as_one() -> None:
    area("120103001001001", square(0, 0), synthetic=True)
    assert locate(117.205, 39.005).synthetic
    assert locate_many([117.205], [39.005])[0].synthetic


def test_two_grids_that_overlap_leave_the_point_to_the_smaller_code() -> None:
    area("120103001001002", square(0, 0))
    area("120103001001001", square(0, 0))
    assert locate(117.205, 39.005).grid_code == "120103001001001"


def test_every_write_raises_the_version_however_it_is_made() -> None:
    area("120103001001001", square(0, 0))
    first = boundary_number()
    Area.objects.update(name="改名")
    second = boundary_number()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grids_area SET synthetic = true")
    assert first < second < boundary_number()


def test_a_rolled_back_version_is_never_given_again() -> None:
    area("120103001001001", square(0, 0))
    with transaction.atomic():
        Area.objects.update(boundary=shapely.to_wkb(square(5, 5)))
        undone = boundary_number()
        assert locate(117.255, 39.055).how is How.INSIDE
        transaction.set_rollback(True)
    Area.objects.update(synthetic=True)
    assert boundary_number() > undone
    assert locate(117.255, 39.055).how is How.UNPLACED


def test_an_area_cannot_be_deleted_nor_its_code_changed() -> None:
    area("120103001001001", square(0, 0))
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.update(code="120103001001009")


def test_asking_twice_within_a_moment_asks_the_database_once(
    settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    district()
    locate(117.205, 39.005)
    settings.LOCATE_CHECK_SECONDS = 60.0
    with django_assert_num_queries(0):
        locate(117.205, 39.005)
