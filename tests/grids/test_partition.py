"""A polygon is cut the same way every time, with nothing left over and nothing twice."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from grids.partition import apportion, in_reading_order, partition
from grids.projection import area_m2, areas_m2

HORSESHOE = shapely.box(117, 39, 117.03, 39.03) - shapely.box(117.01, 39.002, 117.02, 39.03)
RING = shapely.Point(117, 39).buffer(0.01).difference(shapely.Point(117, 39).buffer(0.008))
STRIP = shapely.box(117, 39, 117.2, 39.0002)
ISLANDS = shapely.MultiPolygon(
    [shapely.box(117, 39, 117.02, 39.02), shapely.box(117.03, 39, 117.031, 39.001)]
)
SHAPES = {"horseshoe": HORSESHOE, "ring": RING, "strip": STRIP, "islands": ISLANDS}


def prove(shape: BaseGeometry, parts: list[BaseGeometry], count: int) -> None:
    """All that a partition promises."""
    assert len(parts) == count
    assert all(part.is_valid and not part.is_empty for part in parts)
    assert shapely.coverage_is_valid(
        np.array(parts, dtype=object)
    )  # no overlap, borders shared exactly
    rest = shapely.symmetric_difference(shapely.union_all(parts), shape)
    assert float(areas_m2(np.array([rest], dtype=object))[0]) < 1e-3


@pytest.mark.parametrize("count", [1, 2, 7, 31])
@pytest.mark.parametrize("name", SHAPES)
def test_parts_are_the_whole_and_do_not_overlap(name: str, count: int) -> None:
    prove(SHAPES[name], partition(SHAPES[name], count), count)


@pytest.mark.parametrize("name", ["horseshoe", "ring", "strip"])
def test_parts_of_a_connected_shape_are_connected(name: str) -> None:
    assert all(part.geom_type == "Polygon" for part in partition(SHAPES[name], 13))


def test_there_are_no_slivers() -> None:
    for shape in (HORSESHOE, RING, STRIP):
        sizes = np.array([area_m2(part) for part in partition(shape, 23)])
        assert sizes.min() > 0.4 * sizes.mean()
        assert sizes.max() < 2 * sizes.mean()


def test_the_same_input_gives_the_same_parts() -> None:
    first, second = partition(HORSESHOE, 9), partition(HORSESHOE, 9)
    assert [part.wkb for part in first] == [part.wkb for part in second]


def test_a_small_island_goes_with_its_nearest_neighbour() -> None:
    parts = partition(ISLANDS, 2)
    assert sum(part.geom_type == "MultiPolygon" for part in parts) == 1


def test_parts_are_numbered_from_west_to_east_and_north_to_south() -> None:
    squares = [
        shapely.box(117 + x, 39 + y, 118 + x, 40 + y) for x, y in [(1, 0), (0, 1), (0, 0), (1, 1)]
    ]
    corners = [part.bounds[:2] for part in in_reading_order(squares)]
    assert corners == [(117, 40), (118, 40), (117, 39), (118, 39)]


@settings(max_examples=15, deadline=None)
@given(
    corners=st.lists(
        st.tuples(st.floats(0, 0.05), st.floats(0, 0.05)), min_size=4, max_size=12, unique=True
    ),
    count=st.integers(1, 12),
)
def test_any_shape_is_cut_whole(corners: list[tuple[float, float]], count: int) -> None:
    shape = shapely.union_all(
        [shapely.Point(117 + x, 39 + y).buffer(0.004, quad_segs=3) for x, y in corners]
    )
    prove(shape, partition(shape, count), count)


def test_nothing_can_be_cut_out_of_nothing() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        partition(shapely.Polygon(), 3)
    with pytest.raises(ValueError, match="at least one part"):
        partition(STRIP, 0)


@given(sizes=st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30), count=st.integers(1, 500))
def test_seats_are_shared_out_to_the_last_one(sizes: list[float], count: int) -> None:
    seats = apportion(sizes, count)
    assert sum(seats) == count
    assert count < len(sizes) or min(seats) >= 1


def test_seats_follow_size() -> None:
    assert apportion([50, 30, 20], 10) == [5, 3, 2]
    assert apportion([1000, 1, 1], 10) == [8, 1, 1]
