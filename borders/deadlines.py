"""Deadlines that an edited calendar moved are copied onto matters and enclaves, so that lists sort by them."""

from collections.abc import Sequence

from django.db import transaction

from borders.doors import ENCLAVES, MATTERS
from clocks.marks import MOVED
from journal.models import Event
from journal.readers import follow
from steps.door import show_open


def follow_moved() -> int:
    """Read the journal for deadlines that moved; the number of events read."""
    return follow("borders.deadlines", _copy_moved, verbs={MOVED})


def _copy_moved(events: Sequence[Event]) -> None:
    for door in (MATTERS, ENCLAVES):
        ids = {int(event.subject_id) for event in events if event.subject_kind == door.subject}
        with transaction.atomic():
            moved = door.model._default_manager.select_for_update().filter(pk__in=ids)
            for record in moved.order_by("pk"):
                show_open(record, (door.subject, record.pk))
                record.save(update_fields=["due_at", "amber_at"])
