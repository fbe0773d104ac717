"""Reading the log: every event once, in order, whatever commits late and whoever dies."""

import os
import signal
import threading
from collections.abc import Sequence
from functools import partial
from random import Random

import pytest
from django.db import connection, transaction

from journal import readers
from journal.append import append, append_many
from journal.models import Cursor, Event
from journal.readers import follow
from tests.journal.factories import NOW, Elsewhere, happened, happening, settle

pytestmark = pytest.mark.django_db(transaction=True)


class Taker:
    """Remembers what it was given."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, events: Sequence[Event]) -> None:
        self.events.extend(events)

    @property
    def ids(self) -> list[int]:
        return [event.pk for event in self.events]


def test_a_reader_gets_each_event_once() -> None:
    events = [happened(("case", n)) for n in range(3)]
    settle()
    take = Taker()

    assert follow("bell", take) == 3
    assert follow("bell", take) == 0
    assert take.ids == [e.pk for e in events]

    later = happened()
    settle()
    assert follow("bell", take) == 1
    assert take.ids[-1] == later.pk


def test_two_readers_of_different_names_each_get_everything() -> None:
    happened()
    settle()
    bell, counters = Taker(), Taker()
    follow("bell", bell)
    follow("counters", counters)
    assert bell.ids == counters.ids != []


def test_an_event_that_commits_late_is_not_lost() -> None:
    """The first transaction takes its number first and commits last."""
    written, may_commit = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            append(**vars(happening(("case", 1))))
            written.set()
            may_commit.wait(10)

    slow = Elsewhere(slowly)
    written.wait(10)
    happened(("case", 2))
    take = Taker()

    assert follow("bell", take) == 0, "nothing may overtake the open transaction"
    may_commit.set()
    slow.result()
    settle()
    follow("bell", take)
    assert [e.subject_id for e in take.events] == ["1", "2"]


def test_what_the_reader_does_and_how_far_it_came_are_one_transaction() -> None:
    event = happened()
    settle()

    def fail(events: Sequence[Event]) -> None:
        Cursor.objects.create(name="an effect")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        follow("bell", fail)
    assert not Cursor.objects.filter(name="an effect").exists()
    take = Taker()
    follow("bell", take)
    assert take.ids == [event.pk]


def test_a_second_process_under_the_same_name_leaves_the_first_alone() -> None:
    happened()
    settle()
    reading, go_on = threading.Event(), threading.Event()
    take = Taker()

    def slowly(events: Sequence[Event]) -> None:
        take(events)
        reading.set()
        go_on.wait(10)

    first = Elsewhere(lambda: follow("bell", slowly))
    reading.wait(10)
    second = Taker()
    assert follow("bell", second) == 0
    go_on.set()
    assert first.result() == 1
    assert follow("bell", second) == 0
    assert second.ids == []


def _write_at_random(seed: int) -> None:
    """Thirty transactions of two subjects each; a fifth of them is given up."""
    random = Random(seed)
    for _ in range(30):
        with transaction.atomic():
            for n in sorted(random.sample(range(5), 2)):
                append(**vars(happening(("case", n))))
            if random.random() < 0.2:
                transaction.set_rollback(True)


def test_four_readers_of_one_name_and_four_writers_miss_nothing_and_repeat_nothing() -> None:
    seen, lock, done = list[int](), threading.Lock(), threading.Event()

    def take(events: Sequence[Event]) -> None:
        with lock:
            seen.extend(event.pk for event in events)

    def read() -> None:
        while not done.is_set():
            follow("bell", take, limit=7)

    readers = [Elsewhere(read) for _ in range(4)]
    for writer in [Elsewhere(partial(_write_at_random, seed)) for seed in range(4)]:
        writer.result()
    done.set()
    for reader in readers:
        reader.result()
    settle()
    while follow("bell", take):
        pass

    assert len(seen) == len(set(seen))
    assert set(seen) == set(Event.objects.values_list("pk", flat=True))


def test_only_the_asked_verbs_are_given_and_the_rest_is_passed_over_for_good() -> None:
    happened(verb="incident.reported")
    wanted = happened(verb="incident.filed")
    last = happened(verb="incident.reported")
    settle()
    take = Taker()

    assert follow("bell", take, verbs=["incident.filed"]) == 1
    assert take.ids == [wanted.pk]
    assert Cursor.objects.get(name="bell").event_id == last.pk


def test_a_reader_of_rare_verbs_walks_a_long_log_in_stretches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readers, "STRETCH", 3)
    with transaction.atomic():
        append_many([happening(("case", n)) for n in range(10)])
        wanted = append_many([happening(verb="incident.filed")])
        append_many([happening(("case", n)) for n in range(4)])
    settle()
    take = Taker()
    assert follow("bell", take, verbs=["incident.filed"]) == 1
    assert follow("bell", take, verbs=["incident.filed"]) == 0
    assert take.ids == [wanted[0].pk]
    assert Cursor.objects.get().event_id == Event.objects.latest("id").pk


def test_no_more_than_the_limit_at_once() -> None:
    with transaction.atomic():
        append_many([happening(("case", n)) for n in range(5)])
    settle()
    take = Taker()
    assert [follow("bell", take, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert take.ids == sorted(take.ids)


def test_a_subjects_events_come_in_its_own_order_even_where_the_older_transaction_wrote_later() -> (
    None
):
    has_number, may_write = threading.Event(), threading.Event()

    def older() -> Event:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            has_number.set()
            may_write.wait(10)
            return append(**vars(happening()))

    old = Elsewhere(older)
    has_number.wait(10)
    first = happened()
    may_write.set()
    second = old.result()
    assert second.xid < first.xid
    settle()
    take = Taker()
    follow("bell", take)
    assert [e.seq for e in take.events] == [1, 2]


def test_a_reader_with_nothing_to_read_writes_nothing() -> None:
    happened()
    settle()
    follow("bell", Taker())
    moved = Cursor.objects.get(name="bell").moved_at
    assert follow("bell", Taker()) == 0
    assert Cursor.objects.get(name="bell").moved_at == moved


def test_a_reader_killed_in_the_middle_leaves_neither_effect_nor_cursor() -> None:
    event = happened()
    settle()
    connection.close()
    child = os.fork()
    if child == 0:

        def die(events: Sequence[Event]) -> None:
            Cursor.objects.create(name="an effect", moved_at=NOW)
            os.kill(os.getpid(), signal.SIGKILL)

        follow("bell", die)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL

    assert not Cursor.objects.filter(name="an effect").exists()
    take = Taker()
    assert follow("bell", take) == 1
    assert take.ids == [event.pk]
