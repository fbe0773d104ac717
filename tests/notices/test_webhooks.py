"""Partner systems are called with what they may see, in order, signed, again until they took it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actor import Actor
from accounts.identity import client_actor
from accounts.models import ApiClient
from accounts.roles import Role
from config.refusal import Refused, SomebodyWasFirst
from journal.models import Event
from notices.models import Notice, Subscription, WebhookCall
from notices.outside.signing import signature
from notices.webhooks.places import cursor_of
from notices.webhooks.serving import LEASE, serve_due
from notices.webhooks.subscriptions import pause, replay, resume, skip, subscribe
from notices.webhooks.visible import visible_to
from tests import factories
from tests.factories import ABROAD, HOME
from tests.journal.factories import NOW, happened, settle
from tests.notices.receiver import Got, Receiver, receiving

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("topic", "inside"),
]
SCOPES = ["incidents:read", "webhooks:manage"]


class Clock:
    """Time as a worker sees it; moved by tests."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now

    def on(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def partner() -> ApiClient:
    return factories.api_client(allowed_scopes=SCOPES, roles=[Role.CLERK])


def acting(partner: ApiClient) -> Actor:
    return client_actor(partner, SCOPES)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def subscribed(partner: ApiClient, url: str, **facts: Any) -> Subscription:
    facts = {"verbs": [], "area_code": HOME, **facts}
    return subscribe(partner, url=url, by=acting(partner), now=NOW, **facts).subscription


def case(number: int, verb: str = "incident.reported", area: str = HOME, **data: Any) -> Event:
    return happened(("case", number), verb=verb, area_code=area, data=data)


def serve(clock: Clock) -> None:
    """Two seconds later; a second time, for what was read in the first."""
    settle()
    clock.on(seconds=2)
    serve_due(clock)


def test_each_event_arrives_once_with_a_signature_and_its_place(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    new = subscribe(
        partner, url=receiver.url, verbs=[], area_code=HOME, by=acting(partner), now=NOW
    )
    event = case(7, unit=3, checker=99, remark=5)
    serve(clock)
    serve(clock)
    (got,) = receiver.got
    assert got.json == {
        "event": event.id,
        "cursor": cursor_of(event),
        "verb": "incident.reported",
        "at": "2026-07-24T02:00:00+00:00",
        "subject": {"kind": "case", "id": "7", "number": "7", "seq": 1},
        "area_code": HOME,
        "by": "system",
        "data": {"unit": 3},
        "replay": 0,
    }
    stamp = got.headers["Yiwang-Timestamp"]
    assert got.headers["Yiwang-Signature"] == signature(new.secret, stamp, got.body)
    assert WebhookCall.objects.get().state == "sent"


def test_it_begins_with_what_happens_after_the_subscription(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    case(1)
    settle()
    subscribed(partner, receiver.url)
    after = case(2)
    serve(clock)
    assert receiver.events() == [after.id]


def test_only_what_was_asked_for_and_may_be_seen_is_sent(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    subscribed(partner, receiver.url, verbs=["incident.filed"], area_code=f"{HOME}001")
    case(1)
    case(2, "incident.filed", f"{HOME}002")
    case(13, "incident.filed", f"{HOME}001")
    happened(("secret", 3), verb="incident.filed", area_code=f"{HOME}001")
    wanted = case(4, "incident.filed", f"{HOME}001001")
    serve(clock)
    assert receiver.events() == [wanted.id]


def test_who_loses_the_scope_hears_nothing_more(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    subscribed(partner, receiver.url)
    ApiClient.objects.update(allowed_scopes=["webhooks:manage"])
    case(1)
    serve(clock)
    assert receiver.got == []


def test_a_later_event_of_a_case_waits_for_the_earlier_and_other_cases_pass(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    subscribed(partner, receiver.url)
    first, second = case(1), case(1, "incident.filed")
    other = case(2)
    refuses = {first.id}
    receiver.answer = lambda got: 422 if got.json["event"] in refuses else 200
    serve(clock)
    assert receiver.events() == [first.id, other.id]
    refuses.clear()
    clock.on(seconds=30)
    serve(clock)
    assert receiver.events() == [first.id, other.id, first.id, second.id]


def test_a_receiver_in_trouble_is_left_alone_for_growing_pauses(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    subscription = subscribed(partner, receiver.url)
    receiver.answer = 500
    for number in range(5):
        case(number)
    serve(clock)
    waits = []
    for _attempt in range(4):
        subscription.refresh_from_db()
        waits.append((subscription.next_try_at - clock.now).total_seconds())
        clock.now = subscription.next_try_at
        serve_due(clock)
    assert waits == [30, 60, 120, 240]
    assert len(receiver.got) == 5, "one probe at a time"
    receiver.answer = 200
    subscription.refresh_from_db()
    clock.now = subscription.next_try_at
    serve_due(clock)
    assert len(set(receiver.events())) == 5
    subscription.refresh_from_db()
    assert (subscription.failures, subscription.last_error) == (0, "")


def test_after_the_window_it_pauses_itself_and_the_security_administrators_hear_it(
    partner: ApiClient, receiver: Receiver, clock: Clock, settings: Any
) -> None:
    settings.WEBHOOK_RETRY_HOURS = 2
    keeper = factories.person_with(Role.SECURITY_ADMIN)
    factories.person_with(Role.SECURITY_ADMIN, ABROAD)
    subscription = subscribed(partner, receiver.url)
    receiver.answer = 500
    event = case(1)
    serve(clock)
    for _attempt in range(10):
        subscription.refresh_from_db()
        clock.now = max(clock.now, subscription.next_try_at)
        serve_due(clock)
    subscription.refresh_from_db()
    assert (subscription.state, subscription.paused_by) == ("paused", "")
    assert list(Notice.objects.values_list("recipient", "kind")) == [
        (keeper.pk, "webhook.paused_itself")
    ]
    calls, receiver.answer = len(receiver.got), 200
    clock.on(hours=5)
    serve(clock)
    assert len(receiver.got) == calls, "paused"
    resume(subscription, by=acting(partner), now=clock.now)
    serve(clock)
    assert receiver.events()[-1] == event.id
    assert WebhookCall.objects.get().state == "sent"


def test_nothing_is_lost_while_it_is_paused(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    subscription = subscribed(partner, receiver.url)
    pause(subscription, by=acting(partner), now=NOW)
    events = [case(number) for number in range(3)]
    serve(clock)
    assert receiver.got == []
    with pytest.raises(SomebodyWasFirst):
        pause(subscription, by=acting(partner), now=NOW)
    resume(subscription, by=acting(partner), now=clock.now)
    serve(clock)
    assert receiver.events() == [event.id for event in events]


def test_a_replay_sends_everything_after_the_cursor_again_in_order(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    subscription = subscribed(partner, receiver.url)
    events = [case(1), case(1, "incident.filed"), case(2)]
    serve(clock)
    replay(subscription, receiver.got[0].json["cursor"], by=acting(partner), now=clock.now)
    serve(clock)
    assert receiver.events() == [e.id for e in (*events, *events[1:])]
    assert [got.json["replay"] for got in receiver.got] == [0, 0, 0, 1, 1]
    assert len(set(receiver.keys())) == 5


def test_a_replay_while_some_are_waiting_sends_each_once(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    subscription = subscribed(partner, receiver.url)
    first, second = case(1), case(1, "incident.filed")
    receiver.answer = 422
    serve(clock)
    receiver.answer = 200
    place = f"{first.xid}-{first.id - 1}"
    replay(subscription, place, by=acting(partner), now=clock.now)
    serve(clock)
    assert receiver.events() == [first.id, first.id, second.id]


@pytest.mark.parametrize("cursor", ["", "x", "1", "-1-2", "99999999999999-1"])
def test_a_cursor_that_is_none_is_refused(
    partner: ApiClient, receiver: Receiver, cursor: str
) -> None:
    subscription = subscribed(partner, receiver.url)
    with pytest.raises(Refused):
        replay(subscription, cursor, by=acting(partner), now=NOW)


def test_an_event_that_the_receiver_will_not_take_can_be_left_out(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    subscription = subscribed(partner, receiver.url)
    poisoned, after = case(1), case(1, "incident.filed")
    receiver.answer = lambda got: 400 if got.json["event"] == poisoned.id else 200
    serve(clock)
    call = WebhookCall.objects.get(event=poisoned)
    skip(subscription, call.pk, by=acting(partner), now=clock.now)
    serve(clock)
    assert receiver.events() == [poisoned.id, after.id]
    with pytest.raises(SomebodyWasFirst):
        skip(subscription, call.pk, by=acting(partner), now=clock.now)


def test_a_worker_that_died_is_followed_when_its_lease_ends(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    subscribed(partner, receiver.url)
    Subscription.objects.update(next_try_at=clock.now + LEASE)
    event = case(1)
    serve(clock)
    assert receiver.got == []
    clock.on(seconds=60)
    serve(clock)
    assert receiver.events() == [event.id]


def test_a_redirect_is_not_followed(partner: ApiClient, receiver: Receiver, clock: Clock) -> None:
    with receiving() as elsewhere:
        receiver.answer, receiver.headers = 307, {"Location": elsewhere.url}
        subscribed(partner, receiver.url)
        case(1)
        serve(clock)
        assert (len(receiver.got), elsewhere.got) == (1, [])


# --- receivers that are slow ----------------------------------------------------------------------------


def hangs(_got: Got) -> int:
    import time

    time.sleep(3)
    return 200


def test_receivers_that_hang_or_drip_keep_no_other_waiting(
    partner: ApiClient, receiver: Receiver, clock: Clock, settings: Any
) -> None:
    settings.OUTWARD_SECONDS = 0.5
    with receiving(hangs) as hanging, receiving(drip=0.1) as dripping:
        for url in (hanging.url, dripping.url, receiver.url):
            subscribed(partner, url)
        events = [case(number) for number in range(20, 40)]
        serve(clock)
        assert receiver.events() == [event.id for event in events]
        errors = set(Subscription.objects.exclude(last_error="").values_list("last_error"))
        assert errors == {("no answer within 0.5 s",)}
        assert (len(hanging.got), len(dripping.got)) == (1, 1)


# --- who may subscribe, and to what ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org/#part",
        "https://localhost/",
        "https://127.1/",
        "https://0x7f000001/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "javascript:alert(1)",
    ],
)
def test_addresses_that_lead_nowhere_or_into_our_own_network_are_refused(
    partner: ApiClient, url: str
) -> None:
    with pytest.raises(Refused) as refused:
        subscribed(partner, url)
    assert refused.value.field == "url"


def test_a_name_that_leads_into_our_own_network_is_not_called(
    partner: ApiClient, receiver: Receiver, clock: Clock, settings: Any
) -> None:
    settings.WEBHOOK_HOSTS = ["localhost"]
    subscribed(partner, receiver.url.replace("127.0.0.1", "localhost"))
    case(1)
    settings.WEBHOOK_HOSTS = []
    serve(clock)
    assert receiver.got == []
    assert "localhost" in Subscription.objects.get().last_error


def test_a_partner_hears_nothing_from_outside_its_area_or_its_scopes(partner: ApiClient) -> None:
    for facts in ({"area_code": ABROAD}, {"area_code": ""}, {"verbs": ["personal_data.revealed"]}):
        with pytest.raises(Refused):
            subscribed(partner, "https://example.org/", **facts)


def test_a_partner_touches_its_own_subscriptions_only(partner: ApiClient) -> None:
    mine = subscribed(partner, "https://example.org/")
    other = factories.api_client(allowed_scopes=SCOPES)
    assert list(visible_to(acting(partner))) == [mine]
    assert not visible_to(acting(other)).exists()
    assert not visible_to(client_actor(partner, ["incidents:read"])).exists()
    assert list(visible_to(factories.actor(Role.SECURITY_ADMIN))) == [mine]
    assert not visible_to(factories.actor(Role.SECURITY_ADMIN, ABROAD)).exists()
    assert not visible_to(factories.actor(Role.SYSTEM_ADMIN)).exists()
    for somebody in (acting(other), factories.actor(Role.SYSTEM_ADMIN)):
        with pytest.raises(PermissionDenied):
            pause(mine, by=somebody, now=NOW)


def test_a_partner_has_ten_subscriptions_at_most(partner: ApiClient) -> None:
    for _n in range(10):
        subscribed(partner, "https://example.org/")
    with pytest.raises(Refused):
        subscribed(partner, "https://example.org/")


def test_the_secret_is_not_readable_in_the_database(partner: ApiClient) -> None:
    from django.db import connection

    new = subscribe(
        partner, url="https://a.org/", verbs=[], area_code=HOME, by=acting(partner), now=NOW
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM notices_subscription")
        assert new.secret not in cursor.fetchone()[0]
    assert not Event.objects.filter(data__icontains=new.secret).exists()
