"""A subscription is changed, gets a new secret, and ends, and no receiver loses a message by it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import ApiClient
from accounts.roles import Role
from config.refusal import Refused, SomebodyWasFirst
from journal.models import Event
from notices.models import Subscription, WebhookCall
from notices.outside.signing import signature
from notices.webhooks.changing import change, end, renew_secret
from notices.webhooks.lining_up import line_up
from notices.webhooks.subscriptions import pause, replay, resume, subscribe
from tests import factories
from tests.factories import ABROAD, HOME
from tests.journal.factories import NOW, Elsewhere, settle
from tests.notices.receiver import Receiver, receiving
from tests.notices.test_faces import acting as calling
from tests.notices.test_faces import browser
from tests.notices.test_webhooks import SCOPES, Clock, acting, case, serve, subscribed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("topic", "inside"),
]
HOOK = "https://example.org/hook"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def partner() -> ApiClient:
    return factories.api_client(allowed_scopes=SCOPES, roles=[Role.CLERK])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def changed(subscription: Subscription, partner: ApiClient, **wish: Any) -> Subscription:
    kept = {
        "url": subscription.url,
        "verbs": subscription.verbs,
        "area_code": subscription.area_code,
    }
    return change(subscription, **kept | wish, by=acting(partner), now=NOW)


# --- changed ----------------------------------------------------------------------------------------------


def test_what_waits_goes_to_the_new_address_in_order(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    with receiving(500) as old:
        subscription = subscribed(partner, old.url)
        events = [case(1), case(1, "incident.filed"), case(2)]
        serve(clock)
        changed(subscription, partner, url=receiver.url)
        serve(clock)
        assert receiver.events() == [event.id for event in events]
        assert len(old.got) == 1
    subscription.refresh_from_db()
    assert (subscription.failures, subscription.last_error) == (0, "")


def test_other_topics_hold_from_where_it_stands_and_a_replay_gives_the_rest(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    subscription = subscribed(partner, receiver.url, verbs=["incident.filed"])
    before, filed = case(1, "incident.closed"), case(2, "incident.filed")
    serve(clock)
    changed(subscription, partner, verbs=["incident.filed", "incident.closed"])
    after = case(3, "incident.closed")
    serve(clock)
    assert receiver.events() == [filed.id, after.id]
    replay(subscription, f"{before.xid}-{before.id - 1}", by=acting(partner), now=clock.now)
    serve(clock)
    assert receiver.events()[2:] == [before.id, filed.id, after.id]


def test_what_waits_and_is_not_wanted_any_more_is_dropped(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    subscription = subscribed(partner, receiver.url)
    receiver.answer = 500
    case(1, area=f"{HOME}001")
    case(2, "incident.filed", f"{HOME}002")
    wanted = case(3, "incident.filed", f"{HOME}001")
    serve(clock)
    receiver.answer = 200
    changed(subscription, partner, verbs=["incident.filed"], area_code=f"{HOME}001")
    clock.on(minutes=1)
    serve(clock)
    assert receiver.events()[1:] == [wanted.id]


def test_a_worker_that_read_it_before_the_change_loses_nothing_of_the_new_topics(
    partner: ApiClient, receiver: Receiver
) -> None:
    """It lines up by what is wished while it holds the place in the journal, not by what it once read."""
    subscription = subscribed(partner, receiver.url, verbs=["incident.filed"])
    read_before = Subscription.objects.select_related("client").get(pk=subscription.pk)
    changed(subscription, partner, verbs=["incident.closed"])
    closed = case(1, "incident.closed")
    case(2, "incident.filed")
    settle()
    line_up(read_before, NOW)
    assert [call.event_id for call in WebhookCall.objects.all()] == [closed.id]


def test_a_change_waits_for_the_worker_that_is_lining_up(
    partner: ApiClient, receiver: Receiver
) -> None:
    from django.db import transaction

    from journal.models import Cursor

    subscription = subscribed(partner, receiver.url)
    with transaction.atomic():
        Cursor.objects.select_for_update().get(name=subscription.reader)
        other = Elsewhere(lambda: changed(subscription, partner, verbs=["incident.filed"]))
        other.join(0.5)
        assert other.is_alive(), "it waits"
    assert other.result().verbs == ["incident.filed"]


def test_only_who_may_subscribe_may_change_and_only_to_what_may_be_heard(
    partner: ApiClient, receiver: Receiver
) -> None:
    subscription = subscribed(partner, receiver.url)
    for wish in ({"area_code": ABROAD}, {"verbs": ["personal.read"]}, {"url": "http://10.0.0.1/"}):
        with pytest.raises(Refused):
            changed(subscription, partner, **wish)
    other = factories.api_client(allowed_scopes=SCOPES)
    for stranger in (acting(other), factories.actor(Role.CLERK)):
        for deed in (end, renew_secret):
            with pytest.raises(PermissionDenied):
                deed(subscription, by=stranger, now=NOW)


def test_the_journal_names_the_host_and_never_the_path(
    partner: ApiClient, receiver: Receiver
) -> None:
    subscription = subscribed(partner, receiver.url)
    changed(subscription, partner, url="https://new.example.org/key-4711")
    event = Event.objects.get(verb="webhook.changed")
    assert (event.data["host"], event.data["changed"]) == ("new.example.org", ["url"])
    assert "key-4711" not in str(event.data)


# --- a new secret -----------------------------------------------------------------------------------------


def test_for_a_while_both_secrets_sign_and_then_the_new_one_alone(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    by = acting(partner)
    made = subscribe(partner, url=receiver.url, verbs=[], area_code=HOME, by=by, now=NOW)
    renewed = renew_secret(made.subscription, grace_hours=24, by=by, now=NOW)
    case(1)
    serve(clock)
    clock.on(hours=25)
    case(2)
    serve(clock)

    def signatures(secrets: list[str], number: int) -> str:
        got = receiver.got[number]
        stamp = got.headers["Yiwang-Timestamp"]
        return ", ".join(signature(secret, stamp, got.body) for secret in secrets)

    given = [got.headers["Yiwang-Signature"] for got in receiver.got]
    assert given == [signatures([renewed.secret, made.secret], 0), signatures([renewed.secret], 1)]


def test_a_secret_that_strangers_know_ends_at_once(partner: ApiClient) -> None:
    made = subscribed(partner, HOOK)
    renewed = renew_secret(made, grace_hours=0, by=acting(partner), now=NOW)
    assert renewed.subscription.secrets_at(NOW + timedelta(seconds=1)) == [renewed.secret]
    assert renewed.secret not in str(list(Event.objects.values_list("data", flat=True)))
    with pytest.raises(Refused):
        renew_secret(made, grace_hours=169, by=acting(partner), now=NOW)


# --- the end ----------------------------------------------------------------------------------------------


def test_one_that_has_ended_is_called_no_more_and_nothing_can_be_done_with_it(
    partner: ApiClient, receiver: Receiver, clock: Clock
) -> None:
    subscription, by = subscribed(partner, receiver.url), acting(partner)
    case(1)
    serve(clock)
    end(subscription, by=by, now=NOW)
    case(2)
    serve(clock)
    assert len(receiver.got) == 1
    subscription.refresh_from_db()
    assert (subscription.state, subscription.secret) == ("ended", "")
    assert WebhookCall.objects.get().state == "sent", "its story can still be read"
    for deed in (pause, resume, end, renew_secret):
        with pytest.raises(SomebodyWasFirst):
            deed(subscription, by=by, now=NOW)


def test_ended_ones_do_not_count_among_the_ten(partner: ApiClient) -> None:
    for _n in range(10):
        last = subscribed(partner, HOOK)
    end(last, by=acting(partner), now=NOW)
    assert subscribed(partner, HOOK)


# --- page and API -----------------------------------------------------------------------------------------


def test_a_partner_changes_renews_and_ends_its_own(partner: ApiClient) -> None:
    api, made = calling(partner), subscribed(partner, HOOK)
    address = f"/api/v1/webhooks/{made.pk}"
    wish = {"url": HOOK, "verbs": ["incident.filed"], "area_code": f"{HOME}001"}
    assert api.put(address, wish, format="json").status_code == 428
    seen = api.get(address)["ETag"]
    answer = api.put(address, wish, format="json", headers={"If-Match": seen})
    assert (answer.status_code, answer.json()["verbs"]) == (200, ["incident.filed"])
    assert api.put(address, wish, format="json", headers={"If-Match": seen}).status_code == 412
    headers = {"If-Match": answer["ETag"], "Idempotency-Key": str(uuid4())}
    renewed = api.post(f"{address}/secret", {"grace_hours": 48}, format="json", headers=headers)
    assert renewed.json()["subscription"]["old_secret_until"]
    assert len(renewed.json()["secret"]) > 30
    assert api.delete(address, headers={"If-Match": renewed["ETag"]}).status_code == 204
    assert api.get(address).json()["state"] == "ended"
    assert api.delete(address, headers={"If-Match": "*"}).status_code == 409


def test_an_administrator_changes_renews_and_ends_it_by_clicking(partner: ApiClient) -> None:
    made = subscribed(partner, HOOK)
    signed_in = browser(factories.person_with(Role.SECURITY_ADMIN))
    page = f"/notices/webhooks/{made.pk}/"
    typed = {"url": f"{HOOK}/2", "area_code": HOME, "verbs": ["incident.filed"], "version": 1}
    assert signed_in.get(f"{page}edit/").status_code == 200
    assert signed_in.post(f"{page}edit/", typed).status_code == 302
    late = signed_in.post(f"{page}edit/", typed | {"url": f"{HOOK}/3"})
    assert late.status_code == 409
    assert f"{HOOK}/3" in late.content.decode(), "what was typed is kept"
    renewed = signed_in.post(f"{page}secret", {"grace_hours": "168"}).content.decode()
    made.refresh_from_db()
    assert made.secret in renewed
    assert made.url == f"{HOOK}/2"
    assert "It has ended" in signed_in.post(f"{page}end", follow=True).content.decode()
    assert "It has ended" not in signed_in.post(f"{page}end", follow=True).content.decode()
