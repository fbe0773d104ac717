"""A notice leaves on the channels that its recipient chose, is tried over a window, and ends sent or given up."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import Role
from config.refusal import SomebodyWasFirst
from journal.models import Event
from notices.choices import Channel, Delivery
from notices.delivery.claiming import LEASE, claim
from notices.delivery.pauses import pause
from notices.delivery.resending import given_up, resend
from notices.delivery.sending import deliver
from notices.models import Notice
from notices.outside.signing import signature
from tests import factories
from tests.journal.factories import NOW
from tests.notices.kinds import person, told
from tests.notices.receiver import Receiver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
LATER = NOW + timedelta(hours=1)


def row(channel: Channel = Channel.GATEWAY) -> Notice:
    return Notice.objects.filter(channel=channel).earliest("id")


def row_of(number: int) -> Notice:
    return Notice.objects.get(channel=Channel.GATEWAY, facts__number=str(number))


def states(channel: Channel = Channel.GATEWAY) -> list[str]:
    return list(
        Notice.objects.filter(channel=channel).order_by("id").values_list("state", flat=True)
    )


def test_telling_makes_a_row_for_each_channel_that_the_recipient_chose(gateway: Receiver) -> None:
    everything, bell_only = person(), person(urgent=[])
    told(everything, bell_only)
    rows = Notice.objects.values_list("recipient", "channel", "state")
    assert set(rows) == {
        (everything.pk, "bell", "sent"),
        (everything.pk, "email", "waiting"),
        (everything.pk, "gateway", "waiting"),
        (bell_only.pk, "bell", "sent"),
    }


def test_whoever_has_no_address_is_told_by_the_bell_alone(gateway: Receiver) -> None:
    told(person(phone="", email=""))
    assert list(Notice.objects.values_list("channel", flat=True)) == ["bell"]


def test_without_a_gateway_nothing_waits_for_one() -> None:
    told(person())
    assert set(Notice.objects.values_list("channel", flat=True)) == {"bell", "email"}


def test_who_chose_nothing_is_called_by_text_message_in_danger_only(gateway: Receiver) -> None:
    somebody = factories.user(phone="13812341234")
    told(somebody, kind="case.overdue")
    told(somebody, kind="case.paged")
    assert list(Notice.objects.filter(channel="gateway").values_list("kind", flat=True)) == [
        "case.paged"
    ]


def test_the_gateway_gets_what_the_contract_says(gateway: Receiver) -> None:
    told(person())
    assert deliver(Channel.GATEWAY, LATER) == 1
    notice, got = row(), gateway.got[0]
    assert got.json == {
        "id": f"notice-{notice.pk}",
        "to": "13812341234",
        "text": "Case 7 is overdue",
        "link": f"https://yiwang.example.org/notices/{notice.pk}/",
        "kind": "case.overdue",
        "seriousness": "urgent",
        "count": 1,
        "language": "en",
    }
    assert got.key == notice.key
    stamp = got.headers["Yiwang-Timestamp"]
    assert got.headers["Yiwang-Signature"] == signature("gateway-secret", stamp, got.body)
    assert (notice.state, notice.sent_at, notice.attempts) == (Delivery.SENT, LATER, 1)


def test_a_mail_has_the_text_the_link_and_a_message_id_that_stays(settings: Any) -> None:
    settings.PUBLIC_URL = "https://yiwang.example.org"
    told(person())
    deliver(Channel.EMAIL, LATER)
    (sent,) = mail.outbox
    assert sent.to == ["a@example.org"]
    assert "Case 7 is overdue" in sent.subject
    assert f"https://yiwang.example.org/notices/{row(Channel.EMAIL).pk}/" in sent.body
    assert row(Channel.EMAIL).key in sent.extra_headers["Message-ID"]


def test_nothing_is_sent_twice(gateway: Receiver) -> None:
    told(person())
    assert [deliver(Channel.GATEWAY, LATER) for _turn in range(3)] == [1, 0, 0]
    assert len(gateway.got) == 1


def test_three_hundred_overdue_cases_are_one_message(gateway: Receiver) -> None:
    leader = person()
    for number in range(300):
        told(leader, number=number, now=NOW + timedelta(milliseconds=number))
    told(leader, kind="case.sent")
    assert deliver(Channel.GATEWAY, NOW + timedelta(minutes=1)) == 0, "still gathering"
    while deliver(Channel.GATEWAY, LATER):
        pass
    texts = {got.json["text"]: got.json for got in gateway.got}
    assert set(texts) == {"300 cases overdue", "Case 7 is yours"}
    assert len(gateway.got) == 2
    assert texts["300 cases overdue"]["link"].endswith("/notices/?kind=case.overdue")
    assert texts["300 cases overdue"]["count"] == 300
    assert set(states()) == {"sent"}


def test_danger_waits_for_nothing(gateway: Receiver) -> None:
    told(person(quiet_from="00:00", quiet_until="23:59"), kind="case.paged")
    assert deliver(Channel.GATEWAY, NOW) == 1


def test_during_quiet_hours_delivery_waits_until_they_end(gateway: Receiver) -> None:
    # NOW is 10:00 in Shanghai.
    told(person(quiet_from="09:00", quiet_until="12:30"))
    assert deliver(Channel.GATEWAY, NOW + timedelta(hours=2, minutes=29)) == 0
    assert deliver(Channel.GATEWAY, NOW + timedelta(hours=2, minutes=30)) == 1


def test_a_worker_that_comes_late_keeps_the_quiet_hours_too(gateway: Receiver) -> None:
    told(person(quiet_from="12:00", quiet_until="13:00"))
    assert deliver(Channel.GATEWAY, NOW + timedelta(hours=2, minutes=10)) == 0
    assert row().next_try_at == NOW + timedelta(hours=3)
    assert deliver(Channel.GATEWAY, NOW + timedelta(hours=3)) == 1


@pytest.mark.parametrize("status", [500, 503, 429, 401, 404, 302])
def test_what_may_work_later_is_tried_again_after_growing_pauses(
    gateway: Receiver, status: int
) -> None:
    gateway.answer = status
    told(person())
    now, waits = LATER, []
    for _attempt in range(9):
        assert deliver(Channel.GATEWAY, now) == 1
        after = row()
        assert after.next_try_at is not None
        waits.append((after.next_try_at - now).total_seconds())
        now = after.next_try_at
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert (row().state, row().last_error) == ("waiting", f"HTTP {status}")
    gateway.answer = 200
    deliver(Channel.GATEWAY, now)
    assert row().state == "sent"
    assert len(gateway.distinct()) == 1, "each attempt has the same key"


def test_the_gateway_may_ask_for_a_longer_pause(gateway: Receiver) -> None:
    gateway.answer, gateway.headers = 503, {"Retry-After": "600"}
    told(person())
    deliver(Channel.GATEWAY, LATER)
    assert row().next_try_at == LATER + timedelta(seconds=600)


def test_after_the_window_it_is_given_up(gateway: Receiver, settings: Any) -> None:
    settings.NOTICE_RETRY_HOURS = 2
    gateway.answer = 500
    told(person())
    now, attempts = LATER, 0
    while row().state == "waiting":
        attempts += deliver(Channel.GATEWAY, now)
        now = row().next_try_at or now
    assert timedelta(hours=2) <= now - LATER < timedelta(hours=3)
    assert (row().state, row().attempts) == ("dead", attempts)


@pytest.mark.parametrize("status", [400, 410, 422])
def test_what_will_never_work_is_given_up_at_once(gateway: Receiver, status: int) -> None:
    gateway.answer = status
    told(person())
    deliver(Channel.GATEWAY, LATER)
    assert (row().state, row().last_error) == ("dead", f"HTTP {status}")


def test_a_key_that_the_gateway_has_already_counts_as_sent(gateway: Receiver) -> None:
    gateway.answer = 409
    told(person())
    deliver(Channel.GATEWAY, LATER)
    assert row().state == "sent"


def test_nobody_there_is_a_reason_to_try_again(settings: Any) -> None:
    settings.GATEWAY_URL = "http://127.0.0.1:9/"
    told(person())
    deliver(Channel.GATEWAY, LATER)
    assert (row().state, row().last_error) == ("waiting", "ConnectionRefusedError")


def test_somebody_switched_off_meanwhile_is_not_called(gateway: Receiver) -> None:
    somebody = person()
    told(somebody)
    User.objects.update(is_active=False)
    deliver(Channel.GATEWAY, LATER)
    assert row().state == "dead"
    assert gateway.got == []


def test_a_leased_message_is_nobody_elses_until_the_lease_ends(gateway: Receiver) -> None:
    told(person())
    claimed = claim(Channel.GATEWAY, LATER)
    assert [one.pk for one in claimed] == [row().pk]
    assert claim(Channel.GATEWAY, LATER + LEASE - timedelta(seconds=1)) == []
    assert [one.pk for one in claim(Channel.GATEWAY, LATER + LEASE)] == [row().pk]


def test_a_message_tried_again_says_the_same_whatever_came_in_since(gateway: Receiver) -> None:
    somebody = person()
    told(somebody, number=1)
    told(somebody, number=2)
    gateway.answer = 500
    deliver(Channel.GATEWAY, LATER)
    told(somebody, number=3, now=LATER)
    gateway.answer = 200
    while deliver(Channel.GATEWAY, LATER + timedelta(hours=1)):
        pass
    first = gateway.got[0].key
    assert sorted((got.key, got.json["count"]) for got in gateway.got) == [
        (first, 2),
        (first, 2),
        (row_of(3).key, 1),
    ]


def dead(gateway: Receiver, now: datetime = LATER) -> Notice:
    gateway.answer = 422
    told(person())
    deliver(Channel.GATEWAY, now)
    gateway.answer = 200
    return row()


def test_a_security_administrator_has_it_sent_again_under_a_new_key(gateway: Receiver) -> None:
    notice = dead(gateway)
    keeper = factories.actor(Role.SECURITY_ADMIN)
    assert [one.pk for one in given_up(keeper)] == [notice.pk]
    resend(notice.pk, by=keeper, now=LATER)
    deliver(Channel.GATEWAY, LATER)
    assert row().state == "sent"
    assert gateway.keys() == [f"notice-{notice.pk}", f"notice-{notice.pk}-1"]
    assert Event.objects.filter(verb="notice.resent").count() == 1
    with pytest.raises(SomebodyWasFirst):
        resend(notice.pk, by=keeper, now=LATER)


def test_nobody_else_sees_or_resends_what_was_given_up(gateway: Receiver) -> None:
    notice = dead(gateway)
    colleague = factories.actor(Role.SYSTEM_ADMIN)
    outsider = factories.actor(Role.SECURITY_ADMIN, factories.ABROAD)
    assert not given_up(colleague).exists()
    assert not given_up(outsider).exists()
    with pytest.raises(PermissionDenied):
        resend(notice.pk, by=colleague, now=LATER)


def test_pauses_grow_to_an_hour_and_stay_there() -> None:
    assert [pause(n).total_seconds() for n in (1, 2, 3, 8, 400)] == [30, 60, 120, 3600, 3600]
