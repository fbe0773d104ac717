"""Reading the log without gaps: each event reaches each named reader, and its effect happens once.

Ids and transaction ids are given out in one order and committed in another, so a reader that remembers
"the last id" loses what commits late. A reader here takes only events of transactions that are older
than every transaction still running (`journal_horizon()`), in the order (transaction, id); nothing can
appear before its cursor any more. The cursor moves in the transaction of the effects.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from operator import attrgetter

from django.db import connection, transaction
from django.utils import timezone

from journal.models import Cursor, Event
from journal.queries import after, up_to

# Events that one transaction looks through at most.
STRETCH = 20_000


class LogMoved(Exception):
    """The database was loaded into another cluster, whose transaction ids start again from small numbers.

    Until `manage.py adopt_journal` has run, new events would be overlooked, so nothing is read.
    """


def follow(
    name: str,
    handle: Callable[[Sequence[Event]], None],
    *,
    verbs: Collection[str] | Callable[[], Collection[str]] | None = None,
    limit: int = 500,
) -> int:
    """Give `handle` the next events (at most `limit`; of `verbs` only, where given) that the reader `name`
    has not had, and move its cursor in the same transaction; the number of events given. A function gives
    `verbs` that may change meanwhile: it is asked while the cursor is held.

    0 means that there is nothing to do now: all is read, a transaction is still running before the next
    event, or another process is reading under this name. `handle` writes to this database only; whatever
    it raises undoes its effects and leaves the cursor, and the events come again. The events of one
    subject come in their order within a call. A new reader begins with the first event of all.

    Events appended in a transaction that is still open, the caller's own included, are not given yet.
    """
    Cursor.objects.get_or_create(name=name)
    while True:
        given, more = _next(name, handle, verbs, limit)
        if given or not more:
            return given


@transaction.atomic
def _next(
    name: str,
    handle: Callable[[Sequence[Event]], None],
    verbs: Collection[str] | Callable[[], Collection[str]] | None,
    limit: int,
) -> tuple[int, bool]:
    """One stretch: how many events were given, and whether there is more to read after it."""
    cursor = Cursor.objects.select_for_update(skip_locked=True).filter(name=name).first()
    if cursor is None:
        return 0, False
    if callable(verbs):
        verbs = verbs()
    horizon = read_horizon()
    if cursor.xid >= horizon:
        raise LogMoved("run: manage.py adopt_journal")
    unread = Event.objects.filter(xid__lt=horizon).filter(after((cursor.xid, cursor.event_id)))
    # A reader of rare verbs passes over a long log in stretches, not in one endless query.
    end = unread.order_by("xid", "id").values_list("xid", "id")[STRETCH : STRETCH + 1].first()
    if end is not None:
        unread = unread.filter(up_to(end))
    wanted = unread if verbs is None else unread.filter(verb__in=verbs)
    events = list(wanted.order_by("xid", "id")[:limit])
    full = len(events) == limit
    last = events[-1] if full else unread.order_by("-xid", "-id").first()
    if last is None:
        return 0, False
    if events:
        handle(_each_subject_in_order(events))
    cursor.xid, cursor.event_id, cursor.moved_at = last.xid, last.id, timezone.now()
    cursor.save()
    return len(events), full or end is not None


def read_horizon() -> int:
    """Every transaction with a smaller `Event.xid` has ended (PostgreSQL's `pg_snapshot_xmin`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_horizon()")
        (horizon,) = cursor.fetchone()
    return int(horizon)


def _each_subject_in_order(events: Sequence[Event]) -> list[Event]:
    """The events, those of one subject by `seq`.

    A transaction that began to write earlier may have appended later; its number is smaller all the same.
    """
    by_subject: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        by_subject[event.subject_kind, event.subject_id].append(event)
    ordered = {
        subject: iter(sorted(chain, key=attrgetter("seq"))) for subject, chain in by_subject.items()
    }
    return [next(ordered[event.subject_kind, event.subject_id]) for event in events]
