"""Drill: a worker dies in the middle of a call-up of hundreds. Each is called and told once, or visibly pending."""

import pytest
from django.utils import timezone

from clocks.models import Clock
from emergency.models import Called, CallUp, Team
from emergency.telling import tell_people
from journal.models import Event
from notices.models import Notice
from tests.clocks.factories import seeded
from tests.emergency.alert import alert_town, called_up, declared, seed_paces
from tests.emergency.crowd import crowd
from tests.incidents.test_killed import kill_in_the_middle, waiting_at
from tests.incidents.town import Town
from tests.journal.factories import settle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HUNDREDS = 400
VICTIM = "tests.emergency.victim"


@pytest.fixture
def here(transactional_db: None) -> Town:
    """The town in real transactions, with hundreds enrolled, today: the victim acts by the machine's clock."""
    seeded()
    seed_paces()
    built = alert_town()
    built.now = timezone.now()
    crowd(HUNDREDS)
    return built


@pytest.mark.parametrize("table", ["emergency_called", "clocks_clock", "journal_event"])
def test_a_call_up_killed_on_the_way_has_called_nobody_and_can_be_done_again(
    here: Town, table: str
) -> None:
    made = declared(here)
    events = Event.objects.count()
    when = "AFTER INSERT" if table == "clocks_clock" else "BEFORE INSERT"
    with waiting_at(table, when):
        kill_in_the_middle("call", here.people["secretary"].pk, made.number, module=VICTIM)
    left = (CallUp, Called, Team, Clock)
    assert [model.objects.count() for model in left] == [0] * 4
    assert Event.objects.count() == events
    assert called_up(here, made).called.count() == HUNDREDS


def test_a_teller_killed_half_way_leaves_the_call_up_pending_and_the_next_tells_each_once(
    here: Town,
) -> None:
    call_up = called_up(here)
    settle()
    with waiting_at("notices_notice", "AFTER INSERT"):
        kill_in_the_middle("tell", module=VICTIM)
    call_up.refresh_from_db()
    assert (call_up.told_at, Notice.objects.count()) == (None, 0)
    while tell_people(timezone.now()):
        continue
    call_up.refresh_from_db()
    assert call_up.told_at is not None
    told = Notice.objects.filter(kind="call_up.called", channel="bell")
    assert told.count() == told.values("recipient").distinct().count() == HUNDREDS
