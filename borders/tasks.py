"""Background work: each task calls rules and returns a count. Safe to run twice, by any number of workers."""

from celery import shared_task
from django.utils import timezone

from borders import carrying, deadlines, telling


@shared_task(name="borders.tasks.follow", ignore_result=True, time_limit=120)
def follow() -> int:
    """Fill the bells, count what rulings carry, follow deadlines that moved. Not retried: the next beat comes."""
    now = timezone.now()
    return telling.tell_people(now) + carrying.count_carried() + deadlines.follow_moved()
