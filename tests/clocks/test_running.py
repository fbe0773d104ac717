"""Clocks on the real database: started, stopped, paused, resumed, extended, waiting for a calendar."""

from datetime import timedelta
from decimal import Decimal

import pytest

from clocks import running
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind, Outcome
from clocks.lamps import Lamp, lamp_of
from clocks.models import Clock
from config.refusal import Refused
from journal.queries import timeline
from tests.clocks.calendars import allowance, local, shown
from tests.clocks.factories import a_clock

pytestmark = pytest.mark.django_db


def due(clock: Clock) -> str:
    assert clock.due_at is not None
    return shown(clock.due_at)


def test_a_started_clock_knows_when_it_is_amber_and_due() -> None:
    clock = Clock.objects.get(pk=a_clock("2026-03-09 09:00", 8, "work_hour").pk)

    assert due(clock) == "2026-03-10 09:00"
    assert clock.amber_at
    assert shown(clock.amber_at) == "2026-03-09 17:24"
    assert clock.next_at == clock.amber_at


def test_stopping_in_time_is_met_and_leaves_no_mark() -> None:
    clock = a_clock("2026-03-09 09:00", 2)
    [stopped] = running.stop(subject=clock.subject, now=local("2026-03-09 11:00"))

    assert stopped.outcome == Outcome.MET
    assert not timeline(*clock.subject).exists()


def test_stopping_late_is_missed_and_journaled_even_if_no_sweep_came_by() -> None:
    clock = a_clock("2026-03-09 09:00", 2)
    [stopped] = running.stop(subject=clock.subject, now=local("2026-03-09 11:01"))

    assert stopped.outcome == Outcome.MISSED
    assert stopped.missed_at == stopped.due_at
    verbs = list(timeline(*clock.subject).values_list("verb", "data__late"))
    assert verbs == [("clock.amber", True), ("clock.overdue", None)]


def test_only_the_named_stages_stop() -> None:
    clock = a_clock(stage="handle")
    a_clock(stage="receive", subject=clock.subject)
    running.stop(subject=clock.subject, stages={"receive"}, now=local("2026-03-09 10:00"))

    assert [each.stage for each in running.open_clocks(clock.subject)] == ["handle"]


def test_vector_17_on_the_database() -> None:
    clock = a_clock("2026-03-09 09:00", 16, "work_hour")
    running.pause(subject=clock.subject, now=local("2026-03-09 11:00"))
    held = Clock.objects.get(pk=clock.pk)
    assert (held.due_at, held.next_at, held.used_minutes) == (None, None, Decimal(120))
    assert lamp_of(held, local("2026-03-09 12:00")) is Lamp.NONE

    running.resume(subject=clock.subject, now=local("2026-03-20 08:00"))
    assert due(Clock.objects.get(pk=clock.pk)) == "2026-03-23 16:00"


def test_pausing_twice_and_resuming_twice_changes_nothing_more() -> None:
    clock = a_clock("2026-03-09 09:00", 16)
    for at in ("2026-03-09 11:00", "2026-03-10 11:00"):
        running.pause(subject=clock.subject, now=local(at))
    for at in ("2026-03-20 08:00", "2026-03-21 08:00"):
        running.resume(subject=clock.subject, now=local(at))
    assert due(Clock.objects.get(pk=clock.pk)) == "2026-03-23 16:00"


def test_vector_18_on_the_database_and_amber_moves_with_the_deadline() -> None:
    clock = a_clock("2026-03-09 09:00", 8, "work_hour")
    extended = running.extend(
        subject=clock.subject,
        stage="handle",
        allowance=allowance(8, "work_hour"),
        rule="extension 1",
        now=local("2026-03-09 16:00"),
    )
    assert due(extended) == "2026-03-11 09:00"
    assert extended.amber_at
    assert shown(extended.amber_at) == "2026-03-10 15:48"
    assert extended.extensions == 1


def test_an_overdue_or_paused_clock_is_not_extended() -> None:
    clock = a_clock("2026-03-09 09:00", 2)
    more = Allowance(Decimal(2), AllowanceKind.WORK_HOUR)

    def extend(at: str) -> str:
        with pytest.raises(Refused) as refused:
            running.extend(
                subject=clock.subject, stage="handle", allowance=more, rule="", now=local(at)
            )
        return refused.value.code

    assert extend("2026-03-09 14:00") == "clock_overdue"
    running.pause(subject=clock.subject, now=local("2026-03-09 10:00"))
    assert extend("2026-03-09 10:30") == "clock_paused"
    running.cancel(subject=clock.subject, now=local("2026-03-09 10:31"))
    assert extend("2026-03-09 10:32") == "no_clock_runs"


