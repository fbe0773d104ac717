"""A person has read a notice."""

from datetime import datetime

from accounts.actor import Actor
from notices.models import Notice
from notices.querysets import unread


def mark_read(notice: Notice, *, by: Actor, now: datetime) -> bool:
    """Mark one notice of this person as read; False where it was already, or is somebody else's."""
    return unread(by).filter(pk=notice.pk).update(read_at=now) == 1


def mark_all_read(newest: int, *, by: Actor, now: datetime) -> int:
    """Mark what this person has not read, up to the notice `newest` that they had before them; how many.

    What came in since stays unread.
    """
    return unread(by).filter(pk__lte=newest).update(read_at=now)
