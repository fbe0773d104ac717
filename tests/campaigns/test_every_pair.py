"""The tables of steps: every state is reached and left, and every (state, step) pair is allowed or refused in words."""

from itertools import product
from typing import Any

import pytest

from campaigns.choices import AssignmentState, Found, State
from campaigns.door import ASSIGNMENTS, CAMPAIGNS, TARGETS
from config.refusal import Refused
from steps.door import NotYours
from steps.forms import FactsRefused
from tests.campaigns.ground import PROBLEM, on_target, swept, target
from tests.incidents.town import Town

DECIDED_BY_EFFECT = {TARGETS: set(Found)}
BEGIN: dict[Any, set[Any]] = {
    CAMPAIGNS: {State.DRAFTED},
    ASSIGNMENTS: {AssignmentState.PLANNED, AssignmentState.SENT},
    TARGETS: {Found.TODO},
}
# What an assignment that was not sent yet waits for is the campaign's own step.
LEFT_ELSEWHERE = {AssignmentState.PLANNED}


@pytest.mark.parametrize("door", BEGIN, ids=["campaign", "assignment", "target"])
def test_every_state_is_reached_and_left(door: Any) -> None:
    reached = BEGIN[door] | {s.to for s in door.table.values() if s.to}
    reached |= DECIDED_BY_EFFECT.get(door, set())
    left = {source for step in door.table.values() for source in step.sources}
    assert reached == set(door.states)
    stays = {AssignmentState.ACCEPTED} if door is ASSIGNMENTS else set()
    assert set(door.states) - left <= door.ends | LEFT_ELSEWHERE | stays


def test_every_step_has_its_form() -> None:
    for door in BEGIN:
        assert set(door.forms) == set(door.table)


@pytest.mark.django_db
def test_a_step_from_a_wrong_state_is_refused_in_words(here: Town) -> None:
    assignment = swept(here)
    on_target(here, "visit", target(assignment), said=PROBLEM)
    records: dict[Any, Any] = {
        CAMPAIGNS: assignment.campaign,
        ASSIGNMENTS: assignment,
        TARGETS: target(assignment),
    }
    people = (here.commander, here.secretary, here.cadre, here.worker)
    for door, record in records.items():
        for state, (code, step) in product(door.states, door.table.items()):
            if state in step.sources:
                continue
            ended = here.now if state in door.ends else None
            type(record).objects.filter(pk=record.pk).update(state=state, ended_at=ended)
            refusals = [_refused(door, code, record.number, by, here) for by in people]
            known = "not_in_this_state" in refusals or state == AssignmentState.PLANNED
            assert known, (
                door.subject,
                state,
                code,
            )  # before it is sent, its leaders do not see it
            assert set(refusals) <= {"not_in_this_state", "not_in_your_hands", "hidden"}


def _refused(door: Any, code: str, number: str, by: Any, here: Town) -> str:
    try:
        door.take(code, number=number, by=by, now=here.now, facts={})
    except NotYours as no:
        return no.code
    except FactsRefused:
        raise
    except Refused as no:
        return no.code
    except door.model.DoesNotExist:
        return "hidden"
    return "done"
