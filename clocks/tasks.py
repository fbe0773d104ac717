"""Background work: each task calls one rule and returns a count. Safe to run twice, by any number of workers."""

from collections.abc import Callable
from time import monotonic

from celery import shared_task
from django.utils import timezone

from clocks import recalculate as recalculation
from clocks import sweep as sweeping
from clocks import watch

# Below the time limit of tasks, so that a long backlog is handed on instead of cut off.
LONGEST_RUN = 60.0


@shared_task(name="clocks.tasks.sweep", ignore_result=True, time_limit=120)
def sweep(limit: int = 500) -> int:
    """Mark what is due, batch after batch. Not retried: the next beat comes in seconds."""
    return _until_done(lambda: sweeping.sweep(timezone.now(), limit), limit)


@shared_task(name="clocks.tasks.recalculate", ignore_result=True, time_limit=120)
def recalculate(limit: int = recalculation.BATCH) -> int:
    """Take edited calendars to the open clocks. Not retried: the next beat goes on where it stopped."""
    return _until_done(lambda: recalculation.recalculate_batch(timezone.now(), limit), limit)


@shared_task(name="clocks.tasks.watch_calendar", ignore_result=True, time_limit=60)
def watch_calendar() -> int:
    """Warn of the end of the published days. Not retried: the next beat warns, once a day at most."""
    return watch.watch_calendar(timezone.now())


def _until_done(batch: Callable[[], int | None], limit: int) -> int:
    started, total = monotonic(), 0
    while monotonic() - started < LONGEST_RUN:
        done = batch()
        total += done or 0
        if done is None or done < limit:
            break
    return total
