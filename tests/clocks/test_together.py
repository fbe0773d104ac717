"""Steps, sweep and recalculation at the same clocks at the same time: none waits for ever, none is lost."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import cycle
from threading import Thread
from time import monotonic

import pytest
from django.db import connection, transaction

from accounts.actor import SYSTEM
from clocks import edit_calendar, running
from clocks.choices import DayKind
from clocks.models import Calendar, Clock
from clocks.recalculate import recalculate_batch
from clocks.sweep import sweep
from journal.append import append
from journal.models import Event
from tests.clocks.calendars import local
from tests.clocks.factories import a_clock
from tests.factories import HOME, actor

SUBJECTS = 12
SECONDS = 3


@pytest.mark.usefixtures("country_calendar")
def test_nobody_waits_for_ever_and_every_rung_is_marked_once() -> None:
    subjects = [("incident", number) for number in range(1, SUBJECTS + 1)]
    for subject in subjects:
        for stage in ("receive", "handle", "verify"):
            a_clock("2026-03-09 09:00", 8, stage=stage, subject=subject)
    admin = actor("system_admin")

    def act(now: str) -> Callable[[], object]:
        turns = cycle(subjects)

        def step() -> None:
            subject = next(turns)
            with transaction.atomic():
                running.pause(subject=subject, stages={"handle"}, now=local(now))
                running.resume(subject=subject, stages={"handle"}, now=local(now))
                append("incident.noted", subject=subject, area_code=HOME, by=SYSTEM, now=local(now))

        return step

    days = cycle((DayKind.HOLIDAY, DayKind.WORK))

    def edit() -> None:
        edit_calendar.set_day(
            calendar_id=Calendar.objects.get(area_code="").pk,
            day=date(2026, 3, 20),
            kind=next(days),
            by=admin,
            now=local("2026-03-09 09:00"),
        )
        while recalculate_batch(local("2026-03-09 09:00"), limit=7) is not None:
            pass

    _all_at_once(
        act("2026-03-09 10:00"),
        act("2026-03-09 10:00"),
        lambda: sweep(local("2026-03-20 09:00"), limit=5),
        lambda: sweep(local("2026-03-20 09:00"), limit=5),
        edit,
    )
    while sweep(local("2026-03-20 09:00")):
        pass

    marks = Counter(
        Event.objects.filter(verb="clock.overdue").values_list("data__clock", flat=True)
    )
    assert set(marks) == set(Clock.objects.values_list("pk", flat=True))
    assert set(marks.values()) == {1}


def _all_at_once(*deeds: Callable[[], object]) -> None:
    """Repeat each deed in a thread and a connection of its own; whatever one raises fails the test."""
    faults: list[BaseException] = []
    end = monotonic() + SECONDS

    def repeat(deed: Callable[[], object]) -> None:
        try:
            while monotonic() < end:
                deed()
        except Exception as fault:  # noqa: BLE001 - reported below
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=repeat, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not faults, faults
    assert not any(thread.is_alive() for thread in threads)
