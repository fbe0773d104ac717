"""Background work: each task calls one rule and returns a count. Safe to run twice, by any number of workers."""

from celery import shared_task
from django.utils import timezone

from whistles import moving_up, telling
from whistles.taking import DOOR


@shared_task(name="whistles.tasks.follow", ignore_result=True, time_limit=120)
def follow() -> int:
    """Carry missed deadlines up, fill the bells, follow deadlines that moved. Not retried: the next beat comes."""
    now = timezone.now()
    moved = DOOR.follow_moved("whistles.deadlines")
    return moving_up.move_up(now) + telling.tell_people(now) + moved
