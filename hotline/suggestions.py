"""What is suggested while a call is taken: items for the words, units for item and place, each with its reason.

A better engine registers itself from the room's `ready()` and is asked instead of what works from the first day:

    suggestions.use(items=my_items, units=my_units)

An engine that fails is passed over, so that nothing stands between a caller and an order. A person presses.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import Organisation
from incidents.item_search import suggest
from incidents.models import CatalogueItem
from incidents.responsibility import candidates

log = logging.getLogger(__name__)
MOST_ITEMS, MOST_UNITS = 5, 3


@dataclass(frozen=True)
class ItemHint:
    """An item of the catalogue that the words speak for, and why, as a sentence in the reader's language."""

    code: str
    name: str
    branch: str
    because: str


@dataclass(frozen=True)
class UnitHint:
    """A unit that item and place speak for, and why, as a sentence in the reader's language."""

    unit: Organisation
    because: str


ItemEngine = Callable[[str], Sequence[ItemHint]]
UnitEngine = Callable[[CatalogueItem, str, str, date], Sequence[UnitHint]]


def _by_names(text: str) -> list[ItemHint]:
    """By the names of the catalogue: needs no history."""
    return [
        ItemHint(
            found.entry.code,
            found.entry.shown_name,
            found.entry.shown_sub,
            _("Words that count: %(words)s") % {"words": ", ".join(found.because)},
        )
        for found in suggest(text, limit=MOST_ITEMS)
    ]


def _by_rules(item: CatalogueItem, area_code: str, _text: str, on: date) -> list[UnitHint]:
    """By the rules of responsibility."""
    found = candidates(item, area_code, on, limit=MOST_UNITS)
    return [UnitHint(choice.organisation, choice.reason) for choice in found]


class _Engines:
    items: ItemEngine = staticmethod(_by_names)
    units: UnitEngine = staticmethod(_by_rules)


def use(*, items: ItemEngine | None = None, units: UnitEngine | None = None) -> None:
    """Ask these engines from now on. `items(text)`; `units(item, area_code, text, local day)`."""
    if items is not None:
        _Engines.items = staticmethod(items)
    if units is not None:
        _Engines.units = staticmethod(units)


def items_for(text: str) -> list[ItemHint]:
    """At most five items for what was typed, best first."""
    if not text.strip():
        return []
    try:
        found = _Engines.items(text)
    except Exception:
        log.exception("the engine for items failed")
        found = _by_names(text)
    return list(found)[:MOST_ITEMS]


def units_for(item: CatalogueItem, area_code: str, text: str, on: date) -> list[UnitHint]:
    """At most three units for an item in an area, best first."""
    try:
        found = _Engines.units(item, area_code, text, on)
    except Exception:
        log.exception("the engine for units failed")
        found = _by_rules(item, area_code, text, on)
    return list(found)[:MOST_UNITS]
