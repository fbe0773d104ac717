"""A request that nobody answers has a deadline of its own, level by level; the approver and one above are told."""

from datetime import timedelta

import pytest

from clocks.models import Clock
from clocks.sweep import sweep
from incidents.choices import State
from incidents.models import Incident
from incidents.telling import tell_people
from notices.models import Notice
from tests.clocks.factories import seeded
from tests.incidents.test_requests_for_time import approved, asked, granted
from tests.incidents.town import Town, a_case, answered, step, town

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> Town:
    """Readers see only what is committed, so everything here is."""
    seeded()
    return town()


def of_request(case: Incident, stage: str = "ask") -> Clock:
    return Clock.objects.filter(subject_kind="incident", subject_id=case.pk, stage=stage).latest(
        "round"
    )


def late_told(here: Town, clock: Clock) -> set[str]:
    assert clock.due_at is not None
    now = clock.due_at + timedelta(minutes=1)
    sweep(now)
    while tell_people(now):
        pass
    names = {user.pk: name for name, user in here.people.items()}
    found = Notice.objects.filter(kind="case.overdue", facts__stage=clock.stage)
    return {names[notice.recipient_id] for notice in found}


def test_asking_starts_it_and_the_case_keeps_its_own_deadline(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    due = case.due_at
    case = asked(here, case)
    clock = of_request(case)
    assert (clock.unit, clock.due_at) == (here.sanitation, here.now + timedelta(days=1))
    assert (case.due_at, case.due_stage) == (due, "handle")


def test_each_level_has_its_own_and_each_answer_stops_it(here: Town) -> None:
    case = approved(here, a_case(here, State.HANDLING))
    assert of_request(case).outcome == "met"
    above = of_request(case, "ask_above")
    assert (above.outcome, above.unit) == ("running", here.centre)
    step(here, "grant_extension", case, here.dispatcher)
    assert of_request(case, "ask_above").outcome == "met"


@pytest.mark.parametrize("step_taken", ["drop_ask", "answer", "recall"])
def test_a_request_that_is_dropped_or_overtaken_drops_it(here: Town, step_taken: str) -> None:
    case = asked(here, a_case(here, State.HANDLING))
    if step_taken == "answer":
        answered(here, case)
    else:
        by = here.handler if step_taken == "drop_ask" else here.dispatcher
        step(here, step_taken, case, by, {"reason": "不需要"})
    assert of_request(case).outcome == "cancelled"


def test_a_second_request_begins_a_new_round(here: Town) -> None:
    case = asked(here, granted(here, a_case(here, State.HANDLING)))
    assert (of_request(case).round, of_request(case).outcome) == (2, "running")


def test_the_leader_and_the_dispatcher_are_told_that_the_first_level_is_late(here: Town) -> None:
    case = asked(here, a_case(here, State.HANDLING))
    assert late_told(here, of_request(case)) == {"leader", "dispatcher", "second_dispatcher"}


def test_the_dispatcher_and_the_supervisor_are_told_of_the_second(here: Town) -> None:
    case = approved(here, a_case(here, State.HANDLING))
    told = late_told(here, of_request(case, "ask_above"))
    assert told == {"dispatcher", "second_dispatcher", "supervisor"}
