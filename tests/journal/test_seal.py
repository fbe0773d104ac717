"""Sealing each day, and proving the log by chains and seals."""

import threading
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from journal import seal as sealing
from journal.adopt import adopt
from journal.append import append, append_many
from journal.chain import event_hash
from journal.models import Cursor, Event, Seal
from journal.readers import LogMoved, follow
from journal.seal import seal_days, seal_hash
from journal.tasks import seal as seal_task
from journal.verify import Finding, Proof, verify
from tests.journal.factories import Elsewhere, happened, happening, settle, tampering

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = datetime(2026, 7, 20, 4, 0, tzinfo=UTC)  # noon in Shanghai


def day(number: int) -> datetime:
    """Noon of the Monday and the days after it."""
    return MONDAY + timedelta(days=number)


def written(number: int, subject: tuple[str, int | str] = ("case", 1), **fields: Any) -> Event:
    with time_machine.travel(day(number), tick=False):
        return happened(subject, now=day(number), **fields)


def findings() -> list[Finding]:
    return list(verify(Proof()))


def blamed() -> set[int | None]:
    return {finding.event_id for finding in findings()}


def three_sealed_days() -> list[Event]:
    """Two subjects with three events each, on three days, all sealed."""
    events = [written(n, ("case", subject)) for n in range(3) for subject in (1, 2)]
    settle()
    assert seal_days(day(3)) == 6
    return events


def test_each_ended_day_is_sealed_once_over_its_own_events() -> None:
    events = [written(0), written(0), written(1)]
    settle()

    assert seal_days(day(2)) == 3
    assert seal_days(day(2)) == 0
    first, second = Seal.objects.all()
    assert (first.day, first.events, second.day, second.events) == (
        date(2026, 7, 20),
        2,
        date(2026, 7, 21),
        1,
    )
    assert (first.to_xid, first.to_event_id) == (events[1].xid, events[1].pk)
    assert (second.from_xid, second.from_event_id) == (first.to_xid, first.to_event_id)
    assert second.previous_hash == first.hash
    assert findings() == []


def test_the_present_day_is_not_sealed() -> None:
    written(0)
    settle()
    assert seal_days(day(0) + timedelta(hours=11, minutes=59)) == 0
    assert seal_days(day(0) + timedelta(hours=12, minutes=1)) == 1


def test_days_off_are_caught_up_and_empty_days_are_sealed_too() -> None:
    written(0)
    written(3)
    settle()
    with time_machine.travel(day(5), tick=False):
        assert seal_task() == 2
    assert [(s.day.day, s.events) for s in Seal.objects.all()] == [
        (20, 1),
        (21, 0),
        (22, 0),
        (23, 1),
        (24, 0),
    ]
    assert findings() == []


def test_an_empty_log_needs_no_seal() -> None:
    assert seal_days(day(5)) == 0
    assert not Seal.objects.exists()


def test_a_transaction_in_flight_over_midnight_goes_under_the_next_seal() -> None:
    written(0)
    settle()
    has_written, may_commit = threading.Event(), threading.Event()

    def over_midnight() -> None:
        with transaction.atomic():
            append(**vars(happening(("case", 2), now=day(0))))
            has_written.set()
            may_commit.wait(10)

    with time_machine.travel(day(0), tick=False):
        slow = Elsewhere(over_midnight)
        has_written.wait(10)
        happened(("case", 3), now=day(0))  # began later, and must not overtake
    assert seal_days(day(1)) == 1
    may_commit.set()
    slow.result()
    settle()
    assert seal_days(day(2)) == 2
    assert findings() == []


def test_a_clock_that_jumped_ahead_does_not_stop_sealing() -> None:
    written(0)
    written(400)
    written(1)
    settle()
    assert seal_days(day(2)) == 3
    assert findings() == []


def test_two_workers_seal_a_day_once() -> None:
    for n in range(3):
        written(n)
    settle()
    workers = [Elsewhere(lambda: seal_days(day(3))) for _ in range(3)]
    assert sum(worker.result() for worker in workers) == 3
    assert Seal.objects.count() == 3
    assert findings() == []


