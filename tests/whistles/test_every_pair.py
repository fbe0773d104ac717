"""Every step in every state: done where the table says so, refused with a sentence everywhere else."""

from typing import Any

import pytest

from accounts.actor import Actor
from config.refusal import Refused
from journal.models import Event
from tests.incidents.town import Town
from tests.whistles.street import a_whistle, facts, grades, step
from whistles.choices import HEARD, State, UnitState
from whistles.lifecycle import STEPS, UNIT
from whistles.models import Milestone, Whistle
from whistles.taking import available

pytestmark = pytest.mark.django_db

# States of a whistle in which its units are in this state (none of them absent).
UNIT_IN = {
    State.BLOWN: UnitState.SUMMONED,
    State.SIGNED: UnitState.SIGNED,
    State.CONTACTED: UnitState.CONTACTED,
    State.CHECKED_IN: UnitState.CHECKED_IN,
    State.HANDLING: UnitState.HANDLING,
    State.DELIVERED: UnitState.DELIVERED,
    State.EVALUATED: UnitState.DELIVERED,
}
# What else stands against a step, though state and hands are right.
GUARDED = {
    ("call_in", State.DELIVERED),
    ("plan", State.DELIVERED),
    ("confirm", State.DELIVERED),
    ("confirm", State.BLOWN),
    ("confirm", State.SIGNED),
    ("confirm", State.CONTACTED),
    *(("uphold", state) for state in HEARD),
    *(("release", state) for state in HEARD),
}


def by_whom(here: Town, code: str) -> Actor:
    return here.police_one if STEPS[code].hands == (UNIT,) else here.secretary


def given(whistle: Whistle, code: str) -> dict[str, Any]:
    match code:
        case "amend":
            return facts(text="改写")
        case "call_in":
            return {"units": ["WATER"]}
        case "plan":
            return {"text": "现场封控", "unit": "FIRE", "due_on": "2026-03-20"}
        case "tick":
            return {"milestone": whistle.milestones.get().pk}
        case "deliver":
            return {"result": "已处置"}
        case "evaluate":
            return grades(whistle)
        case "object" | "cancel":
            return {"reason": "理由"}
        case "uphold" | "release" | "send_back":
            return {"reason": "理由", "unit": "POLICE"}
    return {}


def may(code: str, state: State) -> bool:
    row = STEPS[code]
    if state not in row.sources or (code, state) in GUARDED:
        return False
    return row.unit_from is None or UNIT_IN[state] in row.unit_from


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("code", list(STEPS))
def test_a_step_is_possible_exactly_where_the_table_says(
    here: Town, code: str, state: State
) -> None:
    whistle = a_whistle(here, state)
    Milestone.objects.create(whistle=whistle, text="封控", due_on="2026-03-20")
    before, events = Whistle.objects.get(pk=whistle.pk), Event.objects.count()
    by, what = by_whom(here, code), given(whistle, code)
    offered = [o for o in available(before, by, here.now) if o.step.code == code and o.allowed]
    assert bool(offered) is may(code, state)
    if may(code, state):
        done = step(here, code, whistle, by, what)
        assert done.version == before.version + 1
        assert Event.objects.filter(verb=STEPS[code].verb).exists()
        if STEPS[code].to:
            assert done.state == STEPS[code].to
        return
    if by is not here.secretary and state in (State.DRAFTED, State.APPROVED, State.CANCELLED):
        with pytest.raises(Whistle.DoesNotExist):
            step(here, code, whistle, here.police_one, what)
        return
    with pytest.raises(Refused) as no:
        step(here, code, whistle, by, what)
    assert no.value.status == 409
    assert str(no.value)
    kept = Whistle.objects.get(pk=whistle.pk)
    assert (kept.state, kept.version) == (before.state, before.version)
    assert Event.objects.count() == events


def test_every_state_can_be_reached_and_left() -> None:
    units = {to for to in (row.unit_to for row in STEPS.values()) if to}
    assert units == set(UnitState) - {UnitState.SUMMONED}
    left = {state for row in STEPS.values() for state in row.sources}
    assert left == set(State) - {State.CLOSED, State.CANCELLED}
