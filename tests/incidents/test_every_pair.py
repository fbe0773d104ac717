"""Every (state, step) pair: where the table allows it the step is taken, everywhere else it is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from accounts.actor import SYSTEM
from clocks.models import Clock
from config.refusal import Refused
from incidents.choices import ENDS, OPEN, PhotoKind, State
from incidents.lifecycle import STEPS
from incidents.models import Incident
from incidents.taking import take
from journal.models import Event
from steps.table import Step
from tests.incidents import town as road
from tests.incidents.town import GARBAGE, RUBBLE, Town, a_case, a_photo, a_report, step, ticked

pytestmark = pytest.mark.django_db

Facts = dict[str, Any] | Callable[[Town, Incident], dict[str, Any]]


@dataclass(frozen=True)
class Doing:
    """Who takes a step with which facts, after what."""

    by: str
    facts: Facts
    first: Callable[[Town, Incident], object] = lambda town, case: None


def _until(town: Town, _case: Incident) -> dict[str, Any]:
    day = (town.now + timedelta(days=20)).date().isoformat()
    return {"suspension_reason": "weather", "until": day, "reason": "雨季"}


def _other(town: Town, _case: Incident) -> dict[str, Any]:
    return {"main_case": a_report(town, text="另一件事").number}


def _ask(town: Town, case: Incident) -> object:
    return step(town, "ask_extension", case, town.handler, {"reason": "材料未到"})


def _ask_approved(town: Town, case: Incident) -> object:
    _ask(town, case)
    return step(town, "approve_ask", case, town.leader)


def _suspension_approved(town: Town, case: Incident) -> object:
    step(town, "ask_suspension", case, town.handler, _until(town, case))
    return step(town, "approve_ask", case, town.leader)


def _call_in(town: Town, case: Incident) -> object:
    return step(town, "call_in", case, town.dispatcher, {"units": ["WATER"]})


def _pass(town: Town, case: Incident) -> object:
    return road.passed(town, case) if case.state == State.VERIFYING else None


def _photo(kind: PhotoKind, by: str) -> Callable[[Town, Incident], object]:
    def add(town: Town, case: Incident) -> None:
        a_photo(town, case, getattr(town, by), kind, "pink")

    return add


def _before_and_after(town: Town, case: Incident) -> None:
    _photo(PhotoKind.BEFORE, "worker")(town, case)
    _photo(PhotoKind.AFTER, "worker")(town, case)


def _taken_over(town: Town, case: Incident) -> object:
    return step(town, "take_over", case, town.commander, {"reason": "由区里牵头"})


def _a_week_later(town: Town, _case: Incident) -> None:
    town.later(8 * 24 * 60)


def _late(_town: Town, case: Incident) -> None:
    handling = Clock.objects.filter(subject_kind="incident", subject_id=case.pk, stage="handle")
    handling.update(outcome="missed", missed_at=F("due_at"))


def _appealed(town: Town, case: Incident) -> object:
    _late(town, case)
    return step(town, "appeal", case, town.handler, {"reason": "封路"})


def _appeal_supported(town: Town, case: Incident) -> object:
    _appealed(town, case)
    return step(town, "support_appeal", case, town.dispatcher)


DOINGS: dict[str, Doing] = {
    "place": Doing("clerk", {"grid_code": road.NEIGHBOUR}),
    "classify": Doing("clerk", {"item": RUBBLE}),
    "link": Doing("clerk", _other),
    "confide": Doing("clerk", {"confidential": True}),
    "precheck": Doing("clerk", {}),
    "answer_precheck": Doing("worker", {"found": True, "text": "属实"}),
    "refuse": Doing("clerk", {"ground": "out_of_area", "note": "不在辖区"}),
    "self_close": Doing("worker", {"text": "已清理"}, _before_and_after),
    "file": Doing("clerk", lambda _town, case: {"standards": ticked(case)}),
    "dispatch": Doing("dispatcher", {}),
    "receive": Doing("handler", {}),
    "return": Doing("handler", {"reason": "不属于我单位"}),
    "recall": Doing("dispatcher", {"reason": "派错"}),
    "call_in": Doing("dispatcher", {"units": ["WATER"]}),
    "release": Doing("dispatcher", {"unit": "WATER", "reason": "不需要"}, _call_in),
    "receive_assist": Doing("helper", {}, _call_in),
    "answer_assist": Doing("helper", {"text": "已配合"}, _call_in),
    "answer": Doing("handler", {"text": "已处置"}, _photo(PhotoKind.AFTER, "handler")),
    "ask_extension": Doing("handler", {"reason": "材料未到"}),
    "ask_suspension": Doing("handler", _until),
    "drop_ask": Doing("handler", {}, _ask),
    "approve_ask": Doing("leader", {}, _ask),
    "refuse_ask": Doing("dispatcher", {"note": "理由不足"}, _ask_approved),
    "grant_extension": Doing("dispatcher", {}, _ask_approved),
    "grant_suspension": Doing("dispatcher", {}, _suspension_approved),
    "resume": Doing("dispatcher", {}),
    "send_check": Doing("dispatcher", {}),
    "change_checker": Doing("dispatcher", {}),
    "pass_check": Doing("worker", {}, _photo(PhotoKind.CHECK, "worker")),
    "rework": Doing("worker", {"reason": "仍有垃圾"}),
    "send_back": Doing("dispatcher", {"reason": "照片不清"}),
    "inform": Doing("dispatcher", {"how": "phone"}, _pass),
    "close": Doing("dispatcher", lambda _town, case: {"standards": ticked(case, "closing")}, _pass),
    "rate": Doing("worker", road.GOOD),
    "reopen": Doing("worker", {"reason": "又出现了"}),
    "evaluate": Doing("SYSTEM", {}, _a_week_later),
    "withdraw": Doing("clerk", {"reason": "重复登记"}),
    "take_back": Doing("worker", {}),
    "appeal": Doing("handler", {"reason": "封路"}, _late),
    "support_appeal": Doing("dispatcher", {}, _appealed),
    "grant_appeal": Doing("clerk", {}, _appeal_supported),
    "refuse_appeal": Doing("clerk", {"note": "无证明"}, _appeal_supported),
    "urge": Doing("supervisor", {"text": "请尽快"}),
    "raise": Doing("dispatcher", {"reason": "需上级协调"}),
    "take_over": Doing("commander", {"reason": "由区里牵头"}),
    "hand_back": Doing("commander", {"reason": "已协调"}, _taken_over),
    "climb": Doing("SYSTEM", {"level": "1"}),
    "comment": Doing("handler", {"text": "说明"}),
}


def _do(town: Town, row: Step, case: Incident) -> Incident:
    doing = DOINGS[row.code]
    by = SYSTEM if doing.by == "SYSTEM" else getattr(town, doing.by)
    if case.state in row.sources:
        doing.first(town, case)
    facts = doing.facts(town, case) if callable(doing.facts) else doing.facts
    return take(row.code, number=case.number, by=by, now=town.later(), facts=facts)


def test_the_doings_cover_the_table() -> None:
    assert DOINGS.keys() == STEPS.keys()


@pytest.mark.parametrize("state", list(State))
def test_every_step_is_taken_where_the_table_says_and_refused_elsewhere(
    here: Town, state: State
) -> None:
    case = a_case(here, state, by=here.worker, item_code=GARBAGE)
    began = here.now
    for row in STEPS.values():
        here.now = began
        with transaction.atomic():
            _try(here, row, Incident.objects.get(pk=case.pk), state)
            transaction.set_rollback(True)


def _try(town: Town, row: Step, case: Incident, state: State) -> None:
    if row.code == "comment" and state in OPEN and case.unit_id is None:
        return  # the unit does not see it yet; others comment in tests of their own
    if state in row.sources:
        _is_taken(town, row, case)
    else:
        _is_refused(town, row, case)


def _is_taken(town: Town, row: Step, case: Incident) -> None:
    before = case.state
    taken = _do(town, row, case)
    kept = Incident.objects.get(pk=case.pk)
    assert kept.state == taken.state == (row.to or before), row.code
    assert kept.version == taken.version > case.version
    assert (kept.ended_at is not None) == (kept.state in ENDS)
    last = Event.objects.filter(subject_kind="incident", subject_id=str(case.pk)).latest("seq")
    assert last.verb == row.verb
    assert (last.data["from"], last.data["to"]) == (before, kept.state)
    assert last.data["version"] == kept.version


def _is_refused(town: Town, row: Step, case: Incident) -> None:
    events = Event.objects.filter(subject_kind="incident", subject_id=str(case.pk))
    count = events.count()
    with pytest.raises((Refused, Incident.DoesNotExist)) as no, transaction.atomic():
        _do(town, row, case)
    if isinstance(no.value, Refused):
        assert no.value.code in {"not_in_this_state", "not_in_your_hands"}, row.code
        assert str(no.value)
    else:
        assert DOINGS[row.code].by in {"handler", "leader", "helper"}, row.code
    assert events.count() == count
    assert Incident.objects.get(pk=case.pk).version == case.version


# --- the table itself ------------------------------------------------------------------------------


def test_every_state_can_be_reached_from_a_report() -> None:
    reached: set[str] = {State.REPORTED}
    for _round in STEPS:
        reached |= {s.to for s in STEPS.values() if s.to and s.sources & reached}
    assert reached == set(State)


def test_every_state_but_an_end_can_be_left_and_no_end_can() -> None:
    for state in State:
        ways_out = [
            s.code for s in STEPS.values() if state in s.sources and s.to not in (None, state)
        ]
        assert bool(ways_out) == (state not in ENDS), (state, ways_out)


def test_from_every_state_some_end_can_be_reached() -> None:
    ending: set[str] = set(ENDS)
    for _round in STEPS:
        ending |= {source for s in STEPS.values() if s.to in ending for source in s.sources}
    assert ending == set(State)


def test_every_open_state_is_in_a_persons_hands_and_not_only_in_times() -> None:
    for state in OPEN:
        assert any(s.hands for s in STEPS.values() if state in s.sources and s.to), state


def test_each_verb_belongs_to_one_step() -> None:
    verbs = [row.verb for row in STEPS.values()]
    assert len(set(verbs)) == len(verbs)
