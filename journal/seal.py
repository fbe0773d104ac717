"""Sealing: once a day a keyed hash over everything written since the seal before.

The chains of subjects show what was changed or taken out in the middle; the seals show what was cut off
at the end, or rewritten with all its hashes, since nobody can make a seal without the installation's key.

A seal covers a stretch of the log in reading order (transaction, id), up to the first event written down
after the day ended. A transaction that is still running then, and all that began after it, wait for the
next seal: a stretch is closed, nothing can appear in it later, and every event lies in exactly one.
"""

import hashlib
import hmac
import json
import logging
import sys
import zlib
from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from journal.chain import lock_key
from journal.models import Event, Seal
from journal.queries import stretch
from journal.readers import read_horizon

log = logging.getLogger(__name__)

# Events of one seal at most: what sealing and verifying hold in memory at once.
LARGEST_PART = 200_000
_MARK_BYTES = 4
_SEALING = lock_key("", "seal")

# (xid, id, hash, written down at)
Row = tuple[int, int, str, datetime]


def seal_days(now: datetime) -> int:
    """Seal every local day that ended before `now` (aware) and is not sealed yet; how many events were sealed.

    Days without events are sealed too, so that a missing seal shows. Run twice or by two workers at once,
    it seals once. Each day is a transaction of its own: what was done before an interruption stays.
    """
    sealed = 0
    while (seals := _seal_next_day(now)) is not None:
        sealed += sum(seal.events for seal in seals)
        for seal in seals:
            # The log of the processes is a second witness, outside the database.
            log.info("sealed %s: %s events, %s", seal, seal.events, seal.hash)
    return sealed


@transaction.atomic
def _seal_next_day(now: datetime) -> list[Seal] | None:
    """Seal the earliest day that is due; None where none is due, or another worker is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALING])
        if not cursor.fetchone()[0]:
            return None
    last = Seal.objects.last()
    day = _next_day(last, now)
    if day is None:
        return None
    after = (last.to_xid, last.to_event_id) if last else (0, 0)
    ended = _midnight(day + timedelta(days=1))
    unsealed = stretch(after, before_xid=read_horizon())
    rows = takewhile(lambda row: not ended <= row[3] <= now, unsealed)
    seals: list[Seal] = []
    # An empty day has one part, of no events.
    while (some := list(islice(rows, LARGEST_PART))) or not seals:
        last = _seal_part(day, len(seals) + 1, some, last, now)
        seals.append(last)
    return seals


def _seal_part(day: date, part: int, rows: Sequence[Row], last: Seal | None, now: datetime) -> Seal:
    start = (last.to_xid, last.to_event_id) if last else (0, 0)
    end = rows[-1][:2] if rows else start
    seal = Seal(
        day=day,
        part=part,
        from_xid=start[0],
        from_event_id=start[1],
        to_xid=end[0],
        to_event_id=end[1],
        events=len(rows),
        digest=digest_of(rows),
        rows=_packed(rows),
        previous_hash=last.hash if last else "",
        sealed_at=now,
    )
    seal.hash = seal_hash(seal)
    seal.save()
    return seal


def _next_day(last: Seal | None, now: datetime) -> date | None:
    yesterday = now.astimezone(_zone()).date() - timedelta(days=1)
    if last is not None:
        following = last.day + timedelta(days=1)
        return following if following <= yesterday else None
    first = Event.objects.order_by("xid", "id").first()
    if first is None:
        return None
    began = first.recorded_at.astimezone(_zone()).date()
    if first.recorded_at > now:  # a clock had jumped ahead
        return yesterday
    return began if began <= yesterday else None


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _zone())


def digest_of(rows: Sequence[Row]) -> str:
    """SHA-256 (hex) over the events' hashes in reading order."""
    return hashlib.sha256("".join(row[2] for row in rows).encode()).hexdigest()


def seal_hash(seal: Seal) -> str:
    """HMAC-SHA-256 (hex) over every field of the seal except `hash` itself and its key."""
    fields = [
        seal.previous_hash,
        seal.day.isoformat(),
        seal.part,
        seal.from_xid,
        seal.from_event_id,
        seal.to_xid,
        seal.to_event_id,
        seal.events,
        seal.digest,
        hashlib.sha256(bytes(seal.rows)).hexdigest(),
        seal.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
    ]
    key = hashlib.sha256(f"journal seal\0{settings.HASH_KEY}".encode()).digest()
    return hmac.new(key, json.dumps(fields).encode(), hashlib.sha256).hexdigest()


def _packed(rows: Sequence[Row]) -> bytes:
    """Ids (as differences) and the first bytes of the hashes, compressed: about 5 bytes an event."""
    ids = [row[1] for row in rows]
    steps = array("q", [b - a for a, b in zip([0, *ids], ids, strict=False)])
    if sys.byteorder == "big":
        steps.byteswap()
    marks = b"".join(bytes.fromhex(row[2][: 2 * _MARK_BYTES]) for row in rows)
    return zlib.compress(steps.tobytes() + marks)


def sealed_rows(seal: Seal) -> dict[int, str]:
    """Event id → the first bytes (hex) of its hash, as sealed. Raises ValueError where the field is damaged."""
    try:
        packed = zlib.decompress(bytes(seal.rows))
    except zlib.error as error:
        raise ValueError("the sealed rows cannot be read") from error
    count, rest = divmod(len(packed), 8 + _MARK_BYTES)
    if rest:
        raise ValueError("the sealed rows cannot be read")
    steps = array("q", packed[: 8 * count])
    if sys.byteorder == "big":
        steps.byteswap()
    marks = packed[8 * count :]
    rows: dict[int, str] = {}
    event_id = 0
    for number, step in enumerate(steps):
        event_id += step
        rows[event_id] = marks[number * _MARK_BYTES : (number + 1) * _MARK_BYTES].hex()
    return rows


def mark_of(event_hash: str) -> str:
    """What `sealed_rows` remembers of a hash."""
    return event_hash[: 2 * _MARK_BYTES]


def rows_of(seal: Seal) -> Iterator[Row]:
    """The rows that lie in the seal's stretch now."""
    yield from stretch((seal.from_xid, seal.from_event_id), (seal.to_xid, seal.to_event_id))
