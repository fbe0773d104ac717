"""Background work: each task calls one rule and returns a count. Safe to run twice, by any number of workers.

They have a queue and a worker of their own (`outward`): waiting for other people's servers never keeps clocks waiting.
"""

from time import monotonic

from celery import shared_task
from django.utils import timezone

from notices import forgetting
from notices.choices import Channel
from notices.delivery.sending import deliver as deliver_on
from notices.webhooks import serving

LONGEST_RUN = 60.0


@shared_task(name="notices.tasks.deliver", ignore_result=True, time_limit=120)
def deliver(channel: str) -> int:
    """Send what is due on one channel. Each message is tried for `NOTICE_RETRY_HOURS`; the next beat goes on."""
    started, total = monotonic(), 0
    while monotonic() - started < LONGEST_RUN and (
        tried := deliver_on(Channel(channel), timezone.now())
    ):
        total += tried
    return total


@shared_task(name="notices.tasks.forget", ignore_result=True, time_limit=120)
def forget() -> int:
    """Forget what is older than `NOTICE_KEEP_DAYS`. Not retried: the next beat goes on."""
    started, total = monotonic(), 0
    while monotonic() - started < LONGEST_RUN and (gone := forgetting.forget(timezone.now())):
        total += gone
    return total


@shared_task(name="notices.tasks.call_partners", ignore_result=True, time_limit=120)
def call_partners() -> int:
    """Call partner systems. Each event is tried for `WEBHOOK_RETRY_HOURS`; the next beat goes on."""
    return serving.serve_due(timezone.now)
