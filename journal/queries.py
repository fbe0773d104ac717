"""Named readings of the log for pages and the API."""

from django.db.models import QuerySet

from journal.models import Event


def timeline(subject_kind: str, subject_id: int | str) -> "QuerySet[Event]":
    """Everything that happened to one subject, in its own order. The caller has checked that it may be seen."""
    return Event.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by(
        "seq"
    )
