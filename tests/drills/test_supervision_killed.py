"""Drill: a process killed between an order and its event, or between a card and its event, leaves neither; the next one
does it, once."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.actor import SYSTEM
from clocks.marks import OVERDUE
from clocks.models import Clock
from incidents.choices import State
from incidents.models import Incident
from journal.append import append
from journal.models import Event
from supervision.cards import count_misses
from supervision.models import Card, CardRule, Miss, Order, Reply
from tests.clocks.factories import seeded
from tests.incidents.test_killed import VICTIM, _victims, _wait_for, waiting_at
from tests.incidents.town import Town, a_case, town
from tests.supervision.ordering import an_order, turn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def here(transactional_db: None) -> Town:
    """The town in real transactions."""
    seeded()
    return town()


def kill_in_the_middle(*deed: object) -> None:
    """Start the deed, wait until the database holds it, and kill it with a signal that cannot be caught."""
    name = connection.settings_dict["NAME"]
    command = [sys.executable, "-m", "tests.supervision.victim", str(name), *map(str, deed)]
    environment = {**os.environ, "PGAPPNAME": VICTIM}
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    _wait_for("the victim to wait", lambda: _victims("wait_event = 'PgSleep'") == 1, process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    _wait_for("its connection to end", lambda: _victims("true") == 0)


@pytest.mark.parametrize("table", ["supervision_order", "clocks_clock", "journal_event"])
def test_an_order_killed_on_the_way_is_none_and_the_case_is_not_marked(
    here: Town, table: str
) -> None:
    case = a_case(here, State.HANDLING)
    clocks, events = Clock.objects.count(), Event.objects.count()
    when = "BEFORE INSERT" if table == "journal_event" else "AFTER INSERT"
    with waiting_at(table, when):
        kill_in_the_middle("open", here.people["supervisor"].pk, case.number)
    assert not Order.objects.exists()
    assert (Clock.objects.count(), Event.objects.count()) == (clocks, events)
    kept = Incident.objects.get(pk=case.pk)
    assert (kept.supervised, kept.version) == (False, case.version)
    assert an_order(here, case).state == "open"


def test_an_answer_killed_before_its_event_leaves_the_order_open_and_its_clock_running(
    here: Town,
) -> None:
    order = an_order(here)
    with waiting_at("journal_event", "BEFORE INSERT"):
        kill_in_the_middle("answer", here.people["handler"].pk, order.pk)
    order.refresh_from_db()
    assert (order.state, Reply.objects.count()) == ("open", 0)
    assert Clock.objects.get(subject_kind="supervision").outcome == "running"
    assert turn(here, "answer", order, here.handler, "今日完成").state == "answered"


def test_a_count_killed_before_the_cards_event_draws_one_card_the_next_time(here: Town) -> None:
    CardRule.objects.all().delete()
    CardRule.objects.create(colour="yellow", counted="overdue", threshold=1, within_days=30)
    case = a_case(here)
    with transaction.atomic():
        append(
            OVERDUE, subject=("incident", case.pk), area_code=case.area_code, by=SYSTEM,
            now=timezone.now(), data={"unit": here.sanitation.pk, "clock": 1, "stage": "handle"},
        )  # fmt: skip
    with waiting_at("journal_event", "BEFORE INSERT"):
        kill_in_the_middle("count")
    assert (Card.objects.count(), Miss.objects.count()) == (0, 0)
    count_misses()
    assert count_misses() == 0
    assert Card.objects.count() == Event.objects.filter(verb="card.drawn").count() == 1
