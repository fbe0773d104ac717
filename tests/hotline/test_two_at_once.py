"""Two people, or two workers, at the same moment: real connections, one effect, and the second is told."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from config.refusal import Refused, SomebodyWasFirst
from hotline import drafts
from hotline.calls import Rung, answer, ring
from hotline.choices import State
from hotline.door import DOOR
from hotline.intake import TakenIn
from hotline.models import Call, Draft, Order, Part
from hotline.silence import accept_silent
from journal.models import Event
from tests.clocks.factories import seeded
from tests.hotline.desk import an, dispatched, facts, hotline
from tests.incidents.test_two_at_once import at_once
from tests.incidents.town import Town

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> Iterator[Town]:
    """The hotline in real transactions, with what an emptied database has lost."""
    seeded()
    yield hotline()
    connections.close_all()


def test_one_call_announced_and_answered_by_many_at_once_is_one(here: Town) -> None:
    now, by = here.later(), here.operator
    rung = at_once(*[lambda: ring(by=by, now=now, call_id="c1", number="13812341234")] * 4)
    assert sorted(one.created for one in rung if isinstance(one, Rung)) == [False] * 3 + [True]
    pk = Call.objects.get().pk
    people = (here.operator, here.second_operator)
    done = at_once(*[lambda who=who: answer(pk, by=who, now=now) for who in people])
    assert len([one for one in done if isinstance(one, Draft)]) == 1
    assert len([one for one in done if isinstance(one, SomebodyWasFirst)]) == 1


def test_a_draft_sent_twice_at_once_is_one_order(here: Town) -> None:
    by, now = here.operator, here.later()
    draft = drafts.begin(by=by, now=now)
    done = at_once(*[lambda: drafts.send(draft.pk, by=by, now=now, facts=facts())] * 3)
    assert sorted(one.created for one in done if isinstance(one, TakenIn)) == [False, False, True]
    assert Order.objects.count() == 1


def test_of_two_operators_on_one_order_the_second_is_told_who_was_first(here: Town) -> None:
    order, now = an(here), here.later()
    seen: dict[str, Any] = {"number": order.number, "now": now, "version": order.version}
    given = {"unit": "WATER", "reason": "井边积水"}
    done = at_once(
        lambda: DOOR.take("dispatch", by=here.operator, facts={}, **seen),
        lambda: DOOR.take("dispatch", by=here.second_operator, facts=given, **seen),
    )
    told = [one for one in done if isinstance(one, SomebodyWasFirst)]
    assert len(told) == 1, done
    assert Event.objects.get(verb="hotline_order.dispatched").actor_label in str(told[0])
    assert Part.objects.count() == 1


def test_a_return_at_the_last_moment_and_silence_have_one_winner(here: Town) -> None:
    order = dispatched(here, tier="danger")
    last = here.later(14.9)
    over = here.later(0.2)
    by, given = here.handler, {"reason": "不属于本单位职责"}
    done = at_once(
        lambda: DOOR.take("return", number=order.number, by=by, now=last, facts=given),
        *[lambda: accept_silent(over)] * 3,
    )
    refused = [one for one in done if isinstance(one, Exception)]
    assert all(isinstance(one, Refused) for one in refused), done
    state = Order.objects.get(pk=order.pk).state
    accepted = Event.objects.filter(verb="hotline_order.accepted_silently").count()
    assert (state, accepted) in ((State.RETURNED, 0), (State.ACCEPTED, 1))
