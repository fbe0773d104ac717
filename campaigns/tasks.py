"""Background work: each task calls one rule and returns a count. Safe to run twice, by any number of workers."""

from celery import shared_task
from django.utils import timezone

from campaigns import telling
from campaigns.door import ASSIGNMENTS


@shared_task(name="campaigns.tasks.follow", ignore_result=True, time_limit=120)
def follow() -> int:
    """Fill the bells, follow deadlines that moved. Not retried: the next beat comes in seconds."""
    return telling.tell_people(timezone.now()) + ASSIGNMENTS.follow_moved("campaigns.deadlines")
