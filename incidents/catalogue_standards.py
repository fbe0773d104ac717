"""What is ticked at filing and at closing, and which photos are demanded.

A city's standard words its own conditions, limit by limit. The shipped catalogue has none: its lines are the
product's own defaults (`catalogue_standards.csv`), derived from class and harm, and every page labels them so.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from incidents.catalogue_words import spoken
from incidents.choices import PhotoKind
from incidents.models import CatalogueItem, ItemLimit

FILE = Path(__file__).with_name("catalogue_standards.csv")
Moment = Literal["filing", "closing"]
# Visits and disputes happen between people: there is no scene to photograph.
_WITHOUT_SCENE = frozenset({"08", "09"})


@dataclass(frozen=True)
class _Row:
    applies_to: frozenset[str]
    stage: str
    zh: str
    en: str


@dataclass(frozen=True)
class Line:
    """A line to tick. `text` is as stored, `words` in the reader's language; `ours` marks a product default."""

    text: str
    words: str
    ours: bool


@cache
def _rows() -> tuple[_Row, ...]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            _Row(frozenset(row["applies_to"].split()), row["stage"], row["zh"], row["en"])
            for row in csv.DictReader(file)
        )


@cache
def _english() -> dict[str, str]:
    return {row.zh: row.en for row in _rows()}


def default_lines(stage: Moment, class_code: str, harm: int | None) -> list[str]:
    """The product's lines (in Chinese, as they are stored) for an item of this class and harm."""
    return [
        row.zh
        for row in _rows()
        if row.stage == stage
        and (class_code in row.applies_to or ("harm" in row.applies_to and harm == 3))
    ]


def default_evidence(class_code: str, self_handle: bool, harm: int | None) -> list[str]:
    """The photos demanded by default: the scene and afterwards; before and afterwards where one person both finds
    and settles the matter; harm 3 always before, afterwards and a check on the spot (domain section 6)."""
    kinds: list[str] = [] if class_code in _WITHOUT_SCENE else [PhotoKind.SCENE, PhotoKind.AFTER]
    if self_handle and kinds:
        kinds += [PhotoKind.BEFORE]
    if harm == 3:
        kinds += [PhotoKind.BEFORE, PhotoKind.AFTER, PhotoKind.CHECK]
    order = [PhotoKind.SCENE, PhotoKind.BEFORE, PhotoKind.AFTER, PhotoKind.CHECK]
    return [str(kind) for kind in order if kind in kinds]


def line(text: str) -> Line:
    """A stored line as it is shown."""
    english = _english()
    return Line(text, spoken(text, english.get(text, "")), text in english)


def filing_lines(item: CatalogueItem, limit: ItemLimit | None = None) -> list[Line]:
    """What is ticked at filing: the condition that the chosen limit stands for, then the item's lines."""
    own = [limit.condition] if limit is not None and limit.condition else []
    return [line(text) for text in [*own, *item.filing_standards]]


def closing_lines(item: CatalogueItem, limit: ItemLimit | None = None) -> list[Line]:
    """What is ticked at closing: what the limit's row of the standard demands, then the item's lines."""
    own = [limit.closing_condition] if limit is not None and limit.closing_condition else []
    return [line(text) for text in [*own, *item.closing_standards]]
