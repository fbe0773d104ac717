"""From a text to the items it may be about: five at most, each with its reason, and a word on what they stand on."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hotline.choices import Purpose
from hotline.suggesting.item_reasons import (
    Speaking,
    by_everyday_words,
    by_history,
    by_name,
    by_standard,
    said,
)
from hotline.suggesting.keeping import Found, text_model
from hotline.suggesting.text_model import TextModel
from incidents.item_search import Entry, entry_of

log = logging.getLogger(__name__)
MOST = 5
_TOO_WEAK = 0.05


@dataclass(frozen=True)
class SuggestedItem:
    """An item, how strongly it is suggested (0 to 1), and the facts that speak loudest for it (JSON)."""

    entry: Entry
    score: float
    why: dict[str, Any]

    @property
    def reason(self) -> str:
        """One sentence in the reader's language."""
        return said(self.why)


@dataclass(frozen=True)
class SuggestedItems:
    """Best first. `trouble` is empty, or why no model helped: `none` yet, its file `missing` or `corrupt`."""

    items: Sequence[SuggestedItem]
    trouble: str = ""

    @property
    def note(self) -> str:
        """What the suggestions stand on, where that is less than usual."""
        return without_model(self.trouble)


def suggest_items(text: str, title: str = "", limit: int = MOST) -> SuggestedItems:
    """Items of the edition in force. A hint, never a decision; none for a text that says nothing."""
    whole = f"{title}\n{text}".strip()[:2000]
    if not whole:
        return SuggestedItems(())
    learned, trouble = _learned(text_model(Purpose.ITEMS), text, title)
    sources = [by_everyday_words(whole), by_name(whole), by_standard(whole), learned]
    return SuggestedItems(_best(sources, limit), trouble)


def _learned(found: Found[TextModel], text: str, title: str) -> tuple[Speaking, str]:
    """What the model says, or nothing and why: whatever it does, a caller is on the line."""
    if found.model is None:
        return {}, found.trouble
    try:
        return by_history(found.model, text, title), ""
    except Exception:
        log.exception("the model of items failed")
        return {}, "corrupt"


def _best(sources: Sequence[Speaking], limit: int) -> list[SuggestedItem]:
    """What independent sources say of an item is joined: each leaves less doubt. The strongest gives the reason."""
    codes = {code for source in sources for code in source}
    found = []
    for code in codes:
        voices = [source[code] for source in sources if code in source]
        doubt = 1.0
        for strength, _why in voices:
            doubt *= 1 - min(strength, 0.99)
        found.append((1 - doubt, code, max(voices, key=lambda voice: voice[0])[1]))
    found.sort(key=lambda row: (-row[0], row[1]))
    items = [
        SuggestedItem(entry, round(score, 3), why)
        for score, code, why in found[: limit * 2]
        if score >= _TOO_WEAK and (entry := entry_of(code)) is not None
    ]
    return items[:limit]


def without_model(trouble: str) -> str:
    """Why no model helped, in a sentence; empty where one did."""
    match trouble:
        case "none":
            return _("Nothing was learned from filings yet: names and everyday words speak.")
        case "missing":
            return _(
                "The learned model cannot be found: names and everyday words speak until it is trained anew."
            )
        case "corrupt":
            return _(
                "The learned model is damaged: names and everyday words speak until it is trained anew."
            )
    return ""
