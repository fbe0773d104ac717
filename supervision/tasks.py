"""Background work: each task calls one rule and returns a count. Safe to run twice, by any number of workers."""

from celery import shared_task
from django.utils import timezone

from supervision import cards, following, telling


@shared_task(name="supervision.tasks.tell", ignore_result=True, time_limit=120)
def tell() -> int:
    """Count misses, draw cards, and fill the bells. Not retried: the next beat comes in seconds."""
    return cards.count_misses() + following.follow_moved() + telling.tell_people(timezone.now())


@shared_task(name="supervision.tasks.end_with_cases", ignore_result=True, time_limit=120)
def end_with_cases() -> int:
    """End the orders whose case has ended. Not retried: the next beat takes what is left."""
    return following.end_with_cases(timezone.now())
