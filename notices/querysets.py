"""Everybody sees their own notices, and nobody else's."""

from django.db.models import QuerySet

from accounts.actor import Actor
from notices.choices import Channel
from notices.models import Notice

# A bell shows no larger number than this.
MOST_COUNTED = 99


def visible_to(actor: Actor) -> "QuerySet[Notice]":
    """The bell of this person, newest first."""
    return Notice.objects.filter(recipient_id=actor.user_id, channel=Channel.BELL).order_by("-id")


def unread(actor: Actor) -> "QuerySet[Notice]":
    """What this person has not read."""
    return visible_to(actor).filter(read_at=None)


def unread_count(user_id: int) -> int:
    """How many this person has not read, up to one more than `MOST_COUNTED`: the database stops counting there.

    Takes the account and no Actor, because every open page asks this once a minute: nobody's posts are read for it.
    """
    waiting = Notice.objects.filter(recipient_id=user_id, channel=Channel.BELL, read_at=None)
    return waiting[: MOST_COUNTED + 1].count()


def newest_unread(user_id: int) -> Notice | None:
    """The newest message that this person has not read."""
    waiting = Notice.objects.filter(recipient_id=user_id, channel=Channel.BELL, read_at=None)
    return waiting.order_by("-id").first()


def gathered(actor: Actor) -> "list[tuple[str, int, int]]":
    """(kind, how many, the newest's id) of what this person has not read, the newest kind first.

    Looks at the newest `MOST_GATHERED` messages: whoever has more has them on the page of all messages.
    """
    newest = unread(actor).values_list("pk", "kind")[:MOST_GATHERED]
    kinds: dict[str, list[int]] = {}
    for pk, kind in newest:
        kinds.setdefault(kind, []).append(pk)
    return [(kind, len(ids), ids[0]) for kind, ids in kinds.items()]


MOST_GATHERED = 1000
