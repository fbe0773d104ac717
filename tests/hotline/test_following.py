"""What happens to orders by itself, read from the journal: people told, cases followed, orders closed."""

import pytest

from hotline.choices import State
from hotline.models import Order
from incidents.choices import PhotoKind
from incidents.choices import State as CaseState
from incidents.models import Incident
from notices.models import Notice
from tests.clocks.factories import seeded
from tests.hotline.desk import NOT_CONTENT, a, again, dispatched, hotline, step, taken, time_passes
from tests.incidents.town import (
    Town,
    a_photo,
    answered,
    closed,
    filed,
    passed,
    received,
    sent_to_check,
)
from tests.incidents.town import dispatched as case_dispatched
from tests.incidents.town import step as case_step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> Town:
    """The hotline in real transactions: readers of the journal see only what is committed."""
    seeded()
    return hotline()


def case_of(order: Order) -> Incident:
    assert order.case_id is not None
    return Incident.objects.get(pk=order.case_id)


def test_an_order_becomes_a_case_and_its_result_becomes_the_reply(here: Town) -> None:
    order = a(here, State.IN_CASE)
    case = case_of(order)
    assert (case.source, case.text, case.reporter_phone) == ("hotline", order.text, "13812341234")
    case = case_step(here, "precheck", case, here.clerk)
    a_photo(here, case, here.worker, PhotoKind.CHECK)
    case = case_step(here, "answer_precheck", case, here.worker, {"found": True, "text": "属实"})
    case = answered(here, received(here, case_dispatched(here, filed(here, case))))
    case = passed(here, sent_to_check(here, case))
    case_step(here, "inform", case, here.dispatcher, {"how": "phone"})
    assert closed(here, case).state == CaseState.CLOSED
    time_passes(here, 1)
    kept = again(order)
    assert (kept.state, kept.reply) == (State.REPLIED, "已清理")
    time_passes(here, 1)
    assert Order.objects.get(pk=order.pk).version == kept.version  # once


def test_a_case_that_came_to_nothing_gives_the_order_back_to_the_hotline(here: Town) -> None:
    order = a(here, State.IN_CASE)
    case_step(here, "withdraw", case_of(order), here.clerk, {"reason": "重复上报"})
    time_passes(here, 1)
    kept = again(order)
    assert (kept.state, kept.case) == (State.RECEIVED, None)
    assert Notice.objects.filter(kind="hotline.decide_again").exists()
    assert step(here, "to_case", kept, here.operator).case is not None


def test_not_satisfied_is_handled_once_more_and_then_it_is_what_it_is(here: Town) -> None:
    order = step(here, "visit", a(here, State.REPLIED), here.visitor, NOT_CONTENT)
    assert (order.state, order.rehandled) == (State.HANDLING, 1)
    time_passes(here, 1)
    told = Notice.objects.filter(kind="hotline.again", recipient=here.people["handler"])
    assert told.count() == 1
    order = step(here, "reply", order, here.handler, {"text": "再次清运", "contacted": True})
    order = step(here, "visit", order, here.visitor, NOT_CONTENT)
    assert order.state == State.VISITED
    time_passes(here, 60 * 25)
    assert again(order).state == State.CLOSED
    answers = list(order.visits.values_list("satisfaction", "solved"))
    assert answers == [("dissatisfied", False), ("dissatisfied", False)]


def test_danger_is_told_as_danger_and_deadlines_to_whoever_has_them(here: Town) -> None:
    order = dispatched(here, tier="danger")
    time_passes(here, 1)
    told = Notice.objects
    assert told.filter(kind="hotline.danger", recipient=here.people["handler"]).exists()
    time_passes(here, 20)
    assert told.filter(kind="hotline.late", recipient=here.people["handler"]).exists()
    assert not told.filter(recipient=here.people["clerk"]).exists()
    kept = taken(here, tier="danger").order
    time_passes(here, 10)
    assert told.filter(kind="hotline.late", recipient=here.people["operator"]).exists()
    assert kept.pk != order.pk
