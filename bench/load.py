"""Fills a database with many cases by COPY, as a city would have gathered them: `python -m bench.load 1000000`.

For measuring only: rows are written past the actions, so they have no journal. 97 in 100 have ended; the rest
are open in every state, with a running clock each.
"""

import io
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

BATCH = 50_000
OPEN_SHARE = 0.03
OPEN_STATES = ("reported", "filed", "dispatched", "handling", "feedback", "verifying")
_NONE = r"\N"


def load(count: int, now: datetime) -> int:
    """Add rows until there are `count` cases. Returns how many were added. Aware `now`, UTC."""
    from django.db import connection

    from incidents.models import Incident

    have = Incident.objects.count()
    world = _World()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the words are computed below
        _drop_indexes(cursor, count - have)
        for first in range(have, count, BATCH):
            rows = "".join(_rows(first, min(first + BATCH, count), world, now))
            columns = ", ".join(_COLUMNS)
            cursor.copy_expert(f"COPY incidents_incident ({columns}) FROM STDIN", io.StringIO(rows))
            print(f"\r{min(first + BATCH, count):>9,} cases", end="", file=sys.stderr, flush=True)
        cursor.execute("SET session_replication_role = origin")
        _make_words(cursor)
        _make_indexes(cursor)
        cursor.execute("VACUUM ANALYZE incidents_incident")
    print(file=sys.stderr)
    return max(0, count - have)


_COLUMNS = (
    "number", "version", "state", "source", "item_id", "urgency", "risk", "title", "text", "address",
    "lon", "lat", "placed", "grid_code", "area_code", "centre_id", "unit_id", "external_id",
    "reporter_name", "reporter_phone", "reporter_phone_hash", "not_accepted", "confidential",
    "supervised", "urged_count", "escalated_level", "dispatch_round", "return_count", "returned_last",
    "rework_count", "reopened_count", "extension_count", "suspended_once", "suspension_reason",
    "suspension_note", "informed", "satisfaction", "rating_text", "allowance_kind", "reported_at",
    "updated_at", "ended_at", "due_at", "amber_at", "due_stage",
)  # fmt: skip


class _World:
    """What the rows refer to: grids with a point each, items, units."""

    def __init__(self) -> None:
        from accounts.models import Organisation
        from grids.models import Area
        from incidents.catalogue import active_version
        from incidents.models import CatalogueItem

        self.rng = random.Random(7)
        self.grids: list[Any] = list(
            Area.objects.filter(level="grid", min_lon__isnull=False).values_list(
                "code", "min_lon", "min_lat", "max_lon", "max_lat"
            )
        )
        self.items = list(
            CatalogueItem.objects.filter(version=active_version()).values_list("pk", "name")
        )
        units = Organisation.objects.exclude(department_kind="")
        self.units = list(units.values_list("pk", flat=True))
        self.centre = Organisation.objects.get(code="HX-CENTRE").pk


def _rows(first: int, end: int, world: _World, now: datetime) -> Iterator[str]:
    for n in range(first, end):
        row = _row(n, world, now)
        yield "\t".join(_text(row[column]) for column in _COLUMNS) + "\n"


def _text(value: Any) -> str:
    if value is None:
        return _NONE
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _row(n: int, world: _World, now: datetime) -> dict[str, Any]:
    rng = world.rng
    is_open = rng.random() < OPEN_SHARE
    age = timedelta(days=rng.uniform(0, 6) if is_open else rng.uniform(6, 600))
    reported = now - age
    state = rng.choice(OPEN_STATES) if is_open else "evaluated"
    grid, west, south, east, north = rng.choice(world.grids)
    item, name = rng.choice(world.items)
    due = reported + timedelta(hours=rng.uniform(2, 200)) if is_open else None
    with_unit = not is_open or state not in ("reported", "filed")
    row: dict[str, Any] = dict.fromkeys(_COLUMNS, "")
    row |= dict.fromkeys([c for c in _COLUMNS if c.endswith("_count") or c == "dispatch_round"], 0)
    row |= dict.fromkeys(("confidential", "supervised", "returned_last", "suspended_once"), False)
    return row | {
        "number": f"B{n:011d}",
        "version": 1,
        "escalated_level": 0,
        "state": state,
        "source": "grid",
        "item_id": item,
        "urgency": "normal",
        "risk": rng.choice(("blue", "yellow", "orange", "red")),
        "text": f"{name}，请尽快处理。编号{n % 9973}",
        "address": f"第{n % 977}号楼旁",
        "lon": rng.uniform(west, east),
        "lat": rng.uniform(south, north),
        "placed": "gps",
        "grid_code": grid,
        "area_code": grid,
        "centre_id": world.centre,
        "unit_id": rng.choice(world.units) if with_unit else None,
        "reported_at": reported,
        "updated_at": reported,
        "ended_at": None if is_open else reported + timedelta(days=5),
        "due_at": due,
        "amber_at": reported + (due - reported) * 0.8 if due else None,
        "due_stage": "handle" if is_open else "",
    }


# An index over a million new rows is built faster at the end than row by row.
_LATE_INDEXES = ("incident_search", "incident_place")


def _drop_indexes(cursor: Any, added: int) -> None:
    if added > BATCH:
        for name in _LATE_INDEXES:
            cursor.execute(f"DROP INDEX IF EXISTS {name}")


def _make_words(cursor: Any) -> None:
    cursor.execute(
        "UPDATE incidents_incident SET units = array_remove(ARRAY[unit_id], NULL),"
        " search = incident_search_words(number, title, address, text, area_code,"
        " array_remove(ARRAY[unit_id], NULL), reporter_id, checker_id, client_id)"
        " WHERE search IS NULL"
    )


def _make_indexes(cursor: Any) -> None:
    cursor.execute(
        "CREATE INDEX IF NOT EXISTS incident_search ON incidents_incident USING gin (search)"
    )
    cursor.execute(
        "CREATE INDEX IF NOT EXISTS incident_place ON incidents_incident "
        "USING gist (point(lon, lat)) WHERE lon IS NOT NULL AND lat IS NOT NULL"
    )


if __name__ == "__main__":
    from bench.ground import prepared

    with prepared():
        from django.utils import timezone

        print(load(int(sys.argv[1]), timezone.now()), "cases added")
