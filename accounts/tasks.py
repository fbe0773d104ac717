"""Background work of this room."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts.workbook.keeping import forget_expired


@shared_task(time_limit=300)
def forget() -> int:
    """Delete checked workbooks past their hour, and sessions that have ended; returns how many workbooks."""
    call_command("clearsessions")
    return forget_expired(timezone.now())
