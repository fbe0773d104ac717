"""An area's boundary on its row: WKB, WGS 84, and the box around it."""

import shapely
from shapely.geometry.base import BaseGeometry

from grids.models import Area

# What `put_boundary` changes; for bulk_update.
BOUNDARY_FIELDS = (
    "boundary", "min_lon", "min_lat", "max_lon", "max_lat", "synthetic", "boundary_source", "version",
)  # fmt: skip


def shape_of(area: Area) -> BaseGeometry | None:
    """The area's boundary, or None where none is known."""
    if not area.boundary:
        return None
    shape: BaseGeometry = shapely.from_wkb(bytes(area.boundary))
    return shape


def put_boundary(area: Area, shape: BaseGeometry, *, source: str, synthetic: bool) -> bool:
    """Set the boundary on the unsaved row and raise its version; False where it was that boundary already."""
    wkb: bytes = shapely.to_wkb(shape, byte_order=1)
    if area.boundary and bytes(area.boundary) == wkb and area.synthetic == synthetic:
        return False
    fresh = area._state.adding
    area.boundary = wkb
    area.min_lon, area.min_lat, area.max_lon, area.max_lat = shape.bounds
    area.synthetic, area.boundary_source = synthetic, source[:120]
    area.version += 0 if fresh else 1
    return True
