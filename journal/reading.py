"""Reading the log is itself written down: who followed one person's doings, who took the log away."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.roles import May
from journal.append import append
from journal.models import Event
from journal.wording import Line, lines

MOST_ROWS = 100_000
_AT_ONCE = 1000


@transaction.atomic
def followed_people(people: Sequence[int], *, by: Actor, now: datetime) -> None:
    """Write down that an auditor looked at what these people did. Raises PermissionDenied."""
    post = by.require(May.READ_JOURNAL)
    append(
        "journal.people_followed",
        subject=("account", by.id or 0),
        area_code=post.area_code,
        by=by,
        now=now,
        data={"people": list(people)},
        post=post,
    )


@transaction.atomic
def take_away(
    events: "QuerySet[Event]", filters: dict[str, Any], *, by: Actor, now: datetime
) -> Iterator[Line]:
    """The newest `MOST_ROWS` of `events`, to be written to a file; written down first. Raises PermissionDenied."""
    post = by.require(May.READ_JOURNAL)
    append(
        "journal.exported",
        subject=("account", by.id or 0),
        area_code=post.area_code,
        by=by,
        now=now,
        data={"filters": filters},
        post=post,
    )
    return _lines(events)


def _lines(events: "QuerySet[Event]") -> Iterator[Line]:
    with transaction.atomic():  # the database's cursor lives as long as the file is being written
        rows = iter(events.order_by("-at", "-id")[:MOST_ROWS].iterator(chunk_size=_AT_ONCE))
        while some := list(islice(rows, _AT_ONCE)):
            yield from lines(some, with_subjects=True)
