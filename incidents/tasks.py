"""Background work: each task calls one rule and returns a count. Safe to run twice, by any number of workers."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from clocks.calendar import SHANGHAI
from incidents import closing, photos, requests_for_time, telling
from incidents.taking import DOOR


@shared_task(name="incidents.tasks.tell", ignore_result=True, time_limit=120)
def tell() -> int:
    """Fill the bells, and follow deadlines that moved. Not retried: the next beat comes in seconds."""
    return telling.tell_people(timezone.now()) + DOOR.follow_moved("incidents.deadlines")


@shared_task(name="incidents.tasks.resume_due", ignore_result=True, time_limit=120)
def resume_due() -> int:
    """Let suspended cases go on whose day has come. Not retried: the next beat takes what is left."""
    return requests_for_time.resume_due(timezone.now())


@shared_task(name="incidents.tasks.evaluate_silent", ignore_result=True, time_limit=300)
def evaluate_silent() -> int:
    """Evaluate closed cases that nobody rated. Not retried: the next beat takes what is left."""
    return closing.evaluate_silent(timezone.now())


@shared_task(name="incidents.tasks.remove_orphans", ignore_result=True, time_limit=300)
def remove_orphans(days: int = 3) -> int:
    """Remove the files of the last days that no photo owns. Not retried: the next beat looks again."""
    today = timezone.now().astimezone(SHANGHAI).date()
    return sum(photos.remove_orphans(today - timedelta(days=back)) for back in range(1, days + 1))
