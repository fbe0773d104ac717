"""An edited calendar moves the deadlines that run on it.

Each edit leaves a `Recalculation`; any worker takes the oldest, a batch of open clocks at a time. Batch,
progress and events are one transaction, so it goes on where a killed worker stopped, and nothing moves twice.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from accounts.actor import SYSTEM
from clocks.calendars import calendar_for
from clocks.choices import Outcome
from clocks.marks import MOVED, append_marks, mark
from clocks.models import Calendar, Clock, Recalculation
from clocks.running import settle
from journal.append import Happening, append

BATCH = 500
_STORED = [
    "run_from",
    "due_at",
    "amber_at",
    "next_at",
    "used_minutes",
    "amber_told_at",
    "missed_at",
    "outcome",
]


def ask_for(calendar: Calendar, now: datetime) -> Recalculation:
    """Leave word that this calendar was edited, in the transaction of the edit."""
    return Recalculation.objects.create(calendar=calendar, asked_at=now)


def recalculate_batch(now: datetime, limit: int = BATCH) -> int | None:
    """Take the oldest unfinished recalculation one batch further: how many clocks were looked at.

    None when there is nothing to do now: none is asked for, another worker is at it, or a transaction
    that may have read the old calendar is still running.
    """
    with transaction.atomic():
        work = (
            Recalculation.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("calendar")
            .filter(finished_at=None)
            .order_by("id")
            .first()
        )
        if work is None or not _old_readers_are_gone(work):
            return None
        clocks = list(work.open_clocks().select_for_update(of=("self",))[:limit])
        happenings = _settled(clocks, now)
        work.looked_at += len(clocks)
        work.moved += len(happenings)
        if clocks:
            work.last_clock_id = clocks[-1].pk
        if len(clocks) < limit:
            work.finished_at = now
        work.save()
        append_marks(happenings)
        if work.finished_at:
            _tell_the_journal(work, now)
    return len(clocks)


def _old_readers_are_gone(work: Recalculation) -> bool:
    """Whether no transaction runs any more that began to write before this edit was seen to be committed.

    A clock started by such a transaction may carry the old calendar's deadline and become visible late.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(now.snapshot)::text::bigint,"
            " pg_snapshot_xmax(now.snapshot)::text::bigint"
            " FROM (SELECT pg_current_snapshot() AS snapshot) AS now"
        )
        oldest, following = cursor.fetchone()
    if work.barrier is None:
        work.barrier = following
        work.save(update_fields=["barrier"])
    return bool(oldest >= work.barrier)


def _settled(clocks: Sequence[Clock], now: datetime) -> list[Happening]:
    """Compute the clocks again and save those that moved; the events to tell of it."""
    calendars = {area_code: calendar_for(area_code) for area_code in {c.area_code for c in clocks}}
    moved = []
    for clock in clocks:
        before = (clock.due_at, clock.amber_at)
        settle(clock, calendars[clock.area_code], now)
        if (clock.due_at, clock.amber_at) != before:
            _judge_pending(clock)
            moved.append((clock, before[0].isoformat() if before[0] else None))
    _store([clock for clock, _before in moved])
    return [mark(MOVED, clock, now, before=before, **_times(clock)) for clock, before in moved]


def _store(clocks: Sequence[Clock]) -> None:
    """Save what settling computes. One UPDATE from arrays: Django's bulk_update takes ten times as long."""
    if not clocks:
        return
    columns = {field.attname: field for field in Clock._meta.concrete_fields}
    types = [columns[name].rel_db_type(connection) for name in ("id", *_STORED)]
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    assignments = ", ".join(f"{name} = fresh.{name}" for name in _STORED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE clocks_clock SET {assignments}"  # noqa: S608 - names of columns and types only
            f" FROM unnest({arrays}) AS fresh(id, {', '.join(_STORED)})"
            " WHERE clocks_clock.id = fresh.id",
            [[getattr(clock, name) for clock in clocks] for name in ("id", *_STORED)],
        )


def _times(clock: Clock) -> dict[str, object]:
    return {
        "amber": clock.amber_at.isoformat() if clock.amber_at else None,
        "outcome": clock.outcome,
    }


def _judge_pending(clock: Clock) -> None:
    """A clock that stopped before its calendar was published is met or missed now."""
    if clock.outcome != Outcome.PENDING or clock.due_at is None or clock.stopped_at is None:
        return
    clock.outcome = Outcome.MET
    if clock.due_at < clock.stopped_at:
        clock.outcome, clock.missed_at = Outcome.MISSED, clock.due_at


def _tell_the_journal(work: Recalculation, now: datetime) -> None:
    append(
        "calendar.clocks_moved",
        subject=("calendar", work.calendar_id),
        area_code=work.calendar.area_code,
        by=SYSTEM,
        now=now,
        data={"looked_at": work.looked_at, "moved": work.moved},
    )
