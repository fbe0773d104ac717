"""What was read from a catalogue file, before anything is written: items, limits, and every odd row."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.choices import Urgency


class Odd(models.TextChoices):
    """What can be odd about a row. The report names the row, the text, and what was done."""

    LIMIT = "limit", _("The limit could not be read; kept in its own words for a person")
    UNITS_GLUED = "units_glued", _("“及” or “和” joins units; kept as one, a person may divide it")
    UNITS_FRAGMENT = (
        "units_fragment",
        _("A piece between “、” is no unit of its own; kept together with the next piece"),
    )
    UNITS_BREAK = "units_break", _("A line break divides units; read as “、”")
    SPACES = "spaces", _("Spaces or a line break inside; taken out of names, kept in conditions")
    ALIKE_UNITS = "alike_units", _("Two names of units that look alike; both kept")
    SAME_NAME = "same_name", _("The same name under two codes; both kept")
    TWO_NAMES = "two_names", _("One code with two names; the first is kept")
    SAME_CONDITION = (
        "same_condition",
        _("The same condition twice with different limits; both kept"),
    )
    REPEATED = "repeated", _("The same row twice; read once")
    NO_CODE = "no_code", _("A row without code or name; not read")
    TOO_LONG = "too_long", _("Longer than can be kept; not read")
    BAD_VALUE = "bad_value", _("A value that cannot be; not read")


# A row of which something would be lost: such a file is not imported until it is mended.
FATAL = frozenset({Odd.NO_CODE, Odd.TOO_LONG, Odd.BAD_VALUE})


@dataclass(frozen=True)
class Oddity:
    """One odd thing: the row of the file (0 for the file as a whole), its column's name, the text as written."""

    odd: Odd
    row: int
    column: str
    text: str
    note: str = ""

    def stored(self) -> dict[str, Any]:
        """As JSON, for the report kept with the edition."""
        return {
            "odd": str(self.odd),
            "row": self.row,
            "column": self.column,
            "text": self.text,
            "note": self.note,
        }

    @classmethod
    def kept(cls, stored: Mapping[str, Any]) -> "Oddity":
        """Back from `stored`."""
        return cls(
            Odd(stored["odd"]), stored["row"], stored["column"], stored["text"], stored["note"]
        )


@dataclass(frozen=True)
class LimitRow:
    """A limit of an item as read; `needs_person` is the stored code of why it has no value."""

    urgency: Urgency
    value: Decimal | None
    kind: str
    verbatim: str
    condition: str = ""
    closing_condition: str = ""
    handling_units: tuple[str, ...] = ()
    supervising_units: tuple[str, ...] = ()
    needs_person: str = ""


@dataclass(frozen=True)
class ItemRow:
    """An item as read."""

    code: str
    name: str
    class_code: str
    class_name: str
    sub_code: str
    sub_name: str
    name_en: str = ""
    class_name_en: str = ""
    sub_name_en: str = ""
    department_kind: str = ""
    self_handle: bool = False
    triple: tuple[int, int, int] | None = None
    filing_standards: tuple[str, ...] = ()
    closing_standards: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    source: str = ""
    limits: tuple[LimitRow, ...] = ()


@dataclass
class ReadCatalogue:
    """A whole file as read. `format` is `composed` (nine classes, triple) or `city` (components and events)."""

    format: str
    rows: int = 0
    items: list[ItemRow] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    days_are: str = ""
    hours_are: str = ""
    assumed: int = 0  # limits read by the importer's statement about bare days and hours

    def odd(self, odd: Odd, row: int, column: str, text: str, note: str = "") -> None:
        """Note something odd."""
        self.oddities.append(Oddity(odd, row, column, text, str(note)))

    @property
    def fatal(self) -> list[Oddity]:
        """What stands against importing at all."""
        return [oddity for oddity in self.oddities if oddity.odd in FATAL]

    @property
    def limits(self) -> Iterable[LimitRow]:
        return (limit for item in self.items for limit in item.limits)

    def fingerprint(self) -> str:
        """SHA-256 of everything that would be written; the file's own bytes and layout do not matter."""
        told = [self.format, [_plain(item) for item in self.items]]
        text = json.dumps(told, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def counts(self) -> dict[str, int]:
        """The figures of the report."""
        limits = list(self.limits)
        return {
            "rows": self.rows,
            "classes": len({item.class_code for item in self.items}),
            "subclasses": len({item.sub_code for item in self.items}),
            "items": len(self.items),
            "limits": len(limits),
            "urgent": sum(limit.urgency == Urgency.URGENT for limit in limits),
            "several_limits": sum(_several(item) for item in self.items),
            "self_handle": sum(item.self_handle for item in self.items),
            "handling_units": len({u for limit in limits for u in limit.handling_units}),
            "supervising_units": len({u for limit in limits for u in limit.supervising_units}),
            "needs_person": sum(bool(limit.needs_person) for limit in limits),
            "assumed": self.assumed,
            "odd": len(self.oddities),
        }

    def kinds(self) -> dict[str, int]:
        """How many limits of each kind of allowance ("" for those that wait for a person)."""
        return dict(Counter(limit.kind for limit in self.limits).most_common())

    def report(self) -> dict[str, Any]:
        """All of it as JSON, kept with the edition."""
        return {
            "format": self.format,
            "counts": self.counts(),
            "kinds": self.kinds(),
            "days_are": self.days_are,
            "hours_are": self.hours_are,
            "oddities": [oddity.stored() for oddity in self.oddities],
        }


def _several(item: ItemRow) -> bool:
    return len(item.limits) > len({limit.urgency for limit in item.limits})


def _plain(item: ItemRow) -> dict[str, Any]:
    stored = {**item.__dict__, "limits": [dict(limit.__dict__) for limit in item.limits]}
    for limit in stored["limits"]:
        limit["value"] = None if limit["value"] is None else str(limit["value"].normalize())
    return stored
