"""Named readings of the log for pages, the API and the seals."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.lookups import Lookup

from config.row_order import later, not_later
from journal.models import Event, Seal

Place = tuple[int, int]  # (transaction, event id): a place in reading order


def timeline(subject_kind: str, subject_id: int | str) -> "QuerySet[Event]":
    """Everything that happened to one subject, in its own order. The caller has checked that it may be seen."""
    return Event.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by(
        "seq"
    )


def after(place: Place) -> "Lookup[Any]":
    """Events later than `place` in reading order."""
    return later(("xid", "id"), place)


def up_to(place: Place) -> "Lookup[Any]":
    """Events not later than `place` in reading order."""
    return not_later(("xid", "id"), place)


def stretch(
    start: Place, end: Place | None = None, *, before_xid: int | None = None
) -> Iterator[tuple[int, int, str, datetime]]:
    """(xid, id, hash, recorded at) of the events after `start`, in reading order, as a stream.

    Up to and including `end`, or of transactions smaller than `before_xid`.
    """
    events = Event.objects.filter(after(start))
    if end is not None:
        events = events.filter(up_to(end))
    if before_xid is not None:
        events = events.filter(xid__lt=before_xid)
    rows = events.order_by("xid", "id").values_list("xid", "id", "hash", "recorded_at")
    return rows.iterator(chunk_size=10_000)


def last_seal() -> Seal | None:
    """The newest seal, without its rows."""
    return Seal.objects.defer("rows").order_by("id").last()
