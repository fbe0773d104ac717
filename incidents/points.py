"""Cases as points on a map."""

import math
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from config.refusal import Refused
from incidents.duplicates import in_box
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


def points_in(cases: QuerySet[Incident], box: str, *, most: int) -> list[Point]:
    """At most `most` cases inside the box as (number, lon, lat, due, amber, item name), one index read."""
    inside = in_box(cases, *box_of(box))
    columns = ("number", "lon", "lat", "due_at", "amber_at", "item__name")
    return list(inside.order_by().values_list(*columns)[:most])
