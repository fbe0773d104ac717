"""Ladders when time itself misbehaves, when one case is poisoned, when a worker dies, when a calendar is edited."""

import signal
import subprocess
import sys
import textwrap
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.roles import Role
from clocks import edit_calendar
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind, DayKind
from clocks.models import Calendar, Clock
from clocks.recalculate import recalculate_batch
from escalation.models import Ladder, Rung
from incidents.choices import Level
from incidents.models import Incident
from journal.models import Event
from notices.models import Notice
from supervision.models import Order
from tests.clocks.calendars import local
from tests.clocks.factories import seeded
from tests.drills.escalation_ground import (
    cases_left_alone,
    each_rung_once,
    hours,
    long_ago,
    pending,
)
from tests.escalation.ladders import climbed, default_rules, planned
from tests.factories import actor
from tests.incidents.test_two_at_once import at_once
from tests.incidents.town import START, Town, town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
RUNGS = 6


@pytest.fixture
def here(transactional_db: None) -> Town:
    seeded()
    default_rules()
    return town()


def test_the_clock_jumps_ten_minutes_back_and_a_day_forward(here: Town) -> None:
    cases = cases_left_alone(here, 50, START, hours(1))
    planned()
    due = START + timedelta(hours=1)
    for jump in (1, -600, 2, 86_400, -600, 3):
        climbed(due + timedelta(seconds=jump))
    fired = Rung.objects.count()
    each_rung_once(fired)
    assert Incident.objects.filter(escalated_level=Level.DISTRICT).count() == len(cases)
    assert Order.objects.count() == len(cases)


def test_one_poisoned_case_among_many_with_four_workers(here: Town) -> None:
    now = timezone.now()
    cases = cases_left_alone(here, 40, long_ago(now), hours(1))
    planned()
    poisoned = Ladder.objects.get(incident=cases[20])
    Ladder.objects.filter(pk=poisoned.pk).update(
        plan=[
            row | ({"deed": "nonsense"} if row["deed"] == "order" else {}) for row in poisoned.plan
        ]
    )
    at_once(*[lambda: climbed(now)] * 4)
    each_rung_once(39 * RUNGS)
    kept = Ladder.objects.get(pk=poisoned.pk)
    assert (kept.failures, bool(kept.last_error)) == (1, True)
    assert kept.next_at is not None
    assert kept.next_at > now, "visibly pending, with a pause"
    Ladder.objects.filter(pk=poisoned.pk).update(plan=poisoned.plan)
    climbed(now + timedelta(minutes=2))
    each_rung_once(40 * RUNGS)


VICTIM = """
    import os, sys, time
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    django.setup()
    from django.conf import settings
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    from django.utils import timezone
    from escalation import climbing
    def hang(*anything):
        print("claimed", flush=True)
        time.sleep(60)
    climbing.store = hang
    climbing.{sweep}(timezone.now())
"""


@pytest.mark.parametrize(
    ("sweep", "minutes", "rungs"), [("climb", 50, 1), ("climb_one", 150, RUNGS)]
)
def test_a_worker_killed_between_claim_and_commit(
    here: Town, sweep: str, minutes: int, rungs: int
) -> None:
    cases_left_alone(here, 5, timezone.now() - timedelta(minutes=minutes), hours(1))
    planned()
    if sweep == "climb_one":
        Ladder.objects.update(heavy=True)
    now = timezone.now()
    code = textwrap.dedent(VICTIM).format(sweep=sweep)
    victim = subprocess.Popen(
        [sys.executable, "-c", code, str(connection.settings_dict["NAME"])],
        cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert victim.stdout is not None
    assert victim.stdout.readline() == "claimed\n"
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    assert Rung.objects.count() == 0, "nothing of it was kept"
    assert pending(now) == 5
    patience = perf_counter() + 20
    while Rung.objects.count() < 5 * rungs:
        climbed(now)  # the server notices the dead connection in a moment
        assert perf_counter() < patience
    each_rung_once(5 * rungs)


def test_a_calendar_edited_while_ten_thousand_clocks_run(here: Town) -> None:
    """A Saturday becomes a working day after the fact: thousands of deadlines suddenly lie in the past."""
    began = local("2026-03-13 15:00")  # a Friday
    limit = Allowance(Decimal(6), AllowanceKind.WORK_HOUR)  # due on Monday, at 11:00
    cases_left_alone(here, 10_000, began, limit)
    planned()
    now = local("2026-03-16 08:30")
    climbed(now)
    before = Rung.objects.count()
    edit_calendar.set_day(
        calendar_id=Calendar.objects.get(area_code="").pk, day=date(2026, 3, 14), kind=DayKind.MAKEUP,
         by=actor(Role.SYSTEM_ADMIN, ""), now=now,
    )  # fmt: skip
    start = perf_counter()
    while recalculate_batch(now):
        pass
    planned()
    took = perf_counter() - start
    print(f"ten thousand clocks and ladders computed again in {took:.1f} s")
    climbed(now + timedelta(seconds=5))
    assert took <= 30
    assert Event.objects.filter(verb="clock.moved").count() == 10_000
    assert Clock.objects.filter(due_at__lt=now).count() == 10_000
    assert Rung.objects.count() == before == 0
    assert not Notice.objects.filter(kind__startswith="ladder.").exists()
    assert not Incident.objects.exclude(escalated_level=Level.GRID).exists()
    past = [row["deed"] for row in Ladder.objects.latest("pk").plan if row.get("past")]
    assert {"urge", "tell", "to_community"} <= set(past)
    assert not Ladder.objects.filter(next_at__lte=now).exists()
