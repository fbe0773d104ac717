"""Writing events: the only door into the journal.

An event belongs to the transaction of the deed it tells of: both are kept or neither. The chain of one
subject is guarded by an advisory lock held to the end of the transaction, so append LAST, after every
row lock, and keep the rest of the transaction short.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from accounts.actor import Actor, HeldPost
from journal.chain import WHOLE_JOURNAL, event_hash, lock_key, stored_facts, stored_text
from journal.models import Event

# PostgreSQL keeps locks in a table of fixed size (by default about 6,400 for all connections).
MOST_LOCKS = 1000


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One event to be written by `append_many`; the arguments are those of `append`."""

    verb: str
    subject: tuple[str, int | str]
    area_code: str
    by: Actor
    now: datetime
    data: Mapping[str, Any] | None = None
    post: HeldPost | None = None


def append(
    verb: str,
    *,
    subject: tuple[str, int | str],
    area_code: str,
    by: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    post: HeldPost | None = None,
) -> Event:
    """Write one event into the chain of `subject` (kind, id), in the caller's transaction.

    `now` is when it happened (aware). `area_code` is the subject's area at that moment. `data` holds ids
    and facts, never personal data. `post` is the post that allowed the deed; without it the acting post.
    Raises TransactionManagementError outside a transaction, ValueError for a naive time or for data that
    JSON in PostgreSQL cannot keep.
    """
    happening = Happening(
        verb=verb, subject=subject, area_code=area_code, by=by, now=now, data=data, post=post
    )
    event = _drawn_up(happening, timezone.now())
    with connection.cursor() as cursor:
        _demand_transaction()
        cursor.execute(
            "SELECT id, xid, seq, hash FROM journal_next(%s, %s, %s, %s)",
            [
                WHOLE_JOURNAL,
                lock_key(event.subject_kind, event.subject_id),
                event.subject_kind,
                event.subject_id,
            ],
        )
        event.id, event.xid, seq, previous_hash = cursor.fetchone()
        _link(event, seq or 0, previous_hash or "")
        cursor.execute(_INSERT, _values(event))
    _written(event)
    return event


def append_many(happenings: Sequence[Happening]) -> list[Event]:
    """Write many events at once, of any subjects, in the given order; far faster than one by one.

    Subjects are locked in a fixed order, so that two bulk writers never block each other for ever. More
    than `MOST_LOCKS` subjects take one lock over the whole journal instead, and all other appends wait
    until the transaction ends: commit a large import in batches. Raises as `append` does.
    """
    if not happenings:
        return []
    recorded_at = timezone.now()
    events = [_drawn_up(happening, recorded_at) for happening in happenings]
    subjects = list(dict.fromkeys((event.subject_kind, event.subject_id) for event in events))
    with connection.cursor() as cursor:
        _demand_transaction()
        _lock(cursor, subjects)
        heads = _heads(cursor, subjects)
        cursor.execute(
            "SELECT nextval('journal_event_id_seq'), journal_xid() FROM generate_series(1, %s)",
            [len(events)],
        )
        for event, (event_id, xid) in zip(events, cursor.fetchall(), strict=True):
            event.id, event.xid = event_id, xid
            subject = (event.subject_kind, event.subject_id)
            _link(event, *heads.get(subject, (0, "")))
            heads[subject] = (event.seq, event.hash)
        _copy(cursor, events)
    return events


def _demand_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "an event is appended in the transaction of the deed it tells of"
        )


def _drawn_up(happening: Happening, recorded_at: datetime) -> Event:
    """The event without its place in the log."""
    if timezone.is_naive(happening.now):
        raise ValueError("the time of an event must be aware")
    kind, subject_id = happening.subject
    by = happening.by
    return Event(
        at=happening.now,
        recorded_at=recorded_at,
        actor_kind=str(by.kind),
        actor_id=by.id,
        actor_label=stored_text(by.label)[:120],
        actor_post=stored_text(_post_label(by, happening.post))[:120],
        verb=happening.verb,
        subject_kind=kind,
        subject_id=str(subject_id),
        area_code=happening.area_code,
        data=stored_facts(happening.data),
    )


def _post_label(by: Actor, post: HeldPost | None) -> str:
    if post is None and by.acting is not None:
        post = next((held for held in by.posts if held.id == by.acting), None)
    if post is None:
        return ""
    return (
        post.recorded or post.title or f"{post.role}/{post.organisation_id or ''}/{post.area_code}"
    )


def _link(event: Event, seq: int, previous_hash: str) -> None:
    event.seq = seq + 1
    event.previous_hash = previous_hash
    event.hash = event_hash(event)


def _lock(cursor: CursorWrapper, subjects: Sequence[tuple[str, str]]) -> None:
    if len(subjects) > MOST_LOCKS:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WHOLE_JOURNAL])
        return
    keys = sorted({lock_key(*subject) for subject in subjects})
    cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [WHOLE_JOURNAL])
    cursor.execute("SELECT count(pg_advisory_xact_lock(key)) FROM unnest(%s::bigint[]) key", [keys])


def _heads(
    cursor: CursorWrapper, subjects: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, str]]:
    """The last (seq, hash) of each subject that has a chain."""
    cursor.execute(
        "SELECT subject.kind, subject.id, head.seq, head.hash"
        " FROM unnest(%s::text[], %s::text[]) AS subject(kind, id) CROSS JOIN LATERAL ("
        "   SELECT seq, hash FROM journal_event"
        "   WHERE subject_kind = subject.kind AND subject_id = subject.id"
        "   ORDER BY seq DESC LIMIT 1) AS head",
        [[kind for kind, _ in subjects], [subject_id for _, subject_id in subjects]],
    )
    return {(kind, ident): (seq, head_hash) for kind, ident, seq, head_hash in cursor.fetchall()}


_COLUMNS = [field.attname for field in Event._meta.concrete_fields]
# Said once and not by the ORM at each event, which takes twice as long as the database needs to write it.
_INSERT = (
    f"INSERT INTO journal_event ({', '.join(_COLUMNS)})"  # noqa: S608 — our own column names
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
)
_COPY = (
    f"COPY journal_event ({', '.join(_COLUMNS)})"
    " FROM STDIN WITH (FORMAT csv, FORCE_NULL (actor_id))"
)


def _values(event: Event) -> list[Any]:
    values = [getattr(event, column) for column in _COLUMNS]
    return [json.dumps(value) if isinstance(value, dict) else value for value in values]


def _written(event: Event) -> None:
    event._state.adding, event._state.db = False, DEFAULT_DB_ALIAS


def _copy(cursor: CursorWrapper, events: Sequence[Event]) -> None:
    """Send the rows with COPY: one statement, whatever their number."""
    rows = io.StringIO()
    csv.writer(rows, quoting=csv.QUOTE_ALL).writerows(map(_values, events))
    rows.seek(0)
    cursor.cursor.copy_expert(_COPY, rows)
    for event in events:
        _written(event)
