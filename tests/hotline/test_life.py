"""The life of an order: clocks by urgency, first-receiver responsibility, silence, designation, cases, calls back."""

from datetime import datetime
from typing import Any

import pytest

from clocks.models import Clock
from config.refusal import Refused
from hotline.choices import Stage, State
from hotline.limits import MOST_ATTEMPTS
from hotline.models import Order, Part
from incidents.models import Incident
from journal.models import Event
from steps.door import NotYours
from steps.forms import FactsRefused
from steps.history import timeline
from tests.clocks.calendars import local
from tests.hotline.desk import (
    SAID,
    a,
    again,
    an,
    dispatched,
    returned,
    step,
    time_passes,
)
from tests.incidents.town import (
    Town,
)

pytestmark = pytest.mark.django_db


def due(order: Order, stage: Stage) -> datetime | None:
    """The deadline of the newest clock of a stage."""
    clocks = Clock.objects.filter(subject_kind="hotline_order", subject_id=order.pk, stage=stage)
    return clocks.latest("round").due_at


# --- clocks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "receive", "back", "handle"),
    [
        ("danger", "2026-10-01 22:15", "2026-10-01 22:15", "2026-10-02 00:00"),
        ("utilities", "2026-10-01 22:30", "2026-10-01 22:30", "2026-10-02 22:00"),
        ("general", "2026-10-08 18:00", "2026-10-08 18:00", "2026-10-08 22:00"),
        ("complex", "2026-10-08 18:00", "2026-10-09 18:00", "2026-10-16 22:00"),
    ],
)
def test_each_urgency_has_its_clocks_round_the_clock_or_in_working_days(
    here: Town, tier: str, receive: str, back: str, handle: str
) -> None:
    here.now = local(
        "2026-10-01 21:55"
    )  # later() adds five minutes: ten in the evening of a holiday
    order = dispatched(here, tier=tier)
    assert due(order, Stage.RECEIVE) == local(receive)
    assert due(order, Stage.RETURN) == local(back)
    assert due(order, Stage.HANDLE) == local(handle)
    assert order.due_at == min(local(receive), local(back), local(handle))


def test_silence_is_acceptance_by_itself_and_receiving_stays_late(here: Town) -> None:
    order = dispatched(here, tier="danger")
    time_passes(here, 14)
    assert again(order).state == State.DISPATCHED
    time_passes(here, 2)
    kept = again(order)
    assert (kept.state, kept.accepted_silently) == (State.ACCEPTED, True)
    with pytest.raises(Refused) as no:
        step(here, "return", order, here.handler, {"reason": "不是我们的"})
    assert no.value.code == "not_in_this_state"
    clocks = {
        c.stage: c for c in Clock.objects.filter(subject_id=order.pk, subject_kind="hotline_order")
    }
    assert clocks[Stage.RETURN].outcome == "cancelled"  # nobody's fault
    assert clocks[Stage.RECEIVE].missed_at is not None  # somebody's
    assert step(here, "receive", order, here.handler).state == State.ACCEPTED


def test_a_return_after_its_window_is_refused_even_before_the_worker_came_by(here: Town) -> None:
    order = dispatched(here, tier="danger")
    with pytest.raises(Refused) as no:
        step(here, "return", order, here.handler, {"reason": "不是我们的"}, minutes=20)
    assert no.value.code == "window_has_passed"


def test_the_first_receiver_stays_responsible_until_the_hotline_has_decided(here: Town) -> None:
    order = dispatched(here)
    handle = due(order, Stage.HANDLE)
    back = step(here, "return", order, here.handler, {"reason": "应由排水所办理"})
    assert due(back, Stage.HANDLE) == handle
    running = Clock.objects.filter(subject_id=order.pk, stage=Stage.HANDLE, outcome="running")
    assert running.get().unit_id == here.sanitation.pk
    kept = step(here, "uphold", back, here.operator, {"reason": "清运属环卫所职责"})
    assert (kept.state, kept.unit) == (State.ACCEPTED, here.sanitation)
    with pytest.raises(Refused):
        step(here, "return", kept, here.handler, {"reason": "还是不办"})


def test_the_first_receiver_calls_in_others_and_goes_on_leading(here: Town) -> None:
    order = a(here, State.HANDLING)
    step(here, "call_in", order, here.handler, {"units": ["WATER"], "note": "请配合疏通"})
    with pytest.raises(NotYours):
        step(here, "reply", order, here.helper, {"text": "已办", "contacted": True})
    step(here, "contribute", order, here.helper, {"text": "管道已疏通"})
    parts = Part.objects.filter(order=order)
    assert {(p.unit.code, p.lead, bool(p.replied_at)) for p in parts} == {
        ("SAN", True, False),
        ("WATER", False, True),
    }
    done = step(here, "reply", order, here.handler, {"text": "已清运", "contacted": True})
    assert (done.state, done.reply) == (State.REPLIED, "已清运")


