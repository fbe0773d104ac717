"""Finding what is due. Run by any number of workers and beats, each rung of each clock is marked once.

A worker claims rows that nobody else holds (FOR UPDATE SKIP LOCKED); mark and event are one transaction.
A worker that dies leaves its rows as they were, and the next one finds them.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, When
from django.db.models.functions import Coalesce

from clocks.marks import append_marks, marks_due
from clocks.models import Clock


def sweep(now: datetime, limit: int = 500) -> int:
    """Mark up to `limit` clocks amber or overdue; how many. Call again while it returns `limit`.

    At the very instant of its deadline a clock is not late. The event's time is `now`.
    """
    with transaction.atomic():
        claimed = list(
            Clock.objects.select_for_update(skip_locked=True)
            .filter(next_at__lt=now)
            .order_by("next_at", "id")[:limit]
        )
        if not claimed:
            return 0
        happenings = [mark for clock in claimed for mark in marks_due(clock, now)]
        passed = When(due_at__lt=now, then=F("due_at"))
        Clock.objects.filter(pk__in=[clock.pk for clock in claimed]).update(
            amber_told_at=Coalesce("amber_told_at", now),
            missed_at=Case(passed, default=F("missed_at")),
            next_at=Case(When(due_at__lt=now, then=None), default=F("due_at")),
        )
        append_marks(happenings)
    return len(claimed)
