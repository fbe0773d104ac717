"""One call of one receiver, and what it means."""

import time
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from config.refusal import Refused
from notices.models import Subscription, WebhookCall
from notices.outside.addresses import Forbidden, Unreachable, target_of
from notices.outside.calling import Failed, post
from notices.outside.signing import signed
from notices.webhooks.payload import body_of

# The receiver is there, and refuses this one event: others may pass.
_OF_THE_RECEIVER = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)


@dataclass(frozen=True)
class Attempt:
    """`error` is "" where it was taken. `only_this` says that the receiver works and refuses this one event."""

    error: str = ""
    status: int | None = None
    only_this: bool = False
    after: float | None = None


def attempt(subscription: Subscription, call: WebhookCall, now: datetime) -> Attempt:
    """Call the receiver. Touches no database."""
    body = body_of(call)
    headers = {
        "Idempotency-Key": f"event-{call.event_id}-{call.round}",
        "Yiwang-Event": str(call.event_id),
        "Yiwang-Subscription": str(subscription.pk),
        **signed(subscription.secrets_at(now), int(time.time()), body),
    }
    try:
        answer = post(target_of(subscription.url), body, headers)
    except (Failed, Unreachable, Forbidden, Refused) as failed:
        return Attempt(error=str(failed))
    if 200 <= answer.status < 300:
        return Attempt(status=answer.status)
    refused = 400 <= answer.status < 500 and answer.status not in _OF_THE_RECEIVER
    return Attempt(f"HTTP {answer.status}", answer.status, refused, answer.retry_after)