def test_the_third_return_leads_to_designation_and_there_it_stays(here: Town) -> None:
    order = returned(here, 2)
    with pytest.raises(Refused) as no:
        step(here, "designate", order, here.operator, {"unit": "SAN", "reason": "x"})
    assert no.value.code == "not_returned_often_enough"
    order = step(here, "dispatch", order, here.operator)
    order = step(here, "return", order, here.handler, {"reason": "第三次"})
    with pytest.raises(Refused) as no:
        step(here, "dispatch", order, here.operator)
    assert no.value.code == "must_be_designated"
    order = step(here, "designate", order, here.operator, {"unit": "WATER", "reason": "按三定方案"})
    assert (order.state, order.unit) == (State.DESIGNATED, here.water)
    with pytest.raises(Refused):
        step(here, "return", order, here.helper, {"reason": "不办"})
    assert step(here, "start", order, here.helper).state == State.HANDLING


def test_another_unit_than_the_rules_name_needs_a_reason(here: Town) -> None:
    order = an(here)
    with pytest.raises(FactsRefused) as no:
        step(here, "dispatch", order, here.operator, {"unit": "WATER"})
    assert no.value.errors[0]["code"] == "reason_missing"
    sent = step(here, "dispatch", order, here.operator, {"unit": "WATER", "reason": "井边积水"})
    assert sent.unit == here.water
    assert sent.unit_why["instead_of"]["unit"] == here.sanitation.pk


def test_more_time_is_asked_for_once_and_moves_the_deadline(here: Town) -> None:
    order = a(here, State.HANDLING)
    before = due(order, Stage.HANDLE)
    step(here, "ask_extension", order, here.handler, {"days": 3, "reason": "需协调车辆"})
    more = step(here, "grant_extension", order, here.operator)
    after = due(order, Stage.HANDLE)
    assert before is not None
    assert after is not None
    assert (after - before).days >= 3
    assert (more.state, more.due_at) == (State.EXTENDED, after)
    with pytest.raises(Refused):
        step(here, "ask_extension", order, here.handler, {"days": 1, "reason": "再要"})


# --- as a case -----------------------------------------------------------------------------------------


def case_of(order: Order) -> Incident:
    assert order.case_id is not None
    return Incident.objects.get(pk=order.case_id)


def test_an_order_hangs_on_an_open_case_that_is_there_already(here: Town) -> None:
    first = a(here, State.IN_CASE)
    case = case_of(first)
    second = an(here, caller_phone="13900001111", decision="to_case", case=case.number)
    assert second.case_id == case.pk
    assert Incident.objects.count() == 1


# --- called back ---------------------------------------------------------------------------------------


def test_nobody_is_given_up_before_three_attempts(here: Town) -> None:
    order = a(here, State.REPLIED)
    with pytest.raises(Refused):
        step(here, "unreachable", order, here.visitor)
    for _turn in range(MOST_ATTEMPTS):
        order = step(here, "not_reached", order, here.visitor)
    with pytest.raises(Refused):
        step(here, "not_reached", order, here.visitor)
    assert step(here, "unreachable", order, here.visitor).state == State.VISITED
    assert not order.visits.filter(reached=True).exists()


def test_a_caller_without_a_number_is_not_called_back(here: Town) -> None:
    order = dispatched(here, caller_phone="")
    order = step(here, "start", order, here.handler)
    order = step(here, "reply", order, here.handler, {"text": "已办", "contacted": False})
    with pytest.raises(Refused):
        step(here, "visit", order, here.visitor, SAID)
    assert step(here, "unreachable", order, here.visitor).state == State.VISITED


def test_the_call_back_has_two_working_days(here: Town) -> None:
    order = a(here, State.REPLIED)  # on a Monday
    assert due(order, Stage.VISIT) == local("2026-03-11 18:00")


# --- told, and written down ----------------------------------------------------------------------------


def test_the_timeline_tells_every_step_and_no_personal_data(here: Town) -> None:
    order = a(here, State.CLOSED)
    lines = [(line.event.verb, line.label) for line in timeline(order.subject)]
    assert [verb.partition(".")[2] for verb, _label in lines] == [
        "taken_in", "dispatched", "accepted", "started", "replied", "visited", "closed",
    ]  # fmt: skip
    said: Any = " ".join(label for _verb, label in lines)
    assert "%(" not in said
    assert "环卫所" in said
    assert not [
        e for e in Event.objects.all() if "13812341234" in str(e.data) or "王桂英" in str(e.data)
    ]
