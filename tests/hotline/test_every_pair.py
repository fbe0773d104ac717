"""Every step in every state: done where the table says so, refused with a sentence everywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from accounts.actor import SYSTEM, Actor
from config.refusal import Refused
from hotline.choices import ENDS, State
from hotline.door import DOOR
from hotline.lifecycle import HELPER, HOTLINE, LEAD, STEPS, VISITOR
from hotline.models import Order
from journal.models import Event
from tests.hotline.desk import SAID, a, again, step
from tests.incidents.town import Town

pytestmark = pytest.mark.django_db

# What else stands against a step, though state and hands are right.
GUARDED = {
    ("designate", State.RETURNED),  # returned once
    ("accept_silently", State.DISPATCHED),  # the window is open
    ("receive", State.ACCEPTED),  # who accepted has received
    ("receive", State.HANDLING),
    ("receive", State.EXTENDED),
    ("refuse_extension", State.ACCEPTED),  # nobody asked
    ("refuse_extension", State.DESIGNATED),
    ("refuse_extension", State.HANDLING),
    ("grant_extension", State.ACCEPTED),
    ("grant_extension", State.DESIGNATED),
    ("grant_extension", State.HANDLING),
    ("unreachable", State.REPLIED),  # not tried yet
}
GIVEN: dict[str, dict[str, Any]] = {
    "answer": {"text": "已告知"},
    "other_way": {"way": "dissuaded", "text": "已劝导"},
    "designate": {"unit": "WATER", "reason": "指定"},
    "uphold": {"reason": "属其职责"},
    "amend": {"tier": "complex"},
    "return": {"reason": "非本单位职责"},
    "call_in": {"units": ["WATER"]},
    "contribute": {"text": "已配合"},
    "ask_extension": {"days": 2, "reason": "天气"},
    "refuse_extension": {"reason": "不成立"},
    "reply": {"text": "已办结", "contacted": True},
    "visit": SAID,
    "note": {"text": "请补充"},
}


def by_whom(here: Town, code: str) -> Actor:
    hands = STEPS[code].hands
    if not hands:
        return SYSTEM
    if hands[0] is HELPER:
        return here.helper
    return {LEAD: here.handler, VISITOR: here.visitor, HOTLINE: here.operator}[hands[0]]


@pytest.mark.parametrize("state", list(State))
def test_steps_are_possible_exactly_where_the_table_says(here: Town, state: State) -> None:
    order = a(here, state)
    for code, row in STEPS.items():
        with undone():
            if code == "contribute" and state in row.sources:
                step(here, "call_in", order, here.handler, {"units": ["WATER"]})
            tried(here, order, code, state)


def tried(here: Town, order: Order, code: str, state: State) -> None:
    """The step does what its row says, or nothing at all."""
    row, before, events = STEPS[code], again(order), Event.objects.count()
    by, given = by_whom(here, code), GIVEN.get(code, {})
    if state in row.sources and (code, state) not in GUARDED:
        done = step(here, code, order, by, given)
        assert done.version == before.version + 1, code
        assert Event.objects.filter(verb=row.verb, subject_id=str(order.pk)).exists(), code
        assert row.to in (None, done.state), code
        return
    with pytest.raises((Refused, Order.DoesNotExist)) as no:
        step(here, code, order, by, given)
    if isinstance(no.value, Refused):
        assert no.value.status in (403, 409), code
        assert str(no.value), code
    kept = again(order)
    assert (kept.state, kept.version) == (before.state, before.version), code
    assert Event.objects.count() == events, code


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_every_state_can_be_reached_and_left() -> None:
    reached = {row.to for row in STEPS.values() if row.to} | {State.RECEIVED, State.VISITED}
    assert reached == set(State)
    left = {
        state for row in STEPS.values() for state in row.sources if row.to or row.code == "visit"
    }
    assert left == set(State) - ENDS


def test_buttons_are_those_that_may_be_pressed(here: Town) -> None:
    order = a(here, State.DISPATCHED)
    offered = {o.step.code for o in DOOR.available(order, here.handler, here.now) if o.allowed}
    assert offered == {"receive", "accept", "return", "start", "note"}
    assert not [o for o in DOOR.available(order, here.clerk, here.now) if o.allowed]
