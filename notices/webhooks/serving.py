"""Calling partner systems: one worker serves one subscription at a time, in a thread of its own.

So events of one subject arrive in order, and a receiver that hangs keeps nobody waiting but itself. A lease on the
subscription, written before anything is sent, ends by itself where the worker is killed; the call that was under way
is then made again, under the same event number.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce

from notices.choices import Calling, Running
from notices.delivery.pauses import LONGEST, pause
from notices.models import Subscription, WebhookCall
from notices.webhooks.attempting import Attempt, attempt
from notices.webhooks.failing import pause_by_itself
from notices.webhooks.lining_up import line_up

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

LEASE = timedelta(seconds=60)
# One worker stays with one subscription no longer than this, far less than the lease.
STAY = 15.0
IDLE = timedelta(seconds=2)
AT_ONCE = 8


def serve_due(clock: Clock, seconds: float = 20.0) -> int:
    """Serve whatever is due, for about `seconds`; how many subscriptions were served.

    Any number of workers may call it. Ends early where nothing is due and nothing is under way.
    """
    ends, served = time.monotonic() + seconds, 0
    running: set[Future[None]] = set()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while time.monotonic() < ends:
            while len(running) < AT_ONCE and (taken := _claim(clock())) is not None:
                running.add(pool.submit(_serve_in_thread, taken, clock))
                served += 1
            if not running:
                break
            _done, running = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
    return served


@transaction.atomic
def _claim(now: datetime) -> Subscription | None:
    """Lease the subscription that has waited longest."""
    due = Subscription.objects.filter(
        state=Running.ACTIVE, client__active=True, next_try_at__lte=now
    )
    free = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
    taken = free.select_related("client").order_by("next_try_at", "id").first()
    if taken is not None:
        taken.next_try_at = now + LEASE
        taken.save(update_fields=["next_try_at"])
    return taken


def _serve_in_thread(taken: Subscription, clock: Clock) -> None:
    try:
        serve(taken, clock)
    except Exception:
        # Its lease ends by itself; the others go on.
        log.exception("subscription %s could not be served", taken.pk)
    finally:
        connections.close_all()


def serve(taken: Subscription, clock: Clock) -> None:
    """Call the receiver for what is due, in order, until nothing is left, it fails, or its turn is over."""
    ends = time.monotonic() + STAY
    lease = taken.next_try_at
    while time.monotonic() < ends:
        mine = _still_mine(taken, lease)
        if mine is None:
            return
        call = _next_call(mine, clock())
        if call is None:
            if not line_up(mine, clock()):
                _release(mine, lease, clock() + IDLE)
                return
            continue
        if not _call(mine, call, lease, clock):
            return
    _release(taken, lease, clock())


def _still_mine(taken: Subscription, lease: datetime) -> Subscription | None:
    """The subscription as it is now; None where it was paused or another worker has it."""
    held = Subscription.objects.filter(pk=taken.pk, state=Running.ACTIVE, next_try_at=lease)
    return held.select_related("client").first()


def _next_call(subscription: Subscription, now: datetime) -> WebhookCall | None:
    """The oldest call that is due and has no earlier one of its subject before it."""
    waiting = WebhookCall.objects.filter(subscription=subscription, state=Calling.WAITING)
    earlier = waiting.filter(
        subject_kind=OuterRef("subject_kind"),
        subject_id=OuterRef("subject_id"),
        pk__lt=OuterRef("pk"),
    )
    due = waiting.filter(~Exists(earlier), next_try_at__lte=now)
    return due.select_related("event").order_by("id").first()


def _call(mine: Subscription, call: WebhookCall, lease: datetime, clock: Clock) -> bool:
    """Make one call and write down what became of it; whether to go on."""
    made = attempt(mine, call, clock())
    now = clock()
    if not made.error:
        _taken(mine, call, made, now)
        return True
    _failed(mine, call, made, now)
    if _over(call, now):
        pause_by_itself(mine, made.error, now)
        return False
    if made.only_this:
        return True
    asked = min(timedelta(seconds=made.after or 0), LONGEST)
    _release(mine, lease, now + max(pause(mine.failures + 1), asked))
    return False


@transaction.atomic
def _taken(mine: Subscription, call: WebhookCall, made: Attempt, now: datetime) -> None:
    WebhookCall.objects.filter(pk=call.pk, state=Calling.WAITING).update(
        state=Calling.SENT,
        sent_at=now,
        attempts=F("attempts") + 1,
        first_tried_at=Coalesce("first_tried_at", now),
        last_status=made.status,
        last_error="",
    )
    Subscription.objects.filter(pk=mine.pk).update(failures=0, last_error="", last_sent_at=now)


@transaction.atomic
def _failed(mine: Subscription, call: WebhookCall, made: Attempt, now: datetime) -> None:
    call.attempts += 1
    call.first_tried_at = call.first_tried_at or now
    WebhookCall.objects.filter(pk=call.pk, state=Calling.WAITING).update(
        attempts=call.attempts,
        first_tried_at=call.first_tried_at,
        next_try_at=now + pause(call.attempts),
        last_status=made.status,
        last_error=made.error[:200],
    )
    more = 0 if made.only_this else 1
    Subscription.objects.filter(pk=mine.pk).update(
        failures=F("failures") + more, last_error=made.error[:200]
    )


def _over(call: WebhookCall, now: datetime) -> bool:
    began = call.first_tried_at or now
    return now - began >= timedelta(hours=settings.WEBHOOK_RETRY_HOURS)


def _release(taken: Subscription, lease: datetime, next_try_at: datetime) -> None:
    Subscription.objects.filter(pk=taken.pk, next_try_at=lease).update(next_try_at=next_try_at)
