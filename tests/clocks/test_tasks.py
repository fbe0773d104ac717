"""The background work: thin, repeatable, on the schedule."""

from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine

from accounts.roles import Role
from clocks import edit_calendar, tasks
from clocks.choices import DayKind
from clocks.models import Calendar, Clock, Recalculation
from config.celery import app
from notices.models import Notice
from notices.wording import lines
from tests.clocks.calendars import local
from tests.clocks.factories import a_clock
from tests.factories import actor, person_with


def at(text: str) -> "time_machine.travel":
    moment: datetime = local(text)
    return time_machine.travel(moment, tick=True)


@pytest.mark.django_db
def test_the_sweep_goes_on_until_nothing_is_due() -> None:
    for _n in range(7):
        a_clock()
    with at("2026-03-20 09:00"):
        assert tasks.sweep(limit=2) == 7
        assert tasks.sweep(limit=2) == 0


@pytest.mark.usefixtures("country_calendar")
def test_an_edit_is_taken_to_the_clocks_by_whichever_worker_comes_next() -> None:
    a_clock("2026-03-09 17:00", 2)
    edit_calendar.set_day(
        calendar_id=Calendar.objects.get(area_code="").pk,
        day=date(2026, 3, 10),
        kind=DayKind.HOLIDAY,
        by=actor(Role.SYSTEM_ADMIN),
        now=local("2026-03-02 09:00"),
    )
    while Recalculation.objects.filter(finished_at=None).exists():
        tasks.recalculate()
    assert Clock.objects.get().due_at == local("2026-03-11 09:00")
    assert tasks.recalculate() == 0


@pytest.mark.django_db
def test_the_warning_is_a_sentence_in_the_bell() -> None:
    person_with(Role.SYSTEM_ADMIN)
    with at("2026-11-22 09:00"):
        assert tasks.watch_calendar() == 1
        assert tasks.watch_calendar() == 0
    [line] = lines(Notice.objects.all())
    assert "2026-12-31" in line.text
    assert "39" in line.text


def test_every_task_of_this_room_is_on_the_schedule() -> None:
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    ours = {name for name in app.tasks if name.startswith("clocks.tasks.")}
    assert ours == {name for name in scheduled if name.startswith("clocks.")}
    assert Decimal(tasks.LONGEST_RUN) < 120
