"""What is done with and old is forgotten; what waits, and what nobody has read, stays."""

from datetime import timedelta
from typing import Any

import pytest

from journal.models import Cursor
from notices.choices import Calling, Channel, Delivery, Running
from notices.forgetting import forget
from notices.models import Notice, Subscription, WebhookCall
from tests import factories
from tests.journal.factories import NOW, happened
from tests.notices.kinds import person, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
OLD = NOW - timedelta(days=366)
EMAIL = Channel.EMAIL


def all_of(batch: int = 1000) -> int:
    """Batch after batch, as the task does."""
    total = 0
    while gone := forget(NOW, batch):
        total += gone
    return total


def outward(state: Delivery, **more: Any) -> None:
    Notice.objects.filter(channel=EMAIL).update(state=state, **more)


def left() -> set[tuple[str, str]]:
    return set(Notice.objects.values_list("channel", "state"))


def test_what_was_sent_long_ago_is_forgotten_in_batches_and_the_journal_keeps_it() -> None:
    somebody = person(phone="")
    events = [told(somebody, number=number, now=OLD) for number in range(5)]
    outward(Delivery.SENT)
    kept = told(somebody, number=9, now=NOW - timedelta(days=364))
    assert forget(NOW, batch=4) == 4
    assert all_of(batch=4) == 6
    assert {notice.event_id for notice in Notice.objects.all()} == {kept.pk}
    assert {event.verb for event in events} == {"incident.reported"}
    assert all_of() == 0, "run again it finds nothing"


@pytest.mark.parametrize("state", [Delivery.WAITING, Delivery.LEASED])
def test_what_has_still_to_be_sent_is_never_forgotten(state: Delivery) -> None:
    told(person(phone=""), now=OLD)
    outward(state)
    Notice.objects.filter(channel=Channel.BELL).update(read_at=OLD)
    all_of()
    assert left() == {(EMAIL, state)}


def test_what_was_given_up_stays_on_the_list_and_on_the_bell_until_it_is_read() -> None:
    told(person(phone=""), now=OLD)
    outward(Delivery.DEAD)
    assert all_of() == 0
    Notice.objects.filter(channel=Channel.BELL).update(read_at=NOW)
    assert all_of() == 2
    assert left() == set()


def test_a_message_goes_after_those_that_went_along_in_it() -> None:
    somebody = person(phone="")
    for number in range(3):
        told(somebody, number=number, now=OLD)
    head, *others = Notice.objects.filter(channel=EMAIL).order_by("pk")
    Notice.objects.filter(pk__in=[one.pk for one in others]).update(carried_by=head)
    outward(Delivery.DEAD)
    Notice.objects.filter(channel=Channel.BELL).update(read_at=NOW)
    unread = Notice.objects.filter(channel=Channel.BELL, event=others[-1].event)
    unread.update(read_at=None)
    all_of()
    assert set(Notice.objects.filter(channel=EMAIL)) == {head, others[-1]}


def subscription(state: Running = Running.ACTIVE) -> Subscription:
    ended = NOW - timedelta(days=400) if state is Running.ENDED else None
    made = Subscription.objects.create(
        client=factories.api_client(), url="https://example.org/", next_try_at=NOW, state=state,
        created_at=OLD, ended_at=ended,
    )  # fmt: skip
    Cursor.objects.create(name=made.reader)
    return made


def call(of: Subscription, state: Calling, **more: Any) -> WebhookCall:
    facts: dict[str, Any] = {"subject_kind": "case", "subject_id": "7", "next_try_at": OLD, **more}
    return WebhookCall.objects.create(subscription=of, event=happened(), state=state, **facts)


def test_calls_are_forgotten_by_their_last_attempt_and_never_while_they_wait() -> None:
    made = subscription()
    call(made, Calling.SENT)
    call(made, Calling.SKIPPED)
    kept = {call(made, Calling.WAITING), call(made, Calling.SENT, next_try_at=NOW)}
    assert all_of() == 2
    assert set(WebhookCall.objects.all()) == kept


def test_one_that_ended_goes_after_its_calls_with_its_place_in_the_journal() -> None:
    active, ended, lately = (
        subscription(one) for one in (Running.ACTIVE, Running.ENDED, Running.ENDED)
    )
    Subscription.objects.filter(pk=lately.pk).update(ended_at=NOW)
    call(ended, Calling.SENT)
    all_of()
    assert set(Subscription.objects.all()) == {active, lately}
    names = set(Cursor.objects.filter(name__startswith="webhook:").values_list("name", flat=True))
    assert names == {active.reader, lately.reader}
