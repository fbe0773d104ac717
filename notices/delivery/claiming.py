"""Taking what is due, so that no second worker has it: a lease, written before anything is sent.

Notices of one kind that wait for one person on one channel go along in one message. Which ones is written down
with the lease (`carried_by`), so a message that is tried again says the same under the same key.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from notices.choices import Channel, Delivery, Seriousness
from notices.models import Notice
from notices.models.notice import UNDONE
from notices.reaching import Reach, reaches
from notices.wording import wording_of

# Longer than any attempt takes: a worker that holds a notice beyond it is dead.
LEASE = timedelta(seconds=60)
AT_ONCE = 16
# A gateway that hangs keeps no more messages, and so no more workers, than this at a time.
MOST_LEASED = 2 * AT_ONCE
# Rows looked at for one claim: many of them may go along in one message.
_LOOKED_AT = 500
_LOCK = {Channel.EMAIL: 7_461_001, Channel.GATEWAY: 7_461_002}


@transaction.atomic
def claim(channel: Channel, now: datetime) -> list[Notice]:
    """Lease the next messages of `channel`; each is the notice that carries the others (`count` in all).

    Claims of one channel come one after the other, so that two workers never part what belongs together.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK[channel]])
    mine = Notice.objects.filter(channel=channel, carried_by=None)
    alive = mine.filter(state=Delivery.LEASED, next_try_at__gt=now).count()
    room = min(AT_ONCE, MOST_LEASED - alive)
    if room <= 0:
        return []
    due = mine.filter(state__in=UNDONE, next_try_at__lte=now).order_by("next_try_at", "id")
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:_LOOKED_AT])
    heads = list(_heads(_awake(rows, now), room))
    for head in heads:
        _lease(head, now)
    return _counted(heads)


def _awake(rows: Sequence[Notice], now: datetime) -> list[Notice]:
    """Those whose recipients may be called now; the others wait for the end of their quiet hours."""
    by_seriousness: dict[Seriousness, list[Notice]] = {}
    for row in rows:
        by_seriousness.setdefault(wording_of(row.kind).seriousness, []).append(row)
    asleep: dict[int, datetime] = {}
    for seriousness, some in by_seriousness.items():
        people = {
            reach.person: reach for reach in reaches({n.recipient_id for n in some}, seriousness)
        }
        for row in some:
            reach = people.get(row.recipient_id, Reach(row.recipient_id))
            if (allowed := reach.allowed_from(now, seriousness)) > now:
                asleep[row.pk] = allowed
    for until in set(asleep.values()):
        ids = [pk for pk, moment in asleep.items() if moment == until]
        Notice.objects.filter(pk__in=ids).update(next_try_at=until, state=Delivery.WAITING)
    return [row for row in rows if row.pk not in asleep]


def _heads(rows: Sequence[Notice], room: int) -> Iterator[Notice]:
    """The notices under which messages go out: one for each recipient and kind, and those tried before."""
    seen: set[tuple[int, str]] = set()
    for row in rows:
        if room == 0:
            return
        if not row.attempts:
            pair = (row.recipient_id, row.kind)
            if pair in seen:
                continue
            seen.add(pair)
        room -= 1
        yield row


def _lease(head: Notice, now: datetime) -> None:
    """Write the lease; a new message takes along whatever waits for the same person, of the same kind."""
    until = now + LEASE
    if not head.attempts:
        _fresh_like(head).exclude(pk=head.pk).update(carried_by=head)
    _message(head).update(state=Delivery.LEASED, next_try_at=until, attempts=F("attempts") + 1)
    Notice.objects.filter(pk=head.pk).update(first_tried_at=Coalesce("first_tried_at", now))
    head.attempts += 1
    head.first_tried_at = head.first_tried_at or now


def _fresh_like(head: Notice) -> "QuerySet[Notice]":
    return Notice.objects.filter(
        recipient_id=head.recipient_id,
        channel=head.channel,
        kind=head.kind,
        state=Delivery.WAITING,
        attempts=0,
        carried_by=None,
    )


def _message(head: Notice) -> "QuerySet[Notice]":
    return Notice.objects.filter(Q(pk=head.pk) | Q(carried_by=head))


def _counted(heads: Sequence[Notice]) -> list[Notice]:
    """The heads as they are now, with `count` and their recipients."""
    found = Notice.objects.filter(pk__in=[head.pk for head in heads])
    return list(
        found.select_related("recipient__notice_preference")
        .annotate(count=1 + Count("carried"))
        .order_by("id")
    )


def still_mine(head: Notice) -> "QuerySet[Notice]":
    """The notices of a leased message, as long as nobody has taken it over or settled it."""
    held = Notice.objects.filter(pk=head.pk, state=Delivery.LEASED, attempts=head.attempts)
    return _message(head) if held.select_for_update().exists() else Notice.objects.none()
