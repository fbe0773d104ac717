"""Writing events: chained, in the deed's transaction, never changed afterwards."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext_lazy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor, ActorKind, HeldPost
from accounts.roles import Role
from journal.append import MOST_LOCKS, append, append_many
from journal.chain import event_hash, stored_facts
from journal.models import Event
from tests.journal.factories import NOW, Elsewhere, happened, happening

CLERK = HeldPost(7, Role.CLERK, 3, "120103", "河西区中心")
PERSON = Actor(ActorKind.USER, 12, "张敏", (CLERK,), acting=7)


@pytest.mark.django_db
def test_an_event_says_who_did_what_to_what_and_when() -> None:
    event = happened(by=PERSON, verb="incident.filed", data={"item": "010101"})

    stored = Event.objects.get(pk=event.pk)
    assert (stored.verb, stored.subject_kind, stored.subject_id) == ("incident.filed", "case", "1")
    assert (stored.actor_kind, stored.actor_id, stored.actor_label) == ("user", 12, "张敏")
    assert stored.actor_post == "河西区中心"
    assert (stored.at, stored.area_code, stored.data) == (NOW, "120103001", {"item": "010101"})
    assert stored.hash == event.hash == event_hash(stored)


@pytest.mark.django_db
def test_events_of_one_subject_are_chained_and_those_of_another_are_not() -> None:
    first, other, second = happened(), happened(("case", 2)), happened()

    assert (first.seq, second.seq, other.seq) == (1, 2, 1)
    assert (first.previous_hash, second.previous_hash) == ("", first.hash)
    assert other.previous_hash == ""


@pytest.mark.django_db
def test_the_post_that_allowed_the_deed_is_named_before_the_acting_one() -> None:
    other = HeldPost(8, Role.DISPATCHER, 4, "120103", "尖山街道")
    assert happened(by=PERSON, post=other).actor_post == "尖山街道"
    untitled = HeldPost(9, Role.DISPATCHER, 4, "120103")
    assert happened(by=PERSON, post=untitled).actor_post == "dispatcher/4/120103"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written() -> None:
    with pytest.raises(TransactionManagementError):
        append(**vars(happening()))
    with pytest.raises(TransactionManagementError):
        append_many([happening()])
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_its_deed() -> None:
    def deed() -> None:
        with transaction.atomic():
            append(**vars(happening()))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        deed()
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "deed", ["UPDATE journal_event SET verb = 'x'", "DELETE FROM journal_event"]
)
def test_the_database_itself_refuses_changes(deed: str) -> None:
    happened()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(deed)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["event", "seal"])
def test_the_database_itself_refuses_to_be_emptied(table: str) -> None:
    trigger = f"journal_{table}_is_not_emptied"
    with connection.cursor() as cursor:
        # The tests' own cleaning has it switched off.
        cursor.execute(f"ALTER TABLE journal_{table} ENABLE TRIGGER {trigger}")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE journal_{table} CASCADE")


@pytest.mark.django_db
def test_django_cannot_change_an_event_either() -> None:
    event = happened()
    event.verb = "incident.voided"
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.all().delete()


@pytest.mark.django_db
def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        happened(now=datetime(2026, 7, 24))


@pytest.mark.django_db
def test_facts_come_back_as_they_were_hashed() -> None:
    event = happened(
        data={
            "due": NOW,
            "day": date(2026, 7, 24),
            "share": Decimal("0.80"),
            "key": UUID(int=5),
            "word": gettext_lazy("Yes"),
            "nested": [{"a": 1.5, "b": None, "c": True}],
            "large": 1e22,
            "minus": -0.0,
            "small": 1e-9,
            7: "seven",
            "文字": "“引号” \\ \n",
        }
    )
    stored = Event.objects.get(pk=event.pk)
    assert stored.data == event.data
    assert event_hash(stored) == event.hash
    assert stored.data["large"] == 10**22


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(
                st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=4
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=4),
        _JSON,
        max_size=4,
    )
)
def test_whatever_json_is_given_the_hash_holds(data: dict[str, Any]) -> None:
    event = happened(data=data)
    assert event_hash(Event.objects.get(pk=event.pk)) == event.hash


@pytest.mark.parametrize(
    "bad", [float("nan"), float("inf"), "a\x00b", "\ud800", {"\x00": 1}, ["\x00"]]
)
def test_facts_that_the_database_cannot_keep_are_refused(bad: Any) -> None:
    with pytest.raises(ValueError):
        stored_facts({"x": bad})


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_appends_to_one_subject_both_land_in_one_chain() -> None:
    first_has_written = threading.Event()
    second_may_be_waiting = threading.Event()

    def slowly() -> Event:
        with transaction.atomic():
            event = append(**vars(happening(data={"who": "first"})))
            first_has_written.set()
            second_may_be_waiting.wait(10)
        return event

    slow = Elsewhere(slowly)
    first_has_written.wait(10)
    quick = Elsewhere(lambda: happened(data={"who": "second"}))
    quick.join(0.3)
    assert quick.is_alive(), "the second waits for the first"
    second_may_be_waiting.set()

    first, second = slow.result(), quick.result()
    assert (first.seq, second.seq) == (1, 2)
    assert second.previous_hash == first.hash


@pytest.mark.django_db(transaction=True)
def test_eight_writers_make_no_fork_and_no_gap() -> None:
    def write() -> None:
        for number in range(25):
            happened(data={"n": number})

    for writer in [Elsewhere(write) for _ in range(8)]:
        writer.result()

    chain = list(Event.objects.filter(subject_kind="case", subject_id="1").order_by("seq"))
    assert [event.seq for event in chain] == list(range(1, 201))
    assert all(b.previous_hash == a.hash for a, b in pairwise(chain))


@pytest.mark.django_db
def test_many_events_at_once_are_the_same_as_one_by_one() -> None:
    happened(("case", 1))
    events = append_many(
        [
            happening(("case", 1), by=PERSON),
            happening(("case", 2), data={"a": "x,\"y\"\n'z'"}),
            happening(("case", 1), verb="incident.filed", area_code=""),
            happening(("grid", "120103001001001")),
        ]
    )

    assert [(e.subject_id, e.seq) for e in events] == [
        ("1", 2),
        ("2", 1),
        ("1", 3),
        ("120103001001001", 1),
    ]
    assert [event.pk for event in events] == sorted(event.pk for event in events)
    for event in events:
        stored = Event.objects.get(pk=event.pk)
        assert {f.attname: getattr(stored, f.attname) for f in Event._meta.concrete_fields} == {
            f.attname: getattr(event, f.attname) for f in Event._meta.concrete_fields
        }
        assert event_hash(stored) == stored.hash
    assert events[2].previous_hash == events[0].hash


@pytest.mark.django_db
def test_nothing_to_write_writes_nothing() -> None:
    assert append_many([]) == []


@pytest.mark.django_db(transaction=True)
def test_two_bulk_writers_in_opposite_orders_do_not_block_each_other() -> None:
    def write(numbers: list[int]) -> None:
        for _ in range(10):
            with transaction.atomic():
                append_many([happening(("case", n)) for n in numbers])

    there, back = Elsewhere(lambda: write([1, 2, 3])), Elsewhere(lambda: write([3, 2, 1]))
    there.result()
    back.result()
    for number in (1, 2, 3):
        seqs = Event.objects.filter(subject_id=str(number)).order_by("seq")
        assert [e.seq for e in seqs] == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_a_very_large_bulk_holds_single_writers_up_and_makes_no_fork() -> None:
    bulk_has_written, go_on = threading.Event(), threading.Event()

    def bulk() -> None:
        with transaction.atomic():
            append_many([happening(("case", n)) for n in range(MOST_LOCKS + 1)])
            bulk_has_written.set()
            go_on.wait(10)

    large = Elsewhere(bulk)
    assert bulk_has_written.wait(20)
    single = Elsewhere(happened)
    single.join(0.3)
    assert single.is_alive()
    go_on.set()
    large.result()
    assert single.result().seq == 2


@pytest.mark.django_db
def test_happenings_of_a_past_time_keep_it_and_say_when_they_were_written() -> None:
    past = NOW - timedelta(days=60)
    event = happened(now=past)
    assert event.at == past
    assert datetime.now(UTC) - event.recorded_at < timedelta(minutes=1)
