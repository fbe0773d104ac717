"""Cases as points on a map."""

import math
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from config.refusal import Refused
from incidents.models import Incident

Point = tuple[str, float, float, datetime | None, datetime | None, str | None]


class BadBox(Refused):
    """The box is not four numbers, or inside out."""

    def __init__(self) -> None:
        super().__init__(
            "bad_box",
            _("A box is four numbers in degrees: west, south, east, north."),
            400,
            field="box",
        )


def box_of(value: str) -> tuple[float, float, float, float]:
    """(west, south, east, north) in degrees from `w,s,e,n`. Raises BadBox."""
    try:
        west, south, east, north = (float(part) for part in value.split(","))
    except ValueError:
        raise BadBox from None
    if not all(map(math.isfinite, (west, south, east, north))) or west > east or south > north:
        raise BadBox
    return west, south, east, north


def in_box(cases: QuerySet[Incident], box: str, *, most: int) -> list[Point]:
    """At most `most` cases inside the box as (number, lon, lat, due, amber, item name), one index read."""
    west, south, east, north = box_of(box)
    inside: Any = RawSQL(
        "point(incidents_incident.lon, incidents_incident.lat) <@ box(point(%s, %s), point(%s, %s))",
        (east, north, west, south),
    )
    return list(
        cases.filter(lon__isnull=False)
        .filter(inside)
        .values_list("number", "lon", "lat", "due_at", "amber_at", "item__name")[:most]
    )