def test_a_day_with_very_many_events_is_sealed_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "LARGEST_PART", 4)
    with time_machine.travel(day(0), tick=False), transaction.atomic():
        append_many([happening(("case", n)) for n in range(10)])
    settle()
    assert seal_days(day(1)) == 10
    assert [(s.part, s.events) for s in Seal.objects.all()] == [(1, 4), (2, 4), (3, 2)]
    assert findings() == []


def test_an_honest_log_passes_and_says_what_was_looked_at() -> None:
    three_sealed_days()
    written(3)
    proof = Proof()
    assert list(verify(proof)) == []
    assert (proof.events, proof.seals, proof.unsealed) == (7, 3, 1)


def test_changed_data_is_found() -> None:
    events = three_sealed_days()
    with tampering() as cursor:
        cursor.execute("UPDATE journal_event SET data = '{\"x\": 1}' WHERE id = %s", [events[2].pk])
    assert blamed() == {events[2].pk}


@pytest.mark.parametrize(
    "column",
    [
        "at",
        "recorded_at",
        "actor_kind",
        "actor_id",
        "actor_label",
        "actor_post",
        "verb",
        "area_code",
        "xid",
    ],
)
def test_a_change_of_any_column_is_found_before_sealing_too(column: str) -> None:
    event = written(0)
    written(0)
    values = {
        "at": "at - interval '1 microsecond'",
        "recorded_at": "recorded_at + interval '1 day'",
        "actor_id": "99",
        "xid": "xid - 1",
    }
    with tampering() as cursor:
        cursor.execute(
            f"UPDATE journal_event SET {column} = {values.get(column, repr('x'))} WHERE id = %s",
            [event.pk],
        )
    assert event.pk in blamed()


def test_a_row_deleted_from_the_middle_is_found() -> None:
    events = three_sealed_days()
    with tampering() as cursor:
        cursor.execute("DELETE FROM journal_event WHERE id = %s", [events[2].pk])
    # The next of the chain shows the gap; the seal names the row.
    assert blamed() == {events[2].pk, events[4].pk}


def test_the_last_row_of_a_chain_deleted_is_found_by_the_seal() -> None:
    events = three_sealed_days()
    with tampering() as cursor:
        cursor.execute("DELETE FROM journal_event WHERE id = %s", [events[5].pk])
    assert blamed() == {events[5].pk}


def test_a_whole_subject_deleted_is_found_by_the_seal() -> None:
    events = three_sealed_days()
    with tampering() as cursor:
        cursor.execute("DELETE FROM journal_event WHERE subject_id = '2'")
    assert blamed() == {e.pk for e in events if e.subject_id == "2"}


def test_a_row_rewritten_together_with_its_hash_is_found_by_the_seal() -> None:
    events = three_sealed_days()
    last = events[5]
    last.actor_label = "somebody else"
    with tampering() as cursor:
        cursor.execute(
            "UPDATE journal_event SET actor_label = %s, hash = %s WHERE id = %s",
            [last.actor_label, event_hash(last), last.pk],
        )
    assert blamed() == {last.pk}


def test_a_whole_chain_rewritten_is_found_by_the_seals_row_by_row() -> None:
    events = [e for e in three_sealed_days() if e.subject_id == "1"]
    head = ""
    with tampering() as cursor:
        for event in events:
            event.actor_label, event.previous_hash = "somebody else", head
            head = event_hash(event)
            cursor.execute(
                "UPDATE journal_event SET actor_label = %s, previous_hash = %s, hash = %s"
                " WHERE id = %s",
                [event.actor_label, event.previous_hash, head, event.pk],
            )
    assert blamed() == {e.pk for e in events}


def _forged(events: list[Event]) -> Event:
    """A row that claims a place under the first seal, with a sound hash."""
    forged = Event.objects.get(pk=events[1].pk)
    forged.pk, forged.subject_id, forged.seq, forged.previous_hash = 1_000_000, "9", 1, ""
    forged.hash = event_hash(forged)
    return forged


