"""Urging (催办) several cases at one press: the step that each case knows, taken case by case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actor import Actor
from config.refusal import Refused
from incidents.models import Incident
from incidents.taking import take
from supervision.orders import MOST_CASES


@dataclass(frozen=True)
class Urged:
    """What became of one case: urged, or why not."""

    number: str
    refused: Refused | None

    @property
    def sentence(self) -> str:
        return str(self.refused) if self.refused else ""


def urge_many(*, numbers: Collection[str], text: str = "", by: Actor, now: datetime) -> list[Urged]:
    """Urge each case on its own: one that is refused stops no other. Raises Refused `too_many_cases` (422)."""
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > MOST_CASES:
        raise Refused("too_many_cases", _("Choose at most %(n)s cases.") % {"n": MOST_CASES})
    return [_one(number, text, by, now) for number in wanted]


def _one(number: str, text: str, by: Actor, now: datetime) -> Urged:
    try:
        take("urge", number=number, by=by, now=now, facts={"text": text})
    except Incident.DoesNotExist:
        return Urged(number, Refused("unknown_case", _("There is no such case."), 404))
    except Refused as refused:
        return Urged(number, refused)
    return Urged(number, None)
