"""How long it takes to find the grid of a point, alone and in bulk.

    python -m bench.locate

Needs no database: it builds the index of a process as the application builds it from its rows. Grids are
irregular (Voronoi) with about a hundred vertices each, as surveyed ones have. One point in ten lies outside
every grid, so that the search for the nearest one is in the figures.
"""

import os
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]

DISTRICT, CITY = 435, 21_408  # grids; domain.md, sizing profiles
POINTS = 400_000
ALONE = 20_000


@dataclass(frozen=True)
class Measured:
    """What one size of territory gave."""

    grids: int
    build_seconds: float
    single_us: float
    bulk_per_second: float


def measure(grids: int) -> Measured:
    """Locate points in a territory of `grids` grids."""
    from grids import locate as locating

    codes, polygons, width, height = _territory(grids)
    began = perf_counter()
    index = locating.GridIndex(codes, polygons, frozenset())
    built = perf_counter() - began
    # As if the rows had just been read: no database is asked while this runs.
    locating._held, locating._checked_at = index, float("inf")  # noqa: SLF001
    lons, lats = _points(width, height)
    locating.locate_many(lons, lats)
    return Measured(grids, built, _single(lons, lats), _bulk(lons, lats))


def single_microseconds(grids: int = CITY) -> float:
    """Microseconds for one point, of a city's grids."""
    return measure(grids).single_us


def bulk_per_second(grids: int = CITY) -> float:
    """Points a second in bulk, of a city's grids."""
    return measure(grids).bulk_per_second


def _territory(grids: int) -> tuple[list[str], npt.NDArray[np.object_], float, float]:
    """(codes, polygons, width, height): about 400 m by 400 m each, south-west corner at 117° E, 39° N."""
    side = float(np.ceil(np.sqrt(grids)))
    width, height = 0.0046 * side, 0.0036 * side
    box = shapely.box(117.0, 39.0, 117.0 + width, 39.0 + height)
    random = np.random.default_rng(7)
    seeds = random.uniform([117.0, 39.0], [117.0 + width, 39.0 + height], (grids, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=box))
    polygons = shapely.segmentize(shapely.intersection(cells, box), 0.00018)
    codes = [f"1201030010{number:05d}" for number in range(len(polygons))]
    return codes, np.asarray(polygons, dtype=object), width, height


def _points(width: float, height: float) -> tuple[Floats, Floats]:
    """Nine in ten inside the territory, one in ten up to 300 m beside it."""
    random = np.random.default_rng(11)
    lons = 117.0 + random.uniform(0, width, POINTS)
    lats = 39.0 + random.uniform(0, height, POINTS)
    outside = random.random(POINTS) < 0.1
    lats[outside] = 39.0 - random.uniform(0.00001, 0.0027, int(outside.sum()))
    return lons, lats


def _single(lons: Floats, lats: Floats) -> float:
    from grids.locate import locate

    points = list(zip(lons[:ALONE].tolist(), lats[:ALONE].tolist(), strict=True))
    rounds = []
    for _round in range(5):
        began = perf_counter()
        for lon, lat in points:
            locate(lon, lat)
        rounds.append((perf_counter() - began) / ALONE * 1e6)
    return float(np.median(rounds))


def _bulk(lons: Floats, lats: Floats) -> float:
    from grids.locate import locate_many

    rounds = []
    for _round in range(5):
        began = perf_counter()
        locate_many(lons, lats)
        rounds.append(POINTS / (perf_counter() - began))
    return float(np.median(rounds))


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print("| grids | index built in | one point (budget 50 µs) | in bulk (budget 200,000/s) |")
    print("|---|---|---|---|")
    for grids in (DISTRICT, CITY):
        found = measure(grids)
        print(
            f"| {grids:,} | {found.build_seconds * 1000:.0f} ms"
            f" | {found.single_us:.1f} µs | {found.bulk_per_second:,.0f}/s |"
        )


if __name__ == "__main__":
    main()