def test_a_row_inserted_under_a_seal_is_found() -> None:
    forged = _forged(three_sealed_days())
    with tampering():
        forged.save(force_insert=True)
    assert 1_000_000 in blamed()


def test_the_database_refuses_a_row_under_a_seal() -> None:
    forged = _forged(three_sealed_days())
    with pytest.raises(IntegrityError, match="sealed stretch"):
        forged.save(force_insert=True)


def test_a_forged_seal_is_found() -> None:
    events = three_sealed_days()
    seal = Seal.objects.order_by("id")[2]
    with tampering() as cursor:
        cursor.execute("DELETE FROM journal_event WHERE id = %s", [events[5].pk])
        rest = list(sealing.rows_of(seal))
        cursor.execute(
            "UPDATE journal_seal SET events = 1, digest = %s, to_xid = %s, to_event_id = %s WHERE id = %s",
            [sealing.digest_of(rest), rest[-1][0], rest[-1][1], seal.pk],
        )
    assert [f.sentence for f in findings() if "2026-07-22" in f.sentence]


def test_a_removed_seal_is_found() -> None:
    three_sealed_days()
    with tampering() as cursor:
        cursor.execute("DELETE FROM journal_seal WHERE day = '2026-07-21'")
    assert findings()


def test_a_seal_cannot_be_made_without_the_key(settings: Any) -> None:
    three_sealed_days()
    seal = Seal.objects.first()
    assert seal is not None
    settings.HASH_KEY = "another"
    assert seal_hash(seal) != seal.hash


def test_damaged_seal_rows_are_a_finding_and_not_a_crash() -> None:
    three_sealed_days()
    with tampering() as cursor:
        cursor.execute(
            "UPDATE journal_seal SET rows = '\\x00', events = 5 WHERE day = '2026-07-21'"
        )
    assert findings()


def test_the_command_passes_an_honest_log_and_fails_a_tampered_one() -> None:
    events = three_sealed_days()
    said = StringIO()
    call_command("verify_journal", stdout=said, stderr=StringIO())
    assert "6" in said.getvalue()
    last = Seal.objects.last()
    assert last is not None
    assert last.hash in said.getvalue()

    with tampering() as cursor:
        cursor.execute("UPDATE journal_event SET verb = 'x' WHERE id = %s", [events[3].pk])
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_journal", stdout=said, stderr=StringIO())
    assert str(events[3].pk) in said.getvalue()


def test_sealing_can_be_asked_for_by_command() -> None:
    written(0)
    settle()
    with time_machine.travel(day(1), tick=False):
        call_command("seal_journal", stdout=StringIO())
    assert Seal.objects.count() == 1


def _moved_cluster() -> None:
    """As after loading a dump where transaction ids are smaller: the log is ahead by a million."""
    with tampering() as cursor:
        cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE journal_event SET xid = xid + 1000000")
        cursor.execute("UPDATE journal_cursor SET xid = xid + 1000000")
        cursor.execute("ALTER TABLE journal_event ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER journal_event_is_not_emptied")


@pytest.fixture
def home_again() -> Any:
    yield
    with connection.cursor() as cursor:
        for name, source in (
            ("journal_xid", "pg_current_xact_id()"),
            ("journal_horizon", "pg_snapshot_xmin(pg_current_snapshot())"),
        ):
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS bigint LANGUAGE sql VOLATILE AS"
                f" $$ SELECT 0 + {source}::text::bigint $$"
            )


def test_a_log_in_a_new_cluster_stops_readers_until_it_is_adopted(home_again: None) -> None:
    happened()
    settle()
    follow("bell", lambda events: None)
    _moved_cluster()

    with pytest.raises(LogMoved):
        follow("bell", lambda events: None)

    assert adopt() > 0
    assert adopt() == 0
    later = happened(("case", 2))
    settle()
    given: list[int] = []
    follow("bell", lambda events: given.extend(e.pk for e in events))
    assert given == [later.pk]
    assert Cursor.objects.get().xid == later.xid
