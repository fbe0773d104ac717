"""What helps while somebody is on the line: items, units, likely duplicates, places; one question, few queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Q

from accounts.actor import Actor
from accounts.roles import May
from grids.locate import locate
from grids.models import AreaStatus
from grids.queries import area_names, codes_above
from grids.queries import visible_to as areas_visible_to
from hotline.placing import home_of
from hotline.querysets import visible_to
from hotline.suggesting.items import SuggestedItem, suggest_items
from hotline.suggesting.units import SuggestedUnit, suggest_units
from incidents.catalogue import item_coded
from incidents.choices import Source
from incidents.duplicates import Duplicate, likely_duplicates
from incidents.item_search import entry_of
from incidents.querysets import visible_to as cases_visible_to

SHORTEST_PLACE = 2
MOST_AREAS, MOST_ADDRESSES = 8, 8


@dataclass(frozen=True)
class Hints:
    """What the form as typed speaks for. `place` are the names from the district down; `note`
    says where items stand on less than usual."""

    items: Sequence[SuggestedItem] = ()
    units: Sequence[SuggestedUnit] = ()
    alike: Sequence[Duplicate] = ()
    place: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True)
class PlaceFound:
    """Somewhere that a caller may mean: an area, or an address that somebody named before."""

    label: str
    note: str
    area_code: str
    address: str = ""
    lon: float | None = None
    lat: float | None = None


def hints_for(by: Actor, now: datetime, typed: Mapping[str, Any]) -> Hints:
    """Hints for what is typed so far; `typed` is the form as it stands."""
    text, code = str(typed.get("text", "")), str(typed.get("item", ""))
    lon, lat = _point(typed)
    area = _area(typed, lon, lat) or home_of(by)
    entry = entry_of(code) if code else None
    units: Sequence[SuggestedUnit] = ()
    if entry is not None:
        units = suggest_units(item_coded(code), area, source=Source.HOTLINE, at=now).units
    alike: Sequence[Duplicate] = ()
    if lon is not None and lat is not None:
        key = entry.key if entry else None
        alike = likely_duplicates(by=by, now=now, lon=lon, lat=lat, item_id=key, text=text)
    found = suggest_items(text)
    return Hints(found.items, units, alike, _names(area), found.note)


def _point(typed: Mapping[str, Any]) -> tuple[float | None, float | None]:
    try:
        lon, lat = float(typed["lon"]), float(typed["lat"])
    except (KeyError, TypeError, ValueError):
        return None, None
    inside = abs(lon) <= 180 and abs(lat) <= 90  # not true of what is no number
    return (lon, lat) if inside else (None, None)


def _area(typed: Mapping[str, Any], lon: float | None, lat: float | None) -> str:
    found = locate(lon, lat).grid_code if lon is not None and lat is not None else None
    return found or str(typed.get("area", ""))[:15]


def _names(area_code: str) -> list[str]:
    codes = [code for code in (*codes_above(area_code), area_code) if len(code) >= 6]
    names = area_names(set(codes))
    return [names[code] for code in codes if code in names]


def places_for(by: Actor, said: str) -> list[PlaceFound]:
    """Areas of that name, and addresses of earlier orders and cases, in the area for which calls are taken."""
    by.require(May.TAKE_CALLS)
    words = said.strip()[:60]
    if len(words) < SHORTEST_PLACE:
        return []
    return [*_areas(by, words), *_addresses(by, words)]


def _areas(by: Actor, words: str) -> list[PlaceFound]:
    called = Q(name__icontains=words) | Q(name_en__icontains=words)
    known = areas_visible_to(by).filter(called, status=AreaStatus.ACTIVE).order_by("code")
    found = list(known[:MOST_AREAS])
    names = area_names({code for area in found for code in codes_above(area.code)})
    return [
        PlaceFound(
            area.name,
            _said_above(codes_above(area.code), names),
            area.code,
        )
        for area in found
    ]


def _addresses(by: Actor, words: str) -> list[PlaceFound]:
    """Each address once, the newest first."""
    columns = ("address", "area_code", "lon", "lat")
    orders = visible_to(by).filter(address__icontains=words).order_by("-taken_at")
    cases = cases_visible_to(by).filter(address__icontains=words).order_by("-reported_at")
    rows = [*orders.values_list(*columns)[:50], *cases.values_list(*columns)[:50]]
    once: dict[str, tuple[str, float | None, float | None]] = {}
    for address, area, lon, lat in rows:
        once.setdefault(address, (area, lon, lat))
    newest = list(islice(once.items(), MOST_ADDRESSES))
    names = area_names({c for _, (area, _, _) in newest for c in (*codes_above(area), area)})
    return [
        PlaceFound(address, _said_above((*codes_above(area), area), names), area, address, lon, lat)
        for address, (area, lon, lat) in newest
    ]


def _said_above(codes: Iterable[str], names: Mapping[str, str]) -> str:
    """The district and what lies in it, down to the place."""
    return " › ".join(names[code] for code in codes if code in names and len(code) >= 6)
