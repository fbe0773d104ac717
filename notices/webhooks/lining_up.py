"""From the journal to the calls of one subscription: each event once in a round, only what the partner may see."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from accounts.identity import client_actor
from journal.models import Event
from journal.readers import follow
from notices.choices import Calling
from notices.models import Subscription, WebhookCall
from notices.webhooks.topics import topic_of, verbs_for

# A receiver that is behind is not read for any further: the journal keeps the rest.
READ_AHEAD = 200


def line_up(subscription: Subscription, now: datetime) -> int:
    """Write calls for the next events of the journal, as long as few are waiting; how many events were read."""
    waiting = WebhookCall.objects.filter(subscription=subscription, state=Calling.WAITING)
    if waiting[:READ_AHEAD].count() >= READ_AHEAD:
        return 0
    return follow(
        subscription.reader,
        partial(_line_up, subscription.pk, now),
        verbs=partial(_wanted, subscription.pk),
        limit=READ_AHEAD,
    )


def _now(pk: int) -> Subscription:
    """What is wanted now: whoever changes it or has it hear again holds the cursor, as the asking transaction does."""
    return Subscription.objects.select_related("client").get(pk=pk)


def _wanted(pk: int) -> Collection[str]:
    subscription = _now(pk)
    heard = verbs_for(subscription.client.allowed_scopes)
    return heard & set(subscription.verbs) if subscription.verbs else heard


def _line_up(pk: int, now: datetime, events: Sequence[Event]) -> None:
    subscription = _now(pk)
    if subscription.ended:
        return
    seen = _seen(subscription, events)
    calls = [
        WebhookCall(
            subscription=subscription,
            event=event,
            round=subscription.round,
            subject_kind=event.subject_kind,
            subject_id=event.subject_id,
            next_try_at=now,
        )
        for event in events
        if (event.subject_kind, event.subject_id) in seen
        and event.area_code.startswith(subscription.area_code)
    ]
    WebhookCall.objects.bulk_create(calls, ignore_conflicts=True, batch_size=1000)


def _seen(subscription: Subscription, events: Sequence[Event]) -> set[tuple[str, str]]:
    """The subjects (kind, id) that the partner may see now."""
    client = subscription.client
    actor = client_actor(client, client.allowed_scopes)
    asked: dict[str, set[str]] = defaultdict(set)
    for event in events:
        asked[event.subject_kind].add(event.subject_id)
    return {
        (kind, ident)
        for kind, ids in asked.items()
        if (topic := topic_of(kind)) is not None and topic.scope in actor.scopes
        for ident in topic.sees(actor, ids)
    }
