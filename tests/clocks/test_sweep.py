"""The sweep: each rung once, whoever sweeps, however late, however often."""

import os
import signal
import subprocess
import sys
import textwrap
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from clocks.models import Clock
from clocks.sweep import sweep
from journal.models import Event
from journal.queries import timeline
from tests.clocks.calendars import local
from tests.clocks.factories import a_clock
from tests.factories import organisation

AMBER_AT = "2026-03-09 10:36"
DUE_AT = "2026-03-09 11:00"


def verbs(clock: Clock) -> list[str]:
    return list(timeline(*clock.subject).values_list("verb", flat=True))


@pytest.mark.django_db
class TestOneSweep:
    def test_amber_then_red_each_once(self) -> None:
        clock = a_clock()
        for minute in ("10:00", "10:37", "10:38", "11:00", "11:01", "11:02"):
            sweep(local(f"2026-03-09 {minute}"))
        assert verbs(clock) == ["clock.amber", "clock.overdue"]

    def test_the_event_says_which_deadline_of_whom(self) -> None:
        unit = organisation()
        clock = a_clock(unit_id=unit.pk)
        sweep(local("2026-03-09 10:37"))
        event = timeline(*clock.subject).get()
        assert clock.due_at
        assert event.area_code == clock.area_code
        assert event.actor_kind == "system"
        assert event.data == {
            "clock": clock.pk,
            "stage": "handle",
            "round": 1,
            "due": clock.due_at.isoformat(),
            "unit": unit.pk,
            "late": False,
        }

    def test_a_late_sweep_passes_both_rungs_in_order(self) -> None:
        clock = a_clock()
        assert sweep(local("2026-03-12 09:00")) == 1
        assert verbs(clock) == ["clock.amber", "clock.overdue"]
        stored = Clock.objects.get(pk=clock.pk)
        assert stored.missed_at == stored.due_at
        assert stored.amber_told_at == local("2026-03-12 09:00")
        assert stored.next_at is None

    def test_at_the_very_instant_of_the_deadline_nothing_is_late(self) -> None:
        clock = a_clock()
        sweep(local(DUE_AT))
        assert verbs(clock) == ["clock.amber"]
        sweep(local(DUE_AT) + timedelta(microseconds=1))
        assert verbs(clock) == ["clock.amber", "clock.overdue"]

    def test_a_machine_clock_that_jumps_back_tells_nobody_twice(self) -> None:
        clock = a_clock()
        for day in ("12", "09", "12", "08", "13"):
            sweep(local(f"2026-03-{day} 10:50"))
        assert verbs(clock) == ["clock.amber", "clock.overdue"]

    def test_stopped_and_paused_clocks_are_left_alone(self) -> None:
        from clocks import running

        stopped, paused = a_clock(), a_clock()
        running.stop(subject=stopped.subject, now=local("2026-03-09 09:30"))
        running.pause(subject=paused.subject, now=local("2026-03-09 09:30"))
        assert sweep(local("2026-04-01 09:00")) == 0

    def test_an_extension_after_amber_may_turn_amber_again(self) -> None:
        from clocks import running
        from tests.clocks.calendars import allowance

        clock = a_clock()
        sweep(local("2026-03-09 10:37"))
        running.extend(
            subject=clock.subject,
            stage="handle",
            allowance=allowance(8, "work_hour"),
            rule="",
            now=local("2026-03-09 10:40"),
        )
        assert sweep(local("2026-03-09 10:41")) == 0
        sweep(local("2026-03-20 10:41"))
        assert verbs(clock) == ["clock.amber", "clock.amber", "clock.overdue"]

    def test_it_takes_no_more_than_it_is_told_to_and_the_most_urgent_first(self) -> None:
        later = a_clock("2026-03-09 10:00")
        sooner = a_clock("2026-03-09 09:00")
        assert sweep(local("2026-03-20 09:00"), limit=1) == 1
        assert (verbs(sooner), verbs(later)) == (["clock.amber", "clock.overdue"], [])

    def test_the_number_of_queries_does_not_grow_with_the_clocks(
        self, django_assert_max_num_queries: object
    ) -> None:
        for _n in range(30):
            a_clock()
        with django_assert_max_num_queries(10):  # type: ignore[operator]
            assert sweep(local("2026-03-20 09:00")) == 30


SWEEPER = """
    import os, sys
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    django.setup()
    from django.conf import settings
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    from clocks.sweep import sweep
    from tests.clocks.calendars import local
    {body}
"""


def sweeper(body: str) -> "subprocess.Popen[str]":
    """A process of its own on the test's database, as a Celery worker is."""
    code = textwrap.dedent(SWEEPER).format(body=textwrap.dedent(body))
    return subprocess.Popen(
        [sys.executable, "-c", code, connection.settings_dict["NAME"]],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )


@pytest.mark.usefixtures("country_calendar")
class TestManySweepers:
    def test_four_workers_at_once_mark_each_rung_once(self) -> None:
        clocks = [a_clock() for _n in range(300)]
        body = "print(sum(iter(lambda: sweep(local('2026-03-20 09:00'), limit=20), 0)))"
        workers = [sweeper(body) for _n in range(4)]
        counts = [int(worker.communicate(timeout=60)[0]) for worker in workers]

        told = Counter(Event.objects.values_list("verb", flat=True))
        assert (told["clock.amber"], told["clock.overdue"]) == (300, 300)
        assert sum(counts) == 300
        assert not Clock.objects.filter(missed_at=None).exists()
        assert len({clock.subject for clock in clocks}) == 300

    def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_does_it_all(self) -> None:
        clock = a_clock()
        worker = sweeper(
            """
    import time
    from clocks import sweep as sweeping
    append = sweeping.append_marks
    def append_and_hang(marks):
        append(marks)
        print("appended", flush=True)
        time.sleep(60)
    sweeping.append_marks = append_and_hang
    sweep(local("2026-03-20 09:00"))
            """
        )
        assert worker.stdout is not None
        assert worker.stdout.readline() == "appended\n"
        assert sweep(local("2026-03-20 09:00")) == 0, "the row is held by the other worker"
        worker.send_signal(signal.SIGKILL)
        worker.wait()

        assert verbs(clock) == []
        while not sweep(local("2026-03-20 09:00")):
            pass  # the server notices the dead connection in a moment
        assert verbs(clock) == ["clock.amber", "clock.overdue"]

    def test_a_step_under_way_and_the_sweep_do_not_wait_for_each_other(self) -> None:
        from clocks import running

        clock = a_clock()
        with transaction.atomic():
            running.stop(subject=clock.subject, now=local("2026-03-09 10:59"))
            other = sweeper("print(sweep(local('2026-03-20 09:00')))")
            assert other.communicate(timeout=60)[0] == "0\n"
        assert Clock.objects.get(pk=clock.pk).outcome == "met"
        assert verbs(clock) == []
