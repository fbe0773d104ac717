"""Cases that are likely the same matter: near in place and time, of the same item or in much the same words."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

from django.conf import settings
from django.db.models import BooleanField, F, Field, Func, QuerySet, Value

from accounts.actor import Actor
from incidents.choices import State
from incidents.models import Incident
from incidents.querysets import visible_to

_EARTH_METRES = 6_371_000.0
_DEGREE_METRES = 111_000.0
MOST_CANDIDATES = 50
MOST_SHOWN = 5
# Share of common pairs of characters from which words of different items are taken for the same matter.
ALIKE = 0.35


@dataclass(frozen=True)
class Duplicate:
    """A case that may be the same: how far away (metres), and how alike its words are (0 to 1)."""

    incident: Incident
    distance_m: float
    similarity: float
    same_item: bool


class _Point(Func):
    """PostgreSQL's own point, longitude first: what the index over places holds."""

    function = "point"
    output_field = Field()


class _Box(Func):
    function = "box"
    output_field = Field()


class _Inside(Func):
    template = "(%(expressions)s)"
    arg_joiner = " <@ "
    output_field = BooleanField()


def in_box(
    cases: QuerySet[Incident], west: float, south: float, east: float, north: float
) -> QuerySet[Incident]:
    """The cases whose point lies in a box (degrees, WGS 84)."""
    corners = [_Point(Value(float(x)), Value(float(y))) for x, y in ((west, south), (east, north))]
    placed = cases.filter(lon__isnull=False, lat__isnull=False)
    return placed.filter(_Inside(_Point(F("lon"), F("lat")), _Box(*corners)))


def likely_duplicates(
    *,
    by: Actor,
    now: datetime,
    lon: float,
    lat: float,
    item_id: int | None = None,
    text: str = "",
    except_id: int | None = None,
) -> list[Duplicate]:
    """Cases that the actor may see, reported within `DUPLICATE_HOURS` and `DUPLICATE_METRES` of the point
    (degrees, WGS 84): of the same item, or in similar words. The likeliest first, five at most.
    """
    reach = settings.DUPLICATE_METRES
    candidates = (
        in_box(visible_to(by), *_box(lon, lat, reach))
        .filter(
            reported_at__gte=now - timedelta(hours=settings.DUPLICATE_HOURS), reported_at__lte=now
        )
        .exclude(state=State.WITHDRAWN)
        .exclude(pk=except_id or 0)
        .select_related("item")
        .order_by("-reported_at")[:MOST_CANDIDATES]
    )
    weighed = [_weigh(case, lon, lat, item_id, text) for case in candidates]
    likely = [
        d for d in weighed if d.distance_m <= reach and (d.same_item or d.similarity >= ALIKE)
    ]
    likely.sort(key=lambda d: (-d.same_item, -d.similarity, d.distance_m))
    return likely[:MOST_SHOWN]


def _weigh(case: Incident, lon: float, lat: float, item_id: int | None, text: str) -> Duplicate:
    assert case.lon is not None
    assert case.lat is not None
    return Duplicate(
        case,
        round(metres_between(lon, lat, case.lon, case.lat), 1),
        round(similarity(text, case.text), 2),
        item_id is not None and case.item_id == item_id,
    )


def _box(lon: float, lat: float, reach: float) -> tuple[float, float, float, float]:
    """A box of degrees that holds everything within `reach` metres."""
    high = reach / _DEGREE_METRES
    wide = high / max(cos(radians(lat)), 0.01)
    return lon - wide, lat - high, lon + wide, lat + high


def metres_between(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Along the ground, on a sphere."""
    wide, high = radians(lon2 - lon1), radians(lat2 - lat1)
    chord = sin(high / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(wide / 2) ** 2
    return 2 * _EARTH_METRES * asin(min(1.0, sqrt(chord)))


def similarity(one: str, other: str) -> float:
    """0 to 1: the pairs of neighbouring characters that two texts share, of those that the shorter has."""
    first, second = _pairs(one), _pairs(other)
    fewest = min(len(first), len(second))
    return len(first & second) / fewest if fewest else 0.0


def _pairs(text: str) -> set[str]:
    letters = [ch for ch in unicodedata.normalize("NFKC", text).lower() if ch.isalnum()]
    return {a + b for a, b in pairwise(letters)}
