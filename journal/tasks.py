"""Background work of the journal."""

from celery import shared_task
from django.utils import timezone

from journal.seal import seal_days


@shared_task(time_limit=3600)
def seal() -> int:
    """Seal the days that ended. Safe to run twice and late: it catches up."""
    return seal_days(timezone.now())
