"""Every step in every state: done where the table says so, refused with a sentence everywhere else."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.actor import Actor
from borders.choices import ENCLAVE_ENDS, MATTER_ENDS, EnclaveState, MatterState
from borders.doors import ENCLAVES, MATTERS
from borders.lifecycle import ASKED, ENCLAVE_STEPS, GIVER, LEGACY, MANAGER, MATTER_STEPS
from borders.models import Enclave, Matter
from config.refusal import Refused
from journal.models import Event
from steps.door import NotYours
from tests.borders.ground import ATTRIBUTION, a_matter, an_enclave, move, place_facts, ruling, take
from tests.incidents.town import Town, a_case

pytestmark = pytest.mark.django_db

MATTER_FACTS: dict[str, dict[str, Any]] = {
    "ask": {"units": ["SAN"]},
    "opine": {"says": "ours", "text": "属环卫职责"},
    "rule": ruling(),
    "adjudicate": ruling(),
    "write": ruling(),
    "refuse": {"lead": "SAN", "reason": "清单已列明"},
    "withdraw": {"reason": "重复"},
}
# What else stands against a step, though the state is right.
GUARDED = {("sign", EnclaveState.ATTRIBUTED), *(("reopen_problem", s) for s in EnclaveState)}


def whose(here: Town, hands: tuple[Any, ...]) -> Actor:
    if ASKED in hands:
        return here.handler
    if hands == (MANAGER,):
        return here.office_handler
    if GIVER in hands or LEGACY in hands:
        return here.giver
    return here.commander


def pairs(steps: Any, *but: tuple[str, Any]) -> list[tuple[str, Any]]:
    """Every (step, state) that the table allows."""
    every = [(code, state) for code, step in steps.items() for state in sorted(step.sources)]
    return [pair for pair in every if pair not in but]


def refuse_all(door: Any, record: Any, tries: Any) -> None:
    """Each of these steps is refused with a sentence, and leaves record and journal as they were."""
    events = Event.objects.count()
    for code, by, act in tries:
        if not door.seen_by(by).filter(pk=record.pk).exists():
            continue
        offered = [o for o in door.available(record, by, timezone.now()) if o.step.code == code]
        assert not any(o.allowed for o in offered), code
        with pytest.raises(Refused) as no:
            act()
        assert (no.value.status, bool(str(no.value))) == (409, True), code
    kept = door.model.objects.get(pk=record.pk)
    assert (kept.state, kept.version) == (record.state, record.version)
    assert Event.objects.count() == events


@pytest.mark.parametrize(("code", "state"), pairs(MATTER_STEPS))
def test_a_matter_moves_where_the_table_says(here: Town, code: str, state: MatterState) -> None:
    step, matter = MATTER_STEPS[code], a_matter(here, state)
    by = whose(here, step.hands)
    offered = [o for o in MATTERS.available(matter, by, here.now) if o.step.code == code]
    assert [o.allowed for o in offered] == [True]
    done = take(here, code, matter, by, MATTER_FACTS[code])
    assert done.version == matter.version + 1
    assert done.state == (step.to or state)
    assert Event.objects.filter(verb=step.verb, subject_id=str(matter.pk)).exists()


@pytest.mark.parametrize("state", list(MatterState))
def test_a_matter_moves_nowhere_else(here: Town, state: MatterState) -> None:
    matter = a_matter(here, state)

    def tried(code: str) -> Any:
        by = whose(here, MATTER_STEPS[code].hands)
        return code, by, lambda: take(here, code, matter, by, MATTER_FACTS[code])

    wrong = [code for code, step in MATTER_STEPS.items() if state not in step.sources]
    refuse_all(MATTERS, matter, map(tried, wrong))


def enclave_facts(here: Town, enclave: Enclave, code: str) -> dict[str, Any]:
    match code:
        case "amend":
            return place_facts(name="改名公寓")
        case "attribute":
            return ATTRIBUTION
        case "word":
            return {"handover": "另行移交"}
        case "sign":
            return {"handover_version": enclave.handover_version}
        case "list_problem":
            return {"title": "欠缴供热费", "owner": "NK-HOUSING"}
        case "link_case":
            case = a_case(here)
            return {"problem": enclave.problems.get().pk, "cases": case.number}
        case "solve_problem" | "reopen_problem":
            return {"problem": enclave.problems.get().pk, "result": "已解决", "reason": "未解决"}
        case "check":
            return {"check": "territory", "passed": True}
        case "mend":
            return {"check": "hazards", "text": "已清障"}
    return {"text": "已核查", "reason": "登记有误"}


def with_a_problem(here: Town, state: EnclaveState) -> Enclave:
    enclave = an_enclave(here, state)
    enclave.problems.create(title="供水管网", owner=enclave.owner, listed_at=here.now)
    return enclave


def hand(here: Town, code: str) -> Actor:
    return here.dispatcher if code == "link_case" else whose(here, ENCLAVE_STEPS[code].hands)


@pytest.mark.parametrize(("code", "state"), pairs(ENCLAVE_STEPS, *GUARDED))
def test_an_enclave_moves_where_the_table_says(here: Town, code: str, state: EnclaveState) -> None:
    step, enclave, by = ENCLAVE_STEPS[code], with_a_problem(here, state), hand(here, code)
    offered = [o for o in ENCLAVES.available(enclave, by, here.now) if o.step.code == code]
    assert [o.allowed for o in offered] == [True]
    done = move(here, code, enclave, by, enclave_facts(here, enclave, code))
    assert done.version == enclave.version + 1
    assert done.state == (EnclaveState.HANDED_OVER if code == "mend" else step.to or state)
    assert Event.objects.filter(verb=step.verb, subject_id=str(enclave.pk)).exists()


@pytest.mark.parametrize("state", list(EnclaveState))
def test_an_enclave_moves_nowhere_else(here: Town, state: EnclaveState) -> None:
    enclave = with_a_problem(here, state)
    facts = {code: enclave_facts(here, enclave, code) for code in ENCLAVE_STEPS}

    def tried(code: str) -> Any:
        by = hand(here, code)
        return code, by, lambda: move(here, code, enclave, by, facts[code])

    wrong = [
        code
        for code, step in ENCLAVE_STEPS.items()
        if state not in step.sources or (code, state) in GUARDED
    ]
    refuse_all(ENCLAVES, enclave, map(tried, wrong))


def test_every_state_can_be_reached_and_left() -> None:
    by_effect = {EnclaveState.HANDED_OVER, EnclaveState.MENDING, EnclaveState.ACCEPTED}
    for steps, states, ends, effects in (
        (MATTER_STEPS, MatterState, MATTER_ENDS, set[Any]()),
        (ENCLAVE_STEPS, EnclaveState, ENCLAVE_ENDS, by_effect),
    ):
        reached = {step.to for step in steps.values() if step.to} | effects
        assert reached == set(states) - {next(iter(states))}
        left = {state for step in steps.values() for state in step.sources}
        assert set(states) - ends <= left


def test_nobody_takes_a_step_that_is_in_other_hands(here: Town) -> None:
    matter, enclave = a_matter(here), an_enclave(here, EnclaveState.HANDED_OVER)
    with pytest.raises(NotYours):
        take(here, "rule", matter, here.dispatcher, ruling())
    with pytest.raises(NotYours):
        move(here, "check", enclave, here.taker, {"check": "hazards", "passed": True})
    with pytest.raises(Matter.DoesNotExist):
        take(here, "rule", matter, here.far_commander, ruling())
    with pytest.raises(Enclave.DoesNotExist):
        move(here, "check", enclave, here.helper, {"check": "hazards", "passed": True})
