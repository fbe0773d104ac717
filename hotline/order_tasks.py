"""Background work: each task calls one rule and returns a count. Safe to run twice, by any number of workers."""

from celery import shared_task
from django.utils import timezone

from hotline import cases, return_visits, silence, telling


@shared_task(name="hotline.tasks.follow_orders", ignore_result=True, time_limit=120)
def follow_orders() -> int:
    """Accept by silence, follow cases, close, fill the bells. Not retried: the next beat comes."""
    now = timezone.now()
    done = silence.accept_silent(now) + cases.follow_cases(now) + return_visits.close_visited(now)
    return done + telling.tell_people(now) + silence.follow_moved()
