"""Messages and calls of long ago are forgotten, in batches; what happened stays in the journal.

Kept is whatever may still be wanted: what waits or is being sent, and a message that was given up as long as its
recipient has not read it on the bell.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from journal.models import Cursor
from notices.choices import Calling, Channel, Delivery, Running
from notices.models import Notice, Subscription, WebhookCall
from notices.models.notice import UNDONE

BATCH = 1000


def forget(now: datetime, batch: int = BATCH) -> int:
    """Forget one batch of each of what is older than `NOTICE_KEEP_DAYS` (natural days); how many rows.

    Any number of workers may call it, again and again until it returns 0: each takes what no other holds.
    """
    before = now - timedelta(days=settings.NOTICE_KEEP_DAYS)
    rows = _batch(_notices(before), batch) + _batch(_calls(before), batch)
    return rows + _subscriptions(before)


@transaction.atomic
def _batch(old: "QuerySet[Any]", batch: int) -> int:
    free = old.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    taken = list(free.values_list("pk", flat=True)[:batch])
    old.model._default_manager.filter(pk__in=taken).delete()
    return len(taken)


def _notices(before: datetime) -> "QuerySet[Notice]":
    """Those that went along in a message go before the one that carried them."""
    same = Notice.objects.filter(event=OuterRef("event"), recipient=OuterRef("recipient"))
    unread = Exists(same.filter(channel=Channel.BELL, read_at=None))
    given_up = Exists(same.filter(state=Delivery.DEAD))
    carries = Exists(Notice.objects.filter(carried_by=OuterRef("pk")))
    old = Notice.objects.filter(~carries, created_at__lt=before).exclude(state__in=UNDONE)
    return old.exclude(given_up & unread)


def _calls(before: datetime) -> "QuerySet[WebhookCall]":
    """By their last attempt: a replay calls again with what happened long ago."""
    done = WebhookCall.objects.filter(state__in=(Calling.SENT, Calling.SKIPPED))
    return done.filter(next_try_at__lt=before)


@transaction.atomic
def _subscriptions(before: datetime) -> int:
    """Those that ended, once their calls are forgotten, with their place in the journal."""
    ended = Subscription.objects.filter(state=Running.ENDED, ended_at__lt=before, calls=None)
    found = list(ended.select_for_update(skip_locked=True, of=("self",)))
    Cursor.objects.filter(name__in=[one.reader for one in found]).delete()
    Subscription.objects.filter(pk__in=[one.pk for one in found]).delete()
    return len(found)
