"""An order is answered, accepted or sent back, closed or withdrawn; each in the right hands, told to who must know."""

from datetime import timedelta

import pytest

from accounts.actor import SYSTEM
from clocks.models import Clock
from config.refusal import Refused, SomebodyWasFirst
from incidents.choices import State
from incidents.models import Incident
from incidents.taking import take as take_case
from journal.models import Event
from supervision.choices import STANDS, OrderState
from supervision.following import end_with_cases
from supervision.models import Order
from supervision.steps import ORDER_STEPS
from tests.incidents.town import (
    Town,
    a_case,
    closed,
    last_event,
    passed,
    sent_to_check,
)
from tests.incidents.town import (
    answered as case_answered,
)
from tests.supervision.ordering import an_order, answered, turn

pytestmark = pytest.mark.django_db


def test_answered_in_time_and_accepted_it_is_watched_until_the_case_is_closed(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    order = answered(here, an_order(here, case))
    assert Clock.objects.get(subject_kind="supervision").outcome == "met"
    order = turn(here, "accept", order, here.supervisor, "可以")
    assert (order.state, order.replies.get().verdict) == (OrderState.ACCEPTED, "可以")
    assert end_with_cases(here.later()) == 0
    closed(here, passed(here, sent_to_check(here, case_answered(here, case))))
    assert end_with_cases(here.later()) == 1
    assert end_with_cases(here.later()) == 0
    order.refresh_from_db()
    assert order.state == OrderState.CLOSED
    assert not Incident.objects.get(pk=case.pk).supervised
    assert last_event(case).verb == "incident.unsupervised"


def test_sent_back_it_is_answered_again_in_a_new_round_with_a_clock_of_its_own(here: Town) -> None:
    order = turn(here, "send_back", answered(here, an_order(here)), here.supervisor, "没有照片")
    second = Clock.objects.get(subject_kind="supervision", round=2)
    assert (order.state, order.round, order.due_at) == ("sent_back", 2, second.due_at)
    assert second.due_at == here.now + timedelta(days=1)
    order = answered(here, order)
    assert [(r.round, r.verdict) for r in order.replies.all()] == [(1, "没有照片"), (2, "")]


def test_sent_back_with_less_time_than_before(here: Town) -> None:
    order = answered(here, an_order(here))
    until = here.now + timedelta(hours=2)
    order = turn(here, "send_back", order, here.supervisor, "补照片", answer_by=until)
    assert order.due_at == until


def test_a_withdrawn_order_keeps_its_reason_and_drops_its_clock(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    order = turn(here, "withdraw", an_order(here, case), here.supervisor, "误发")
    assert (order.state, order.end_reason) == ("withdrawn", "误发")
    assert Clock.objects.get(subject_kind="supervision").outcome == "cancelled"
    assert not Incident.objects.get(pk=case.pk).supervised


def test_the_mark_stays_until_the_last_order_has_ended(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    first, second = an_order(here, case), an_order(here, case, by=here.commander)
    turn(here, "withdraw", first, here.supervisor, "重复")
    assert Incident.objects.get(pk=case.pk).supervised
    turn(here, "withdraw", second, here.commander, "重复")
    assert not Incident.objects.get(pk=case.pk).supervised


def test_orders_on_a_voided_case_are_withdrawn_by_themselves(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    order = an_order(here, case)
    take_case(
        "withdraw", number=case.number, by=here.clerk, now=here.later(), facts={"reason": "误报"}
    )
    assert end_with_cases(here.later()) == 1
    order.refresh_from_db()
    assert order.state == OrderState.WITHDRAWN
    assert order.end_reason


def test_accepted_on_a_closed_case_it_closes_at_once(here: Town) -> None:
    case = a_case(here, State.VERIFYING)
    order = answered(here, an_order(here, case))
    closed(here, passed(here, case))
    assert turn(here, "accept", order, here.supervisor).state == OrderState.CLOSED
    verbs = list(Event.objects.filter(subject_kind="supervision").values_list("verb", flat=True))
    assert verbs[-2:] == ["supervision.accepted", "supervision.closed"]


def test_only_the_named_unit_answers_and_only_who_supervises_judges(here: Town) -> None:
    order = an_order(here)
    for by in (here.supervisor, here.dispatcher):
        with pytest.raises(Refused) as no:
            turn(here, "answer", order, by, "替答")
        assert no.value.status == 403
    for by in (here.helper, here.foreign_handler, here.worker, here.citizen):
        with pytest.raises(Order.DoesNotExist):
            turn(here, "answer", order, by, "替答")
    answered(here, order)
    with pytest.raises(Refused) as no:
        turn(here, "accept", order, here.handler)
    assert no.value.status == 403


def test_the_centre_answers_for_a_case_that_no_unit_has(here: Town) -> None:
    order = an_order(here, a_case(here))
    assert order.unit == here.centre
    assert turn(here, "answer", order, here.clerk, "正在核实").state == "answered"


def test_every_step_outside_its_states_is_refused(here: Town) -> None:
    for state in OrderState:
        order = an_order(here)
        ended = None if state in STANDS else here.now
        Order.objects.filter(pk=order.pk).update(state=state, ended_at=ended)
        for step in ORDER_STEPS.values():
            if state not in step.sources:
                by = here.handler if step.code == "answer" else here.supervisor
                with pytest.raises(Refused) as no:
                    turn(here, step.code, order, by, "字")
                assert no.value.code == "not_in_this_state", (state, step.code)


def test_words_are_needed_and_a_page_that_is_behind_changes_nothing(here: Town) -> None:
    order = an_order(here)
    with pytest.raises(Refused) as no:
        turn(here, "answer", order, here.handler, "  ")
    assert no.value.code == "text_missing"
    with pytest.raises(SomebodyWasFirst):
        turn(here, "answer", order, here.handler, "答", version=order.version + 1)


def test_time_may_close_and_withdraw_and_nothing_else(here: Town) -> None:
    order = an_order(here)
    with pytest.raises(Refused) as no:
        turn(here, "answer", order, SYSTEM, "x")
    assert no.value.status == 403
