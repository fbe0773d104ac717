"""Areas for tests: a small made-up territory with boundaries that are easy to reckon with."""

from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from grids.models import CODE_LENGTHS, Area
from grids.queries import parent_code

FOUNDED = date(2020, 1, 1)
LEVEL_BY_LENGTH = {length: level for level, length in CODE_LENGTHS.items()}


def area(code: str, shape: BaseGeometry | None = None, **fields: Any) -> Area:
    """A saved area at the level its code says, under its parent where that is saved."""
    fields.setdefault("name", f"区域{code}")
    fields.setdefault("valid_from", FOUNDED)
    parent = parent_code(code)
    if "parent_id" not in fields and Area.objects.filter(code=parent).exists():
        fields["parent_id"] = parent
    if shape is not None:
        fields["boundary"] = shapely.to_wkb(shape)
        fields["min_lon"], fields["min_lat"], fields["max_lon"], fields["max_lat"] = shape.bounds
    return Area.objects.create(code=code, level=LEVEL_BY_LENGTH[len(code)], **fields)


def square(column: int, row: int, size: float = 0.01, lon: float = 117.2, lat: float = 39.0) -> Any:
    """A square of `size` degrees: columns count eastwards, rows northwards from (lon, lat)."""
    west, south = lon + column * size, lat + row * size
    return shapely.box(west, south, west + size, south + size)


def district() -> Area:
    """河西区 with one subdistrict, two communities and four grids, each a square of 0.01 degrees.

    Grids …001001 and …001002 stand side by side in community …001, …002001 and …002002 north of them
    in community …002. The district reaches from (117.20, 39.00) to (117.22, 39.02).
    """
    area("1201", name="天津市", name_en="Tianjin")
    top = area(
        "120103", shapely.box(117.2, 39.0, 117.22, 39.02), name="河西区", name_en="Hexi District"
    )
    area("120103001", shapely.box(117.2, 39.0, 117.22, 39.02), name="大营门街道")
    for community, row in (("120103001001", 0), ("120103001002", 1)):
        south = 39.0 + row * 0.01
        area(
            community,
            shapely.box(117.2, south, 117.22, south + 0.01),
            name=f"{row + 1}号社区居委会",
        )
        for column in (0, 1):
            area(f"{community}{column + 1:03d}", square(column, row), name=f"网格{column + 1}")
    return top
