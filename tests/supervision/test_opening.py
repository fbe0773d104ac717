"""Orders are opened: on one case or several, by who may, for the unit that must act, with a clock."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actor import SYSTEM
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from clocks.models import Clock
from config.refusal import Refused
from incidents.choices import State
from incidents.models import Incident
from journal.models import Event
from supervision.models import Order
from supervision.orders import open_orders
from tests.incidents.town import Town, a_case, last_event

pytestmark = pytest.mark.django_db
A_DAY = Allowance(Decimal(1), AllowanceKind.WORK_DAY)


def test_an_order_has_a_clock_and_the_case_says_that_it_is_supervised(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    (order,) = open_orders(
        numbers=[case.number], question="为何未清理", answer_by=A_DAY, by=here.supervisor, now=here.later()
    )  # fmt: skip
    clock = Clock.objects.get(subject_kind="supervision", subject_id=order.pk)
    assert (clock.stage, clock.round, clock.unit) == ("answer", 1, here.sanitation)
    assert order.due_at == clock.due_at == here.now + timedelta(days=1)
    kept = Incident.objects.get(pk=case.pk)
    assert (kept.supervised, kept.version) == (True, case.version + 1)
    assert last_event(case).verb == "incident.supervised"
    told = Event.objects.get(verb="supervision.opened")
    assert (told.subject_id, told.data["unit"]) == (str(order.pk), here.sanitation.pk)
    assert "为何" not in str(told.data)


def test_several_cases_at_once_each_goes_to_who_must_act(here: Town) -> None:
    handled, reported = a_case(here, State.HANDLING), a_case(here)
    until = here.later() + timedelta(hours=3)
    orders = open_orders(
        numbers=[handled.number, reported.number], question="报进展", answer_by=until,
        by=here.commander, now=here.now,
    )  # fmt: skip
    assert [order.unit for order in orders] == [here.sanitation, here.centre]
    assert {order.due_at for order in orders} == {until}


def test_all_or_none_where_one_case_is_over(here: Town) -> None:
    good, over = a_case(here), a_case(here, State.CLOSED)
    with pytest.raises(Refused) as no:
        open_orders(numbers=[good.number, over.number], question="?", answer_by=A_DAY,
                    by=here.supervisor, now=here.later())  # fmt: skip
    assert (no.value.code, over.number in str(no.value)) == ("case_not_open", True)
    assert not Order.objects.exists()


def test_the_systems_cause_opens_once_a_case(here: Town) -> None:
    first, second = a_case(here), a_case(here)

    def opened(*cases: Incident) -> list[Order]:
        return open_orders(numbers=[case.number for case in cases], question="超期一倍", answer_by=A_DAY,
                           by=SYSTEM, now=here.later(), cause="ladder:7:1")  # fmt: skip

    assert len(opened(first)) == 1
    assert [order.incident for order in opened(first, second)] == [second]
    assert opened(first, second) == []


def test_a_colleague_may_not_and_an_outsider_sees_no_case(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    for person, error in ((here.dispatcher, PermissionDenied), (here.handler, PermissionDenied),
                          (here.foreign_clerk, Incident.DoesNotExist)):  # fmt: skip
        with pytest.raises(error):
            open_orders(
                numbers=[case.number], question="?", answer_by=A_DAY, by=person, now=here.later()
            )


def test_a_unit_that_never_had_the_case_is_not_asked_about_it(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    with pytest.raises(Refused) as no:
        open_orders(numbers=[case.number], unit_id=here.water.pk, question="?", answer_by=A_DAY,
                    by=here.supervisor, now=here.later())  # fmt: skip
    assert no.value.code == "unit_not_on_case"


def test_a_time_that_has_passed_is_refused(here: Town) -> None:
    case = a_case(here)
    with pytest.raises(Refused) as no:
        open_orders(numbers=[case.number], question="?", answer_by=here.now - timedelta(minutes=1),
                    by=here.supervisor, now=here.later())  # fmt: skip
    assert no.value.code == "answer_by_past"
