"""Drill: messages leave at least once with one effect, whichever worker dies where, and however many work at once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone

from notices.choices import Channel, Delivery
from notices.delivery.claiming import LEASE, MOST_LEASED
from notices.delivery.sending import deliver
from notices.models import Notice
from tests.drills.notices_drill import (
    deaf,
    finish,
    kill_when,
    start,
    victim_waits,
    wait_for,
    waiting_at,
)
from tests.notices.conftest import kinds  # noqa: F401 — a fixture
from tests.notices.kinds import person, told
from tests.notices.receiver import Got, Receiver, receiving

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("kinds"),
    pytest.mark.slow,
]


@pytest.fixture
def gateway(settings: Any) -> Iterator[Receiver]:
    """A gateway that keeps what it gets."""
    with receiving() as receiver:
        settings.GATEWAY_URL = receiver.url
        yield receiver
    connections.close_all()


def leased() -> int:
    return Notice.objects.filter(state=Delivery.LEASED).count()


def states() -> set[str]:
    return set(Notice.objects.filter(channel="gateway").values_list("state", flat=True))


def after_the_lease() -> datetime:
    return timezone.now() + LEASE + timedelta(seconds=1)


def test_a_worker_killed_before_its_claim_is_committed_has_claimed_nothing(
    gateway: Receiver,
) -> None:
    told(person())
    with waiting_at("notices_notice", "BEFORE UPDATE"):
        kill_when(victim_waits, "gateway", gateway.url)
    assert (leased(), gateway.got) == (0, [])
    assert deliver(Channel.GATEWAY, timezone.now()) == 1
    assert len(gateway.got) == 1


def test_a_worker_killed_between_claim_and_send_is_followed_when_its_lease_ends(
    gateway: Receiver,
) -> None:
    told(person())
    with deaf() as address:
        kill_when(lambda: leased() == 1, "gateway", address)
    assert deliver(Channel.GATEWAY, timezone.now()) == 0, "still leased"
    assert deliver(Channel.GATEWAY, after_the_lease()) == 1
    assert len(gateway.got) == 1
    assert Notice.objects.get(channel="gateway").state == Delivery.SENT


def test_a_worker_killed_between_send_and_mark_leaves_a_repeat_under_the_same_key(
    gateway: Receiver,
) -> None:
    leader = person()
    for number in range(5):
        told(leader, number=number)
    with waiting_at("notices_notice", "BEFORE UPDATE", "NEW.state = 'sent'"):
        kill_when(victim_waits, "gateway", gateway.url)
    assert (len(gateway.got), leased()) == (1, 5)
    assert deliver(Channel.GATEWAY, after_the_lease()) == 1
    assert len(gateway.got) == 2
    assert len(gateway.distinct()) == 1
    assert gateway.got[0].json == gateway.got[1].json
    assert states() == {"sent"}


def test_four_workers_at_once_send_each_message_once(gateway: Receiver) -> None:
    people = [person() for _n in range(30)]
    for number in range(20):
        told(*people, number=number)
        told(*people, number=number, kind="case.sent")
    finish(*[start("gateway", gateway.url) for _worker in range(4)])
    while deliver(Channel.GATEWAY, timezone.now()):
        pass
    assert len(gateway.got) == len(gateway.distinct()) == 60
    assert {got.json["count"] for got in gateway.got} == {20}
    assert states() == {"sent"}


def test_a_gateway_that_hangs_keeps_neither_the_mail_nor_all_workers(gateway: Receiver) -> None:
    over = Event()

    def hangs(_got: Got) -> int:
        over.wait(60)
        return 200

    gateway.answer = hangs
    told(*[person() for _n in range(60)])
    workers = [start("gateway", gateway.url, seconds=1) for _worker in range(3)]
    wait_for("the workers", lambda: leased() > 0)
    held = [leased()]
    while deliver(Channel.EMAIL, timezone.now()):
        held.append(Notice.objects.filter(channel="gateway", state=Delivery.LEASED).count())
    assert len(mail.outbox) == 60
    assert 0 < max(held) <= MOST_LEASED
    finish(*workers)
    over.set()
    waiting = Notice.objects.filter(channel="gateway", state=Delivery.WAITING)
    assert waiting.count() == 60, "all are visibly pending"
    assert set(waiting.values_list("last_error", flat=True)) == {"no answer within 1 s"}
