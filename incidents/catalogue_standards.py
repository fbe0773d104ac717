"""What is ticked at filing and at closing, and which photos are demanded.

A city's standard words its own conditions, limit by limit. The shipped catalogue has none: its lines are the
product's own defaults (`catalogue_standards.csv`), derived from class and harm, and every page labels them so.
"""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Literal

from incidents.catalogue_words import STANDARDS, own_lines
from incidents.catalogue_words import line as in_words
from incidents.choices import PhotoKind
from incidents.models import CatalogueItem, ItemLimit

Moment = Literal["filing", "closing"]
# Visits and disputes happen between people: there is no scene to photograph.
_WITHOUT_SCENE = frozenset({"08", "09"})


@dataclass(frozen=True)
class _Row:
    applies_to: frozenset[str]
    stage: str
    zh: str


@dataclass(frozen=True)
class Line:
    """A line to tick. `text` is as stored, `words` in the reader's language; `ours` marks a product default."""

    text: str
    words: str
    ours: bool


@cache
def _rows() -> tuple[_Row, ...]:
    with STANDARDS.open(encoding="utf-8", newline="") as file:
        return tuple(
            _Row(frozenset(row["applies_to"].split()), row["stage"], row["zh"])
            for row in csv.DictReader(file)
        )


def default_lines(stage: Moment, class_code: str, harm: int | None) -> list[str]:
    """The product's lines (in Chinese, as they are stored) for an item of this class and harm."""
    return [
        row.zh
        for row in _rows()
        if row.stage == stage
        and (class_code in row.applies_to or ("harm" in row.applies_to and harm == 3))
    ]


def default_evidence(class_code: str, harm: int | None) -> list[str]:
    """The photos demanded by default: the scene, and afterwards; harm 3 always before, afterwards and a check
    on the spot (domain section 6). Self-handling demands before and afterwards by itself (`self_close`)."""
    if harm == 3:
        return [str(kind) for kind in PhotoKind]
    return [] if class_code in _WITHOUT_SCENE else [str(PhotoKind.SCENE), str(PhotoKind.AFTER)]


def line(text: str) -> Line:
    """A stored line as it is shown."""
    return Line(text, in_words(text), text in own_lines())


def filing_lines(item: CatalogueItem, limit: ItemLimit | None = None) -> list[Line]:
    """What is ticked at filing: the condition that the chosen limit stands for, then the item's lines."""
    own = [limit.condition] if limit is not None and limit.condition else []
    return [line(text) for text in [*own, *item.filing_standards]]


def closing_lines(item: CatalogueItem, limit: ItemLimit | None = None) -> list[Line]:
    """What is ticked at closing: what the limit's row of the standard demands, then the item's lines."""
    own = [limit.closing_condition] if limit is not None and limit.closing_condition else []
    return [line(text) for text in [*own, *item.closing_standards]]
