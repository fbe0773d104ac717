"""From item, place, source and time to the unit that acted on like cases before.

Dispatches are counted, not fitted: how often a unit was sent a case like this one and kept it, and how often it
returned it. "Like" is tried from narrow to wide (the item in this subdistrict, the item in this district, the
subclass in this subdistrict, …); the narrowest that has enough cases speaks, and says so. Source and time of day decide
between units that act on the same matter in the same place (a night shift, a hotline's own crew).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from typing import Any

from hotline.suggesting.packing import Unreadable, pack, unpack

KIND = "units"
ENOUGH = 5  # like cases: fewer say little, and a wider circle is asked
_SUBDISTRICT, _DISTRICT = 9, 6
# A return says more than a dispatch that nobody refused: the unit itself has looked and said no.
RETURN_COUNTS = 2


@dataclass(frozen=True)
class Dispatched:
    """One lead unit told to act: on what, where, from which source, at what time of day, and whether it returned it."""

    item: str
    subclass: str
    area_code: str
    source: str
    part_of_day: str
    unit: str
    returned: bool


@dataclass(frozen=True)
class Counted:
    """How often a unit was sent like cases, of how many in all, and how often it returned one.

    `circle` says what "like" means: `item` or `subclass`, in the `subdistrict` or the `district`.
    """

    unit: str
    kept: int
    returned: int
    of: int
    circle: tuple[str, str]
    worth: float


Circle = tuple[str, str, str, str]  # item or subclass, its code, subdistrict or district, its code
CIRCLES: tuple[tuple[str, str], ...] = (
    ("item", "subdistrict"),
    ("item", "district"),
    ("subclass", "subdistrict"),
    ("subclass", "district"),
)


def circles(item: str, subclass: str, area_code: str) -> list[Circle]:
    """The circles of like cases around one case, the narrowest first. Without a place none."""
    matter = {"item": item, "subclass": subclass}
    place = {"subdistrict": area_code[:_SUBDISTRICT], "district": area_code[:_DISTRICT]}
    exact = {"subdistrict": len(area_code) >= _SUBDISTRICT, "district": len(area_code) >= _DISTRICT}
    return [(m, matter[m], p, place[p]) for m, p in CIRCLES if matter[m] and exact[p]]


@dataclass
class UnitModel:
    """Counts of dispatches: circle → unit → (kept, returned); and of which source and time a unit's cases were."""

    sent: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    habits: dict[str, dict[str, int]] = field(default_factory=dict)

    def likely(
        self, *, item: str, subclass: str, area_code: str, source: str = "", part_of_day: str = ""
    ) -> list[Counted]:
        """The units that acted on like cases, best first; none where too few are known."""
        for circle in circles(item, subclass, area_code):
            sent = self.sent.get("|".join(circle), {})
            total = sum(kept + returned for kept, returned in sent.values())
            if total < ENOUGH:
                continue
            found = [
                Counted(
                    unit,
                    kept,
                    returned,
                    total,
                    (circle[0], circle[2]),
                    self._worth(unit, kept, returned, total, source, part_of_day),
                )
                for unit, (kept, returned) in sent.items()
            ]
            return sorted(found, key=lambda one: (-one.worth, one.unit))
        return []

    def _worth(
        self, unit: str, kept: int, returned: int, total: int, source: str, part_of_day: str
    ) -> float:
        """The share of like cases that the unit kept, less what it returned; a little more where the hour fits."""
        share = (kept - RETURN_COUNTS * returned) / total
        habits = self.habits.get(unit, {})
        every = habits.get("", 0)
        fits = sum(
            log((habits.get(mark, 0) + 1) / (every / width + 1))
            for mark, width in ((f"source:{source}", 6), (f"part:{part_of_day}", 3))
            if every
        )
        return share + 0.05 * max(-2.0, min(2.0, fits))

    def packed(self) -> bytes:
        """As the bytes of a file."""
        return pack({"kind": KIND, "sent": self.sent, "habits": self.habits}, {})

    @classmethod
    def unpacked(cls, data: bytes) -> "UnitModel":
        """From the bytes of a file. Raises Unreadable."""
        facts, _arrays = unpack(data)
        if facts.get("kind") != KIND:
            raise Unreadable("not a model of units")
        return cls(_counts(facts.get("sent")), _counts(facts.get("habits")))


def _counts(given: Any) -> Any:
    if not isinstance(given, Mapping):
        raise Unreadable("no counts")
    return dict(given)


def count(cases: Iterable[Dispatched]) -> UnitModel:
    """Learn from dispatches: every one that stood counts for its unit, every one that was returned against it."""
    sent: dict[str, dict[str, list[int]]] = defaultdict(dict)
    habits: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        for circle in circles(case.item, case.subclass, case.area_code):
            row = sent["|".join(circle)].setdefault(case.unit, [0, 0])
            row[case.returned] += 1
        if not case.returned:
            marks = ("", f"source:{case.source}", f"part:{case.part_of_day}")
            habits[case.unit].update(marks)
    return UnitModel(dict(sent), {unit: dict(marks) for unit, marks in habits.items()})


def part_of_day(hour: int) -> str:
    """Of a local hour: `day` (6 to 17), `evening` (18 to 21) or `night`."""
    if 6 <= hour < 18:
        return "day"
    return "evening" if 18 <= hour < 22 else "night"