def test_pausing_an_overdue_clock_does_not_hide_that_it_is_late() -> None:
    clock = a_clock("2026-03-09 09:00", 2)
    running.pause(subject=clock.subject, now=local("2026-03-09 15:00"))
    held = Clock.objects.get(pk=clock.pk)
    assert held.next_at is not None
    assert due(held) == "2026-03-09 11:00"
    [stopped] = running.stop(subject=clock.subject, now=local("2026-03-09 16:00"))
    assert stopped.outcome == Outcome.MISSED


def test_a_deadline_past_the_published_days_waits_for_the_calendar() -> None:
    clock = a_clock("2026-12-30 10:00", 3, "legal_workday")
    assert clock.waits_for_calendar
    assert (clock.due_at, clock.amber_at, clock.next_at) == (None, None, None)
    assert lamp_of(clock, local("2026-12-31 10:00")) is Lamp.GREEN


def test_a_waiting_clock_stopped_within_the_published_days_is_met() -> None:
    clock = a_clock("2026-12-30 10:00", 3, "legal_workday")
    [stopped] = running.stop(subject=clock.subject, now=local("2026-12-31 10:00"))
    assert stopped.outcome == Outcome.MET


def test_a_waiting_clock_stopped_after_them_is_judged_later() -> None:
    clock = a_clock("2026-12-30 10:00", 3, "legal_workday")
    [stopped] = running.stop(subject=clock.subject, now=local("2027-01-20 10:00"))
    assert stopped.outcome == Outcome.PENDING


def test_a_clock_that_waits_can_be_paused_and_resumed() -> None:
    clock = a_clock("2026-12-30 10:00", 40, "work_hour")
    running.pause(subject=clock.subject, now=local("2027-01-10 10:00"))
    running.resume(subject=clock.subject, now=local("2027-02-10 10:00"))
    resumed = Clock.objects.get(pk=clock.pk)
    assert resumed.waits_for_calendar
    assert [row["turn"] for row in resumed.history] == ["paused", "resumed"]


def test_continuous_clocks_need_no_calendar() -> None:
    clock = a_clock("2026-12-31 23:30", 2, "hour_cont")
    assert due(clock) == "2027-01-01 01:30"


def test_seconds_count_in_working_time_too() -> None:
    started = local("2026-03-09 09:00") + timedelta(seconds=37)
    clock = a_clock("2026-03-09 09:00", 4)
    running.cancel(subject=clock.subject, now=started)
    other = running.start(
        subject=clock.subject,
        stage="handle",
        round=2,
        allowance=allowance(4, "work_hour"),
        rule="",
        area_code="",
        now=started,
    )
    assert other.due_at == local("2026-03-09 15:00") + timedelta(seconds=37)


def test_one_clock_per_stage_and_round() -> None:
    from django.db import IntegrityError

    clock = a_clock()
    with pytest.raises(IntegrityError):
        a_clock(subject=clock.subject)


class TestReopening:
    def test_rework_keeps_the_deadline_of_the_round_before(self) -> None:
        clock = a_clock("2026-03-09 09:00", 8)
        running.stop(subject=clock.subject, now=local("2026-03-09 15:00"))
        again = running.reopen(subject=clock.subject, stage="handle", now=local("2026-03-09 16:00"))
        assert again.round == 2
        assert due(again) == "2026-03-10 09:00"
        assert Clock.objects.get(pk=clock.pk).outcome == Outcome.MET

    def test_what_was_held_when_it_stopped_runs_on_from_the_reopening(self) -> None:
        clock = a_clock("2026-03-09 09:00", 8)
        running.pause(subject=clock.subject, now=local("2026-03-09 11:00"))
        running.stop(subject=clock.subject, now=local("2026-03-10 11:00"))
        again = running.reopen(subject=clock.subject, stage="handle", now=local("2026-03-11 08:00"))
        assert not again.waits_for_calendar
        assert due(again) == "2026-03-11 16:00"

    def test_a_stage_that_never_ran_cannot_be_reopened(self) -> None:
        with pytest.raises(Refused):
            running.reopen(subject=("incident", 1), stage="handle", now=local("2026-03-09 16:00"))
