"""Background work: each task calls one rule and returns a count. Safe to run twice, by any number of workers."""

from collections.abc import Callable
from time import monotonic

from celery import shared_task
from django.utils import timezone

from escalation import climbing, planning, telling

# Below the time limit of tasks, so that a long backlog is handed on instead of cut off.
LONGEST_RUN = 60.0
BATCH = 500


@shared_task(name="escalation.tasks.plan", ignore_result=True, time_limit=120)
def plan() -> int:
    """Bring the ladders up to the journal. Not retried: the next beat comes in seconds."""
    return _until_less_than(1, planning.plan)


@shared_task(name="escalation.tasks.climb", ignore_result=True, time_limit=120)
def climb() -> int:
    """Fire what is due. Not retried: the next beat comes in seconds."""
    done = _until_less_than(BATCH, lambda: climbing.climb(timezone.now(), BATCH))
    return done + _until_less_than(1, lambda: climbing.climb_one(timezone.now()))


@shared_task(name="escalation.tasks.tell", ignore_result=True, time_limit=120)
def tell() -> int:
    """Fill the bells. Not retried: the next beat comes in seconds."""
    return _until_less_than(1, lambda: telling.tell_people(timezone.now()))


def _until_less_than(full: int, batch: Callable[[], int]) -> int:
    started, total = monotonic(), 0
    while monotonic() - started < LONGEST_RUN:
        done = batch()
        total += done
        if done < full:
            break
    return total
