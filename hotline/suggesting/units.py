"""From item, place, source and time to the units that may have to act: three at most, each with its reason.

The responsibility rules speak first; what became of like cases speaks with them, for a unit or against it.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from clocks.calendar import SHANGHAI
from hotline.suggesting.items import without_model
from hotline.suggesting.keeping import Found, unit_model
from hotline.suggesting.unit_model import ENOUGH, Counted, UnitModel, part_of_day
from incidents.models import CatalogueItem
from incidents.responsibility import Choice, candidates
from incidents.step_forms.handling import units_for

log = logging.getLogger(__name__)
MOST = 3
# The first unit that the rules find, the second, and so on. History weighs up to 1, less where it is short.
_BY_RULES = (0.6, 0.25, 0.15, 0.1, 0.05)
_RETURNED_THIS_ONE = 0.5


@dataclass
class SuggestedUnit:
    """A unit, how strongly it is suggested, and what speaks: a choice of the rules, counts of like cases, or both."""

    unit: Organisation
    score: float = 0.0
    choice: Choice | None = None
    counted: Counted | None = None
    returned_this: bool = False

    @property
    def reason(self) -> str:
        """One sentence in the reader's language."""
        parts = [
            self.choice.reason if self.choice else "",
            said(self.counted) if self.counted else "",
            _("It has returned this very case.") if self.returned_this else "",
        ]
        told = [part.rstrip(".。") for part in parts if part]
        return _("; ").join(told) + _(".")

    @property
    def why(self) -> dict[str, Any]:
        """The same as facts."""
        counted = self.counted
        return {
            "rule": self.choice.why if self.choice else None,
            "history": counted
            and {"kept": counted.kept, "returned": counted.returned, "of": counted.of},
            "returned_this_case": self.returned_this,
        }


@dataclass(frozen=True)
class SuggestedUnits:
    """Best first. `trouble` is empty, or why no history helped."""

    units: Sequence[SuggestedUnit]
    trouble: str = ""

    @property
    def note(self) -> str:
        return without_model(self.trouble)


@dataclass
class _Tally:
    """Units as they are found, by code."""

    found: dict[str, SuggestedUnit] = field(default_factory=dict)

    def of(self, unit: Organisation) -> SuggestedUnit:
        return self.found.setdefault(unit.code, SuggestedUnit(unit))


def suggest_units(
    item: CatalogueItem,
    area_code: str,
    *,
    source: str = "",
    at: datetime,
    returned_by: Collection[int] = (),
    limit: int = MOST,
) -> SuggestedUnits:
    """Units for a matter in an area. `at` is when it is dispatched (aware); `returned_by` returned this very case."""
    local = at.astimezone(SHANGHAI)
    tally = _Tally()
    for choice, weight in zip(
        candidates(item, area_code, local.date(), limit=len(_BY_RULES)), _BY_RULES, strict=False
    ):
        one = tally.of(choice.organisation)
        one.choice, one.score = choice, weight
    like, trouble = _learned(unit_model(), item, area_code, source, part_of_day(local.hour))
    _add(tally, like, area_code)
    for one in tally.found.values():
        if one.unit.pk in returned_by:
            one.returned_this, one.score = True, one.score - _RETURNED_THIS_ONE
    best = sorted(tally.found.values(), key=lambda one: (-one.score, one.unit.code))
    return SuggestedUnits(best[:limit], trouble)


def _learned(
    found: Found[UnitModel], item: CatalogueItem, area_code: str, source: str, part: str
) -> tuple[Sequence[Counted], str]:
    """What became of like dispatches, or nothing and why: whatever the model does, a caller is on the line."""
    if found.model is None:
        return (), found.trouble
    try:
        return found.model.likely(
            item=item.code,
            subclass=item.sub_code,
            area_code=area_code,
            source=source,
            part_of_day=part,
        ), ""
    except Exception:
        log.exception("the model of units failed")
        return (), "corrupt"


def _add(tally: _Tally, like: Sequence[Counted], area_code: str) -> None:
    """What became of like cases, for units that still exist and serve the area."""
    if not like:
        return
    serving = units_for(area_code).filter(code__in=[one.unit for one in like])
    units = {unit.code: unit for unit in serving}
    for counted in like:
        unit = units.get(counted.unit)
        if unit is not None:
            one = tally.of(unit)
            one.counted = counted
            one.score += counted.worth * counted.of / (counted.of + ENOUGH)


def said(counted: Counted) -> str:
    """Counts as a sentence: 37 of 41 like cases in this subdistrict went there."""
    facts = {"kept": counted.kept, "of": counted.of}
    sentence = {
        ("item", "subdistrict"): _("%(kept)s of %(of)s like cases in this subdistrict went there"),
        ("item", "district"): _("%(kept)s of %(of)s like cases in this district went there"),
        ("subclass", "subdistrict"): _(
            "%(kept)s of %(of)s cases of the subclass in this subdistrict went there"
        ),
        ("subclass", "district"): _(
            "%(kept)s of %(of)s cases of the subclass in this district went there"
        ),
    }[counted.circle] % facts
    if counted.returned:
        sentence += _(", ") + ngettext(
            "%(count)s it returned", "%(count)s it returned", counted.returned
        ) % {"count": counted.returned}
    return sentence + _(".")
