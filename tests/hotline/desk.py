"""A hotline for tests: the town of cases with operators, somebody who calls back, and what they need.

Orders are brought to a state by the real actions, at real working hours.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.apps import apps

from accounts.actor import Actor
from accounts.roles import Role
from clocks.sweep import sweep
from hotline.cases import follow_cases
from hotline.choices import State
from hotline.door import DOOR
from hotline.intake import TakenIn, take_in
from hotline.models import Order
from hotline.return_visits import close_visited
from hotline.silence import accept_silent
from hotline.telling import tell_people
from tests.factories import ABROAD, HOME, person_with
from tests.incidents.town import GARBAGE, IN_GRID, Town, town

PHONE = "13812341234"
SAID = {"contacted": True, "solved": True, "satisfaction": "satisfied"}
NOT_CONTENT = {"contacted": False, "solved": False, "satisfaction": "dissatisfied"}


def tiers() -> None:
    """The urgencies, also after a test that emptied the tables."""
    import_module("hotline.migrations.0002_orders_numbers_and_tiers").seed(apps, None)


def hotline() -> Town:
    """The town with two operators, one who calls back, and an operator of another district."""
    tiers()
    here = town()
    here.people |= {
        "operator": person_with(Role.HOTLINE_OPERATOR, HOME, here.centre),
        "second_operator": person_with(Role.HOTLINE_OPERATOR, HOME, here.centre),
        "visitor": person_with(Role.RETURN_VISITOR, HOME, here.centre),
        "foreign_operator": person_with(Role.HOTLINE_OPERATOR, ABROAD),
    }
    return here


def facts(**more: Any) -> dict[str, Any]:
    """A call about garbage at a point of the first grid; nothing decided yet."""
    return {
        "channel": "phone",
        "caller_phone": PHONE,
        "caller_name": "王桂英",
        "text": "小区门口垃圾堆了三天没人清理",
        "item": GARBAGE,
        "tier": "general",
        "lon": IN_GRID[0],
        "lat": IN_GRID[1],
        "address": "大沽南路12号",
        "decision": "keep",
        **more,
    }


def taken(here: Town, by: Actor | None = None, **more: Any) -> TakenIn:
    return take_in(by=by or here.operator, now=here.later(), facts=facts(**more))


def an(here: Town, **more: Any) -> Order:
    return taken(here, **more).order


def step(
    here: Town,
    code: str,
    order: Order,
    by: Actor,
    given: Mapping[str, Any] | None = None,
    **more: Any,
) -> Order:
    """Take a step a little later."""
    now = here.later(more.pop("minutes", 1))
    return DOOR.take(code, number=order.number, by=by, now=now, facts=given or {}, **more)


def dispatched(here: Town, **more: Any) -> Order:
    return an(here, decision="dispatch", **more)


def returned(here: Town, times: int = 1) -> Order:
    """An order that was sent and given back so often."""
    order = dispatched(here)
    for turn in range(times):
        if turn:
            order = step(here, "dispatch", order, here.operator)
        order = step(here, "return", order, here.handler, {"reason": "不属于本单位职责"})
    return order


_ASIDE: dict[State, Any] = {
    State.RECEIVED: an,
    State.ANSWERED_DIRECTLY: lambda h: an(h, decision="answer", said="已告知清运时间"),
    State.OTHER_WAY: lambda h: an(h, decision="other_way", way="statutory", said="已告知信访渠道"),
    State.RETURNED: returned,
    State.DESIGNATED: lambda h: step(
        h, "designate", returned(h, 3), h.operator, {"unit": "SAN", "reason": "按职责指定"}
    ),
    State.EXTENDED: lambda h: step(
        h,
        "grant_extension",
        step(h, "ask_extension", a(h, State.HANDLING), h.handler, {"days": 3, "reason": "需开挖"}),
        h.operator,
    ),
    State.IN_CASE: lambda h: an(h, decision="to_case"),
}
_ROAD: dict[State, Any] = {
    State.ACCEPTED: lambda h, o: step(h, "accept", o, h.handler),
    State.HANDLING: lambda h, o: step(h, "start", o, h.handler),
    State.REPLIED: lambda h, o: step(
        h, "reply", o, h.handler, {"text": "已清运并告知", "contacted": True}
    ),
    State.VISITED: lambda h, o: step(h, "visit", o, h.visitor, SAID),
    State.CLOSED: lambda h, o: step(h, "close", o, h.visitor),
}


def a(here: Town, state: State) -> Order:
    """An order that the real actions brought into `state`."""
    if state in _ASIDE:
        made: Order = _ASIDE[state](here)
        assert made.state == state
        return made
    order = dispatched(here)
    for reached, road in _ROAD.items():
        if order.state == state:
            break
        order = road(here, order)
        assert order.state == reached
    assert order.state == state
    return order


def time_passes(here: Town, minutes: float) -> None:
    """What the workers do as time passes: sweep, accept by silence, follow, close, tell."""
    now = here.later(minutes)
    sweep(now)
    accept_silent(now)
    follow_cases(now)
    close_visited(now)
    tell_people(now)


def again(order: Order) -> Order:
    return Order.objects.select_related("unit", "tier", "case").get(pk=order.pk)
