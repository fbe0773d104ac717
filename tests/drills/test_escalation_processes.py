"""Ladders through crashes of real processes: every rung exactly once, or visibly pending."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from config import embedded
from escalation.models import Rung
from incidents.choices import Level
from incidents.models import Incident
from notices.models import Notice
from supervision.models import Order
from tests.clocks.factories import seeded
from tests.drills.escalation_ground import (
    Broker,
    at_work,
    cases_left_alone,
    each_rung_once,
    hours,
    long_ago,
    pending,
)
from tests.escalation.ladders import default_rules, planned
from tests.incidents.town import Town, town
from tests.runtime.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
# Urged at 80 % and when due, leaders told, moved to the community, ordered, moved to the street.
RUNGS = 6


@pytest.fixture
def here(transactional_db: None) -> Town:
    seeded()
    default_rules()
    return town()


@pytest.fixture
def broker(home: Path) -> Iterator[Broker]:
    own = Broker(home)
    own.up()
    yield own
    own.down()


def all_fired(many: int, each: int = RUNGS) -> bool:
    return Rung.objects.count() >= many * each


def climbed_to_the_street(many: int) -> None:
    assert Incident.objects.filter(escalated_level=Level.STREET).count() == many
    assert Order.objects.count() == many
    each_rung_once(many * RUNGS)


def test_two_beats_and_eight_workers_at_once(here: Town, broker: Broker) -> None:
    cases_left_alone(here, 60, long_ago(timezone.now()), hours(1))
    near = cases_left_alone(here, 200, timezone.now() - timedelta(minutes=50), hours(1))
    with at_work(broker, workers=8, beats=2):
        wait_until(lambda: Rung.objects.count() >= 60 * RUNGS + len(near), seconds=90)
        wait_until(
            lambda: Notice.objects.filter(kind="ladder.urge").count() >= 2 * len(near), seconds=60
        )
    each_rung_once(60 * RUNGS + len(near))
    assert Order.objects.count() == 60
    told = list(Notice.objects.values_list("event_id", "recipient_id", "channel"))
    assert len(told) == len(set(told))
    assert pending(timezone.now()) == 0


def test_the_broker_gone_and_back(here: Town, broker: Broker) -> None:
    with at_work(broker, workers=2, beats=1):
        cases_left_alone(here, 1, long_ago(timezone.now()), hours(1))
        wait_until(lambda: all_fired(1), seconds=60)
        broker.down()
        cases_left_alone(here, 20, long_ago(timezone.now()), hours(1))
        planned()
        assert pending(timezone.now()) == 20, "nothing is lost: what is due stands in the ladders"
        broker.up()
        wait_until(lambda: all_fired(21), seconds=90)
    climbed_to_the_street(21)


def test_the_database_restarted_in_the_middle_of_a_sweep(here: Town, broker: Broker) -> None:
    cases_left_alone(here, 60, long_ago(timezone.now()), hours(1))
    with at_work(broker, workers=2, beats=1):
        wait_until(lambda: Rung.objects.count() > RUNGS, seconds=60)
        connections.close_all()
        embedded.stop(settings.VAR_DIR)
        embedded.start(settings.VAR_DIR, durable=False)
        wait_until(lambda: all_fired(60), seconds=90)
    climbed_to_the_street(60)
