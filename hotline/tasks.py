"""Background work: each task calls one rule and returns a count. Safe to run twice, by any number of workers."""

from importlib import import_module

from celery import shared_task
from django.utils import timezone

from hotline import cases, return_visits, silence, telling
from hotline.door import DOOR

# The machinery of learning is large: only the process that learns loads it.
_TRAINING = "hotline.suggesting.training"


@shared_task(name="hotline.tasks.train_asked", ignore_result=True, time_limit=7200)
def train_asked() -> int:
    """Run the trainings that somebody asked for. Not retried: a failed one is told on its page."""
    return int(import_module(_TRAINING).train_asked())


@shared_task(name="hotline.tasks.train_nightly", ignore_result=True, time_limit=7200)
def train_nightly() -> int:
    """Learn anew from what was filed and returned. Not retried: the next night comes."""
    return int(import_module(_TRAINING).train_nightly(timezone.now()))


@shared_task(name="hotline.tasks.follow_orders", ignore_result=True, time_limit=120)
def follow_orders() -> int:
    """Accept by silence, follow cases, close, fill the bells. Not retried: the next beat comes."""
    now = timezone.now()
    done = silence.accept_silent(now) + cases.follow_cases(now) + return_visits.close_visited(now)
    return done + telling.tell_people(now) + DOOR.follow_moved("hotline.deadlines")
