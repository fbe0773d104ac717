"""Orders and what follows, in the words of the tests."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.actor import Actor
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from clocks.sweep import sweep
from incidents.choices import State
from incidents.models import Incident
from supervision.cards import count_misses
from supervision.models import Order
from supervision.orders import open_orders
from supervision.taking import take
from supervision.telling import tell_people
from tests.incidents.town import Town, a_case

A_DAY = Allowance(Decimal(1), AllowanceKind.WORK_DAY)


def an_order(here: Town, case: Incident | None = None, **facts: Any) -> Order:
    """A supervisor's order to the unit that handles a case, to be answered within a working day."""
    case = case or a_case(here, State.HANDLING)
    given: dict[str, Any] = {
        "question": "为何未清理",
        "answer_by": A_DAY,
        "by": here.supervisor,
    } | facts
    (order,) = open_orders(numbers=[case.number], now=here.later(), **given)
    return order


def turn(here: Town, step: str, order: Order, by: Actor, text: str = "", **more: Any) -> Order:
    """Take a step of an order a little later."""
    return take(step, order_id=order.pk, text=text, by=by, now=here.later(), **more)


def answered(here: Town, order: Order) -> Order:
    return turn(here, "answer", order, here.handler, "已派车，今日清理")


def time_passes(to: datetime) -> None:
    """What the workers do in the background by then."""
    sweep(to)
    count_misses()
    tell_people(to)
