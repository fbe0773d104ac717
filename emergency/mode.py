"""Peace or emergency (平战): the mode of an area, for every room, and what the banner of every page reads.

`mode_of` asks the database and is right at once: decisions are made by it. The banner reads one value in the cache,
written anew whenever an activation's transaction has been committed; should a process die in between, the value is
`KEPT_SECONDS` old at most.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from redis.exceptions import RedisError

from emergency.choices import RANK, EventKind, Level, State
from emergency.models import Activation
from grids.models import Area
from grids.queries import codes_above
from incidents.catalogue_words import spoken

KEY, KEPT_SECONDS = "emergency.in_force", 30
_REFRESHING = 0x454D4552  # one process at a time reads and writes the value


@dataclass(frozen=True)
class InForce:
    """An activation that is in force."""

    number: str
    area_code: str
    kind: EventKind
    level: Level
    since: datetime
    instructions: str
    name: str
    name_en: str

    @property
    def area_name(self) -> str:
        """In the reader's language; it came along, so a banner asks no database."""
        return spoken(self.name, self.name_en)

    def covers(self, area_code: str) -> bool:
        return area_code.startswith(self.area_code)


@dataclass(frozen=True)
class Mode:
    """What holds in an area: `declared` by the widest area first. The gravest level counts."""

    declared: Sequence[InForce] = ()

    @property
    def is_emergency(self) -> bool:
        return bool(self.declared)

    @property
    def gravest(self) -> InForce | None:
        return min(self.declared, key=lambda one: RANK[one.level], default=None)

    @property
    def level(self) -> Level | None:
        return self.gravest.level if self.gravest else None


def mode_of(area_code: str) -> Mode:
    """The mode of an area now, as committed: by its own activation and by those above it. One query."""
    return Mode(in_force_at([*codes_above(area_code), area_code]))


def in_force_at(codes: Collection[str]) -> list[InForce]:
    """What is declared for exactly these areas, the widest first. One query, none for no codes."""
    return _read(area_code__in=codes) if codes else []


def in_force() -> Sequence[InForce]:
    """Every activation that is in force, from the cache; from the database where the cache has none or is gone."""
    try:
        known = cache.get(KEY)
        if known is None:
            known = _read()
            cache.add(KEY, known, KEPT_SECONDS)  # never over what a writer has just put there
    except RedisError:
        return _read()
    return list(known)


def refresh_once_committed() -> None:
    """Let the banners change when the transaction has been committed; called by whoever writes activations."""
    transaction.on_commit(_refresh)


def _refresh() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REFRESHING])
        with suppress(RedisError):  # what is kept there ends by itself
            cache.set(KEY, _read(), KEPT_SECONDS)


def _read(**narrowed: Any) -> list[InForce]:
    rows = Activation.objects.filter(state=State.DECLARED, **narrowed).order_by("area_code")
    fields = ("number", "area_code", "kind", "level", "declared_at", "instructions")
    found = list(rows.values_list(*fields))
    codes = {area for _number, area, *_rest in found}
    areas = Area.objects.filter(code__in=codes).values_list("code", "name", "name_en")
    names = {code: (name, name_en) for code, name, name_en in areas} if codes else {}
    return [
        InForce(
            number, area, EventKind(kind), Level(level), since, text, *names.get(area, (area, ""))
        )
        for number, area, kind, level, since, text in found
    ]
