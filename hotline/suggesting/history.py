"""What people decided, read for learning: what was filed as what, and which unit kept or returned a case.

One case in seven, by its number, is never learned from: old and new models are judged by the same cases,
which neither has seen.
"""

from itertools import islice
from typing import TypeVar

from django.db.models import QuerySet

from clocks.calendar import SHANGHAI
from hotline.suggesting.text_model import Labelled
from hotline.suggesting.unit_model import Dispatched, part_of_day
from incidents.models import Assignment, CatalogueItem, CatalogueStatus, Incident

MOST_FILINGS = 30_000  # the latest: older ones speak of another catalogue, and learning must end before the morning
MOST_DISPATCHES = 300_000
FEWEST_OF_A_LABEL = 3
_HELD_BACK_ONE_IN = 7
Case = TypeVar("Case")


def filings() -> tuple[list[Labelled], list[Labelled]]:
    """Texts with the item they were filed under, as the edition in force knows it: to learn from, and held back.

    Left out are confidential cases, copies of a text within the same item, and items filed fewer than three times.
    """
    codes = set(_in_force().values_list("code", flat=True))
    rows = (
        Incident.objects.filter(filed_at__isnull=False, item__isnull=False, confidential=False)
        .order_by("-id")
        .values_list("id", "item__code", "title", "text")
    )
    seen: set[tuple[str, str]] = set()
    kept: list[tuple[int, Labelled]] = []
    for pk, code, title, text in islice(rows.iterator(chunk_size=2000), MOST_FILINGS):
        if code in codes and (code, text) not in seen:
            seen.add((code, text))
            kept.append((pk, Labelled(code, text, title)))
    learned, held = _parted(kept)
    known = _often_enough(learned)
    return [one for one in learned if one.label in known], held


def dispatches() -> tuple[list[Dispatched], list[Dispatched]]:
    """Lead units told to act, the latest first: to learn from, and held back."""
    rows = (
        Assignment.objects.filter(lead=True, incident__item__isnull=False)
        .order_by("-id")
        .values_list(
            "incident_id", "incident__item__code", "incident__item__sub_code", "incident__area_code",
            "incident__source", "sent_at", "unit__code", "returned_at", "withdrawn_at",
        )
    )  # fmt: skip
    found = [
        (
            pk,
            Dispatched(
                item,
                sub,
                area,
                source,
                part_of_day(sent.astimezone(SHANGHAI).hour),
                unit,
                returned is not None,
            ),
        )
        for pk, item, sub, area, source, sent, unit, returned, recalled in islice(
            rows.iterator(chunk_size=2000), MOST_DISPATCHES
        )
        if returned is not None or recalled is None
    ]
    return _parted(found)


def _in_force() -> "QuerySet[CatalogueItem]":
    return CatalogueItem.objects.filter(version__status=CatalogueStatus.ACTIVE, enabled=True)


def _parted(cases: list[tuple[int, Case]]) -> tuple[list[Case], list[Case]]:
    learned = [case for pk, case in cases if pk % _HELD_BACK_ONE_IN]
    return learned, [case for pk, case in cases if not pk % _HELD_BACK_ONE_IN]


def _often_enough(texts: list[Labelled]) -> set[str]:
    counts: dict[str, int] = {}
    for one in texts:
        counts[one.label] = counts.get(one.label, 0) + 1
    return {label for label, count in counts.items() if count >= FEWEST_OF_A_LABEL}
