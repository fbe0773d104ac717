"""What a supervisor watches: every open case in scope that is amber or red, and their spread over units and areas."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.roles import May
from grids.queries import area_names
from incidents.choices import OPEN
from incidents.models import Incident
from incidents.querysets import visible_to, within

# The tables beside the list count so many cases, the oldest ones, and no more.
MOST = 2000
_LEVELS = (4, 6, 9, 12, 15)


def watched(actor: Actor, now: datetime) -> QuerySet[Incident]:
    """The open cases of the areas that the actor supervises whose present deadline is near or has passed."""
    areas = [within(prefix) for prefix in actor.area_prefixes(May.SUPERVISE)]
    mine = reduce(or_, areas) if areas else Q(pk__in=())
    return visible_to(actor).filter(mine, state__in=OPEN, amber_at__lte=now)


@dataclass(frozen=True)
class Tally:
    """A unit or an area with its late cases. `key` is what the filter of the list takes."""

    key: str
    name: str
    red: int
    amber: int


@dataclass(frozen=True)
class Spread:
    """How the watched cases spread. `capped`: there are more than `MOST`, and only the oldest were counted."""

    units: list[Tally]
    areas: list[Tally]
    red: int
    amber: int
    capped: bool


def spread(actor: Actor, now: datetime) -> Spread:
    """Count the watched cases by unit and by the level of area below the actor's own. One bounded read of the index
    over open cases, and two of names, however many cases there are."""
    rows = list(
        watched(actor, now)
        .order_by("due_order", "id")
        .values_list("unit_id", "area_code", "due_at")[: MOST + 1]
    )
    counted = rows[:MOST]
    digits = _digits_below(actor)
    by_unit = _count((str(unit or ""), _is_red(due, now)) for unit, _area, due in counted)
    by_area = _count((area[:digits], _is_red(due, now)) for _unit, area, due in counted)
    red = sum(1 for _unit, _area, due in counted if _is_red(due, now))
    return Spread(
        _tallies(by_unit, _unit_names(by_unit)),
        _tallies(by_area, area_names(set(by_area))),
        red,
        len(counted) - red,
        len(rows) > MOST,
    )


def _is_red(due: datetime | None, now: datetime) -> bool:
    return due is not None and due < now


def _digits_below(actor: Actor) -> int:
    own = min((len(prefix) for prefix in actor.area_prefixes(May.SUPERVISE)), default=0)
    return next((digits for digits in _LEVELS if digits > own), _LEVELS[-1])


def _count(pairs: Iterable[tuple[str, bool]]) -> dict[str, Counter[bool]]:
    counts: dict[str, Counter[bool]] = {}
    for key, red in pairs:
        counts.setdefault(key, Counter())[red] += 1
    return counts


def _unit_names(keys: Iterable[str]) -> Mapping[str, str]:
    units = Organisation.objects.in_bulk([int(key) for key in keys if key])
    return {str(pk): unit.shown_name for pk, unit in units.items()}


def _tallies(counts: Mapping[str, Counter[bool]], names: Mapping[str, str]) -> list[Tally]:
    """The one with most red first."""
    found = [
        Tally(key, names.get(key, key), count[True], count[False]) for key, count in counts.items()
    ]
    return sorted(found, key=lambda tally: (-tally.red, -tally.amber, tally.key))
