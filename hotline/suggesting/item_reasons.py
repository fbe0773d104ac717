"""What speaks for an item, source by source: everyday words, its name, its standard, and what was filed before."""

import csv
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hotline.suggesting.text_model import TextModel
from hotline.suggesting.words import runs
from incidents.catalogue_words import own_lines
from incidents.item_search import suggest
from incidents.models import CatalogueItem, CatalogueStatus, CatalogueVersion

# How far each is trusted alone. What was filed before says itself how likely it is.
_EVERYDAY, _NAME, _STANDARD = 0.45, 0.85, 0.4
_EVERYDAY_WORDS = Path(__file__).with_name("everyday_words.csv")
_SHORTEST_SHARED = 4  # characters that a text must share with a standard's line to say anything
Speaking = dict[str, tuple[float, dict[str, Any]]]  # code of the item → how strongly, and why


@cache
def everyday_words() -> dict[str, str]:
    """What people say → the name of the item."""
    with _EVERYDAY_WORDS.open(encoding="utf-8", newline="") as file:
        return {row["said"]: row["item"] for row in csv.DictReader(file)}


def by_everyday_words(text: str) -> Speaking:
    """Items that people call otherwise; a longer word says more."""
    found: Speaking = {}
    codes = _codes_by_name()
    for said, name in everyday_words().items():
        if said in text and name in codes:
            strength = min(_EVERYDAY + 0.07 * (len(said) - 2), 0.8)
            if strength > found.get(codes[name], (0.0, {}))[0]:
                found[codes[name]] = (strength, {"by": "everyday", "said": said})
    return found


def by_name(text: str, limit: int = 10) -> Speaking:
    """Items whose name shares pieces with the text."""
    return {
        one.entry.code: (_NAME * one.score, {"by": "name", "words": list(one.because[:3])})
        for one in suggest(text, limit=limit)
    }


def by_standard(text: str) -> Speaking:
    """Items whose own filing standard speaks as the text does (a shipped catalogue words none of its own)."""
    found: Speaking = {}
    said = {
        run[start : start + _SHORTEST_SHARED]
        for run in runs(text)
        for start in range(len(run) - _SHORTEST_SHARED + 1)
    }
    for code, pieces in _standards().items():
        shared = sorted(said & pieces)
        if shared:
            strength = min(_STANDARD, 0.2 * len(shared))
            found[code] = (strength, {"by": "standard", "words": shared[:2]})
    return found


def by_history(model: TextModel, text: str, title: str, limit: int = 8) -> Speaking:
    """Items under which like texts were filed."""
    seen = dict(zip(model.labels, model.seen, strict=True))
    return {
        guess.label: (
            guess.likely,
            {"by": "history", "words": list(guess.because), "filings": seen[guess.label]},
        )
        for guess in model.guesses(text, title, limit)
    }


def said(why: Mapping[str, Any]) -> str:
    """The reason as one sentence in the reader's language."""
    words = _quoted(why.get("words", ()))
    match why.get("by"):
        case "everyday":
            return _("People say “%(said)s” and mean this item.") % {"said": why["said"]}
        case "name":
            return _("Its name shares %(words)s with the text.") % {"words": words}
        case "standard":
            return _("Its filing standard speaks of %(words)s too.") % {"words": words}
        case "history" if words:
            return ngettext(
                "Filed so %(count)s time before; the words that counted: %(words)s.",
                "Filed so %(count)s times before; the words that counted: %(words)s.",
                why["filings"],
            ) % {"count": why["filings"], "words": words}
        case "history":
            return ngettext(
                "Filed so %(count)s time before.",
                "Filed so %(count)s times before.",
                why["filings"],
            ) % {"count": why["filings"]}
    return ""


def _quoted(words: Any) -> str:
    return _(", ").join(_("“%(word)s”") % {"word": word} for word in words)


def _codes_by_name() -> dict[str, str]:
    state = _state()
    return _read_names(*state) if state else {}


def _standards() -> dict[str, frozenset[str]]:
    state = _state()
    return _read_standards(*state) if state else {}


def _state() -> tuple[int, int] | None:
    """The edition in force, and its own number, which grows with every change to it."""
    rows = CatalogueVersion.objects.filter(status=CatalogueStatus.ACTIVE)
    return rows.values_list("pk", "version").first()


@lru_cache(maxsize=2)
def _read_names(edition: int, _counter: int) -> dict[str, str]:
    rows = CatalogueItem.objects.filter(version_id=edition, enabled=True)
    return dict(rows.values_list("name", "code"))


@lru_cache(maxsize=2)
def _read_standards(edition: int, _counter: int) -> dict[str, frozenset[str]]:
    """Pieces of the lines that an item's own standard words, and no other."""
    found: dict[str, frozenset[str]] = {}
    for code, lines in CatalogueItem.objects.filter(version_id=edition, enabled=True).values_list(
        "code", "filing_standards"
    ):
        own = [line for line in lines if line not in own_lines()]
        pieces = {
            run[start : start + _SHORTEST_SHARED]
            for line in own
            for run in runs(line)
            for start in range(len(run) - _SHORTEST_SHARED + 1)
        }
        if pieces:
            found[code] = frozenset(pieces)
    return found
