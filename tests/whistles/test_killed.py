"""A process killed in the middle of a deed leaves the whole of it or nothing, and the next one does it."""

import pytest

from clocks.models import Clock
from clocks.sweep import sweep
from journal.models import Event
from notices.models import Notice
from tests.clocks.factories import seeded
from tests.incidents.test_killed import kill_in_the_middle, waiting_at
from tests.incidents.town import Town
from tests.whistles.street import a_whistle, blown, step, street
from whistles.choices import State
from whistles.models import MovedUp, Whistle
from whistles.moving_up import move_up

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
VICTIM = "tests.whistles.victim"


@pytest.fixture
def here(transactional_db: None) -> Town:
    """The street in real transactions."""
    seeded()
    return street()


@pytest.mark.parametrize(
    ("table", "when"),
    [
        ("clocks_clock", "AFTER INSERT"),
        ("whistles_whistle", "BEFORE UPDATE"),
        ("journal_event", "BEFORE INSERT"),
    ],
)
def test_a_whistle_killed_while_it_is_blown_was_not_heard_and_can_be_blown_again(
    here: Town, table: str, when: str
) -> None:
    whistle = a_whistle(here, State.APPROVED)
    events = Event.objects.count()
    with waiting_at(table, when):
        kill_in_the_middle("blow", here.people["secretary"].pk, whistle.number, module=VICTIM)
    kept = Whistle.objects.get(pk=whistle.pk)
    assert (kept.state, kept.version, kept.blown_at) == (State.APPROVED, whistle.version, None)
    assert not Clock.objects.exists()
    assert Event.objects.count() == events
    assert step(here, "blow", whistle, here.secretary).state == State.BLOWN


def test_a_worker_killed_while_it_carries_up_has_told_nobody_and_the_next_tells_each_once(
    here: Town,
) -> None:
    blown(here)
    then = here.later(60)
    sweep(then)
    with waiting_at("notices_notice", "AFTER INSERT"):
        kill_in_the_middle("move_up", module=VICTIM)
    assert not MovedUp.objects.exists()
    assert not Notice.objects.exists()
    while move_up(then):
        pass
    assert MovedUp.objects.count() == 3
    pairs = list(Notice.objects.values_list("event_id", "recipient_id"))
    assert pairs
    assert len(pairs) == len(set(pairs))
