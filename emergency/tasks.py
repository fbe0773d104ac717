"""Background work: each task calls one rule and returns a count. Safe to run twice, by any number of workers."""

from celery import shared_task
from django.utils import timezone

from emergency import moving_up, telling


@shared_task(name="emergency.tasks.follow", ignore_result=True, time_limit=120)
def follow() -> int:
    """Tell people, carry the missing up. Not retried: the next beat comes."""
    now = timezone.now()
    return telling.tell_people(now) + moving_up.move_up(now)
