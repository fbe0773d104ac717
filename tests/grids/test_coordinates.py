"""Coordinate systems against points that are published with well-known libraries."""

import numpy as np
import pytest
from fast_geocn import coord

from grids.coordinates import SYSTEMS, from_wgs84, in_china, to_wgs84

Pair = tuple[float, float]

# (WGS 84, GCJ-02) in Shanghai, Shenzhen and Beijing, from the tests of the library eviltransform.
SHIFTED = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
# (GCJ-02, BD-09) at Tiananmen, from the tests of the library coordtransform.
BAIDU = ((116.404, 39.915), (116.41036949371029, 39.92133699351021))


@pytest.mark.parametrize(("plain", "shifted"), SHIFTED)
def test_known_points_are_met_both_ways(plain: Pair, shifted: Pair) -> None:
    assert from_wgs84(*plain, "gcj02") == pytest.approx(shifted, abs=1e-9)
    assert to_wgs84(*shifted, "gcj02") == pytest.approx(plain, abs=1e-9)


def test_baidu_is_the_shifted_system_shifted_again() -> None:
    gcj02, bd09 = BAIDU
    assert from_wgs84(*to_wgs84(*gcj02, "gcj02"), "bd09") == pytest.approx(bd09, abs=1e-9)
    assert to_wgs84(*bd09, "bd09") == pytest.approx(to_wgs84(*gcj02, "gcj02"), abs=1e-9)


def test_another_implementation_agrees_everywhere_in_china() -> None:
    random = np.random.default_rng(7)
    lons, lats = random.uniform(74, 134, 500), random.uniform(18, 53, 500)
    east, north = from_wgs84(lons, lats, "gcj02")
    theirs = np.array([coord.wgs84_to_gcj02(x, y) for x, y in zip(lons, lats, strict=True)])
    assert np.abs(east - theirs[:, 0]).max() < 1e-9
    assert np.abs(north - theirs[:, 1]).max() < 1e-9


@pytest.mark.parametrize("crs", SYSTEMS)
def test_there_and_back_is_where_one_started(crs: str) -> None:
    random = np.random.default_rng(11)
    lons, lats = random.uniform(73, 136, 20_000), random.uniform(4, 54, 20_000)
    back = to_wgs84(*from_wgs84(lons, lats, crs), crs)
    assert np.abs(back[0] - lons).max() < 1e-9  # a tenth of a millimetre
    assert np.abs(back[1] - lats).max() < 1e-9


@pytest.mark.parametrize("crs", SYSTEMS)
def test_points_outside_china_are_not_shifted(crs: str) -> None:
    london = (-0.1276, 51.5072)
    assert to_wgs84(*london, crs) == london
    assert from_wgs84(*london, crs) == london


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000"])
def test_the_national_system_is_taken_as_wgs84(crs: str) -> None:
    assert to_wgs84(117.2, 39.1, crs) == (117.2, 39.1)


def test_arrays_give_arrays_and_numbers_numbers() -> None:
    lon, _lat = to_wgs84(117.2, 39.1, "gcj02")
    lons, _lats = to_wgs84(np.array([117.2, -0.1]), np.array([39.1, 51.5]), "gcj02")
    assert isinstance(lon, float)
    assert lons.tolist() == [lon, -0.1]


def test_an_unknown_system_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="bd09"):
        to_wgs84(117.2, 39.1, "utm")


def test_china_ends_somewhere() -> None:
    assert in_china(117.2, 39.1)
    assert not in_china(39.1, 117.2)
