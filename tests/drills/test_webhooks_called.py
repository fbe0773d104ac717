"""Drill: partners get every event in order, at least once with one effect, whoever dies, hangs or fails."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.identity import client_actor
from accounts.roles import Role
from journal.models import Event
from notices.models import Subscription, WebhookCall
from notices.webhooks.serving import LEASE, serve_due
from notices.webhooks.subscriptions import subscribe
from tests import factories
from tests.drills.notices_drill import finish, kill_when, start, victim_waits, waiting_at
from tests.factories import HOME
from tests.journal.factories import NOW, happened, settle
from tests.notices.conftest import inside, topic  # noqa: F401 — fixtures
from tests.notices.receiver import Got, Receiver, receiving

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("topic", "inside"),
    pytest.mark.slow,
]
SCOPES = ["incidents:read", "webhooks:manage"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server
    connections.close_all()


def subscribed(url: str) -> Subscription:
    partner = factories.api_client(allowed_scopes=SCOPES, roles=[Role.CLERK])
    by = client_actor(partner, SCOPES)
    return subscribe(partner, url=url, verbs=[], area_code=HOME, by=by, now=NOW).subscription


def story(cases: int) -> list[Event]:
    """Three events of each case, one case after the other."""
    verbs = ("incident.reported", "incident.filed", "incident.closed")
    events = [
        happened(("case", number), verb=verb, area_code=HOME)
        for verb in verbs
        for number in range(100, 100 + cases)
    ]
    settle()
    return events


def serve_after_the_lease() -> None:
    """As workers do a minute later."""
    later = timezone.now() + LEASE + timedelta(seconds=1)
    serve_due(lambda: later)


def in_order(receiver: Receiver) -> bool:
    """Whether each case's events came in their order, repeats dropped."""
    chains: dict[str, list[int]] = defaultdict(list)
    for got in receiver.got:
        subject = got.json["subject"]
        if subject["seq"] not in chains[subject["id"]]:
            chains[subject["id"]].append(subject["seq"])
    return all(chain == [1, 2, 3] for chain in chains.values())


def test_a_worker_killed_before_its_calls_are_written_has_lost_none(receiver: Receiver) -> None:
    subscribed(receiver.url)
    events = story(4)
    with waiting_at("notices_webhookcall", "AFTER INSERT"):
        kill_when(victim_waits, "partners")
    assert not WebhookCall.objects.exists()
    serve_after_the_lease()
    assert receiver.events() == [event.id for event in events]


def test_a_worker_killed_between_send_and_mark_makes_that_call_again(receiver: Receiver) -> None:
    subscribed(receiver.url)
    events = story(4)
    poisoned = f"NEW.state = 'sent' AND NEW.event_id = {events[5].id}"
    with waiting_at("notices_webhookcall", "BEFORE UPDATE", poisoned):
        kill_when(victim_waits, "partners")
    assert receiver.events() == [event.id for event in events[:6]]
    serve_after_the_lease()
    expected = [event.id for event in events]
    assert receiver.events() == [*expected[:6], *expected[5:]]
    assert in_order(receiver)
    assert len(receiver.distinct()) == len(events)
    assert set(WebhookCall.objects.values_list("state", flat=True)) == {"sent"}


def test_four_workers_at_once_make_each_call_once_and_in_order() -> None:
    with ExitStack() as stack:
        receivers = [stack.enter_context(receiving()) for _n in range(5)]
        for receiver in receivers:
            subscribed(receiver.url)
        events = story(20)
        finish(*[start("partners") for _worker in range(4)])
        for receiver in receivers:
            assert receiver.events() == [event.id for event in events]
    connections.close_all()


def test_receivers_that_hang_fail_or_are_slow_hold_up_nobody_else(
    receiver: Receiver, settings: Any
) -> None:
    settings.OUTWARD_SECONDS = 2

    def hangs(_got: Got) -> int:
        sleep(4)
        return 200

    def slow(_got: Got) -> int:
        sleep(0.5)
        return 200

    arrived: list[float] = []

    def quick(_got: Got) -> int:
        arrived.append(monotonic() - began)
        return 200

    receiver.answer = quick
    with receiving(hangs) as hanging, receiving(500) as failing, receiving(slow) as slowly:
        for url in (hanging.url, failing.url, slowly.url, receiver.url):
            subscribed(url)
        story(2)
        began = monotonic()
        serve_due(timezone.now, seconds=4)
        assert max(arrived) < 1.5, "the quick one had all while the others were still at it"
        assert (len(receiver.got), len(slowly.got)) == (6, 6)
        assert (len(hanging.got), len(failing.got)) == (1, 1)
    assert set(Subscription.objects.values_list("last_error", flat=True)) == {
        "",
        "HTTP 500",
        "no answer within 2 s",
    }
    assert WebhookCall.objects.filter(state="waiting").count() == 12, "visibly pending"
