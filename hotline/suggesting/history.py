"""What people decided, read for learning: what was filed as what, and which unit kept or returned a case.

One case (or order) in seven, by its number, is never learned from: old and new models are judged by the same cases,
which neither has seen.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeVar

from django.db.models import Q, QuerySet, Value

from clocks.calendar import SHANGHAI
from hotline.choices import State
from hotline.models import Order, Part
from hotline.suggesting.text_model import Labelled
from hotline.suggesting.unit_model import Dispatched, part_of_day
from incidents.choices import Source
from incidents.models import Assignment, CatalogueItem, CatalogueStatus, Incident

MOST_FILINGS = 30_000  # the latest: older ones speak of another catalogue, and learning must end before the morning
MOST_DISPATCHES = 300_000
FEWEST_OF_A_LABEL = 3
_HELD_BACK_ONE_IN = 7
Case = TypeVar("Case")


def filings() -> tuple[list[Labelled], list[Labelled]]:
    """Texts of cases and orders with the item they were filed under, as the edition in force knows it: to learn from,
    and held back.

    Left out are confidential ones, copies of a text within the same item, and items filed fewer than three times.
    """
    codes = set(_in_force().values_list("code", flat=True))
    seen: set[tuple[str, str]] = set()
    kept: list[tuple[int, Labelled]] = []
    for pk, code, title, text in chain(_filed_cases(), _filed_orders()):
        if code in codes and (code, text) not in seen:
            seen.add((code, text))
            kept.append((pk, Labelled(code, text, title)))
    learned, held = _parted(kept)
    known = _often_enough(learned)
    return [one for one in learned if one.label in known], held


def _filed_cases() -> Iterator[tuple[int, str, str, str]]:
    rows = (
        Incident.objects.filter(filed_at__isnull=False, item__isnull=False, confidential=False)
        .order_by("-id")
        .values_list("id", "item__code", "title", "text")
    )
    return islice(rows.iterator(chunk_size=2000), MOST_FILINGS)


def _filed_orders() -> Iterator[tuple[int, str, str, str]]:
    """Orders that left the hotline with an item."""
    rows = (
        Order.objects.filter(item__isnull=False, confidential=False)
        .exclude(state=State.RECEIVED)
        .order_by("-id")
        .values_list("id", "item__code", "text")
    )
    found = islice(rows.iterator(chunk_size=2000), MOST_FILINGS)
    return ((pk, code, "", text) for pk, code, text in found)


def dispatches() -> tuple[list[Dispatched], list[Dispatched]]:
    """Lead units told to act, the latest first: to learn from, and held back."""
    return _parted([*_dispatched_cases(), *_dispatched_orders()])


def _dispatched_cases() -> Iterator[tuple[int, Dispatched]]:
    kept_or_returned = Q(returned_at__isnull=False) | Q(withdrawn_at__isnull=True)
    rows = (
        Assignment.objects.filter(kept_or_returned, lead=True, incident__item__isnull=False)
        .order_by("-id")
        .values_list(
            "incident_id", "incident__item__code", "incident__item__sub_code", "incident__area_code",
            "incident__source", "sent_at", "unit__code", "returned_at",
        )
    )  # fmt: skip
    return _dispatched(islice(rows.iterator(chunk_size=2000), MOST_DISPATCHES))


def _dispatched_orders() -> Iterator[tuple[int, Dispatched]]:
    rows = (
        Part.objects.filter(lead=True, order__item__isnull=False)
        .order_by("-id")
        .values_list(
            "order_id", "order__item__code", "order__item__sub_code", "order__area_code",
            Value(Source.HOTLINE), "sent_at", "unit__code", "returned_at",
        )
    )  # fmt: skip
    return _dispatched(islice(rows.iterator(chunk_size=2000), MOST_DISPATCHES))


def _dispatched(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Dispatched]]:
    for pk, item, sub, area, source, sent, unit, returned in rows:
        part = part_of_day(sent.astimezone(SHANGHAI).hour)
        yield pk, Dispatched(item, sub, area, source, part, unit, returned is not None)


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
