"""How many events a second one worker brings to partner systems, and how late they come while things happen steadily.

YIWANG_VAR=FOLDER python -m bench.webhooks [EVENTS]
"""

import sys
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench.ground import prepared
from bench.ladder import cases_in_handling
from bench.receiver import receiving

EVENTS = 1_000
# As many partners as one worker serves at a time.
PARTNERS = 8
STEADY_SECONDS, STEADY_RATE = 10, 20


@dataclass(frozen=True)
class Called:
    """Events a second for one partner, for eight together; 95th percentile of seconds from happening to taken."""

    one: float
    eight: float
    lag: float


def measure(events: int = EVENTS) -> Called:
    """Everything happens after the subscription; each event is one signed call over a connection of its own."""
    from django.conf import settings

    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    with receiving() as url:
        one = _per_second(_subscribed(url, 1), events)
        eight = _per_second(_subscribed(url, PARTNERS), events)
        lag = _lag(_subscribed(url, 1))
    return Called(one, eight, lag)


def _subscribed(url: str, many: int) -> list[Any]:
    """Partners of the district who hear of every dispatch; those of an earlier run hear nothing any more."""
    from django.utils import timezone

    from accounts.identity import client_actor
    from accounts.models import ApiClient
    from notices.models import Subscription
    from notices.webhooks.subscriptions import subscribe

    Subscription.objects.update(state="paused")
    scopes = ["incidents:read", "webhooks:manage"]
    made = []
    for number in range(many):
        client = ApiClient.objects.create(
            name=f"bench {number}", client_type="confidential", area_code="120103", roles=["supervisor"],
            authorization_grant_type="client-credentials", allowed_scopes=scopes,
        )  # fmt: skip
        by, now = client_actor(client, scopes), timezone.now()
        verbs = ["incident.dispatched"]
        new = subscribe(client, url=url, verbs=verbs, area_code="120103", by=by, now=now)
        made.append(new.subscription)
    return made


def _per_second(subscriptions: list[Any], events: int) -> float:
    from django.utils import timezone

    from notices.webhooks.serving import serve_due

    cases_in_handling(events, timezone.now() - timedelta(minutes=1))
    start = time.perf_counter()
    while _taken(subscriptions) < events * len(subscriptions):
        serve_due(timezone.now)
    return events * len(subscriptions) / (time.perf_counter() - start)


def _taken(subscriptions: list[Any]) -> int:
    from notices.models import WebhookCall

    return WebhookCall.objects.filter(subscription__in=subscriptions, state="sent").count()


def _lag(subscriptions: list[Any]) -> float:
    """A worker that is asked every two seconds, as the beat does, while events come at a steady rate."""
    from django.utils import timezone

    from notices.models import WebhookCall
    from notices.webhooks.serving import serve_due

    total = STEADY_SECONDS * STEADY_RATE
    happening = threading.Thread(target=_steadily)
    happening.start()
    while _taken(subscriptions) < total:
        time.sleep(2)
        serve_due(timezone.now)
    happening.join()
    calls = WebhookCall.objects.filter(subscription__in=subscriptions).select_related("event")
    lags = sorted((call.sent_at - call.event.recorded_at).total_seconds() for call in calls)  # type: ignore[operator]
    return lags[int(len(lags) * 0.95) - 1]


def _steadily() -> None:
    from django.db import connection
    from django.utils import timezone

    for _second in range(STEADY_SECONDS):
        cases_in_handling(STEADY_RATE, timezone.now())
        time.sleep(1)
    connection.close()


def main() -> None:
    with prepared():
        called = measure(*[int(number) for number in sys.argv[1:2]])
        print(
            f"one partner {called.one:,.0f}/s, {PARTNERS} partners {called.eight:,.0f}/s,"
            f" p95 lag at {STEADY_RATE} events/s {called.lag:.1f} s"
        )


if __name__ == "__main__":
    main()
