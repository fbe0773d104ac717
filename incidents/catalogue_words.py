"""How the catalogue is said: names in the reader's language, and the colour of a risk triple."""

import csv
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from incidents.choices import Risk

STANDARDS = Path(__file__).with_name("catalogue_standards.csv")


def spoken(chinese: str, english: str) -> str:
    """The name in the reader's language: Chinese unless they read another and English is there."""
    foreign = not (get_language() or "zh").startswith("zh")
    return english if foreign and english else chinese


def risk_of(intuitiveness: int, disorder: int, harm: int) -> Risk:
    """The colour of a triple (1-3 each): sum 3-4 blue, 5-6 yellow, 7 orange, 8-9 red; harm 3 is at
    least orange (domain section 6). Raises ValueError outside 1-3."""
    triple = (intuitiveness, disorder, harm)
    if not all(1 <= part <= 3 for part in triple):
        raise ValueError(f"each part of a risk triple is 1 to 3, not {triple}")
    total = sum(triple)
    if total >= 8:
        return Risk.RED
    if total == 7 or harm == 3:
        return Risk.ORANGE
    return Risk.YELLOW if total >= 5 else Risk.BLUE


@cache
def own_lines() -> dict[str, str]:
    """The product's own lines of standards: Chinese, as they are stored, to English."""
    with STANDARDS.open(encoding="utf-8", newline="") as file:
        return {row["zh"]: row["en"] for row in csv.DictReader(file)}


def line(text: str) -> str:
    """A line of a filing or closing standard in the reader's language.

    The product's own lines are known in both; a city's are shown as its standard words them.
    """
    return spoken(text, own_lines().get(text, ""))
