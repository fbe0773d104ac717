"""Background work: each task calls rules and returns a count. Safe to run twice, by any number of workers."""

from celery import shared_task
from django.utils import timezone

from borders import carrying, telling
from borders.doors import ENCLAVES, MATTERS


@shared_task(name="borders.tasks.follow", ignore_result=True, time_limit=120)
def follow() -> int:
    """Fill the bells, count what rulings carry, follow deadlines that moved. Not retried: the next beat comes."""
    moved = MATTERS.follow_moved("borders.matters") + ENCLAVES.follow_moved("borders.enclaves")
    return telling.tell_people(timezone.now()) + carrying.count_carried() + moved
