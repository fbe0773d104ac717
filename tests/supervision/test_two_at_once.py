"""Two people, or two workers, at the same moment: one effect, and the second is told."""

from collections.abc import Iterator

import pytest
from django.db import connections, transaction

from accounts.actor import SYSTEM
from clocks.marks import OVERDUE
from config.refusal import Refused
from incidents.choices import State
from incidents.models import Incident
from journal.append import append
from journal.models import Event
from supervision.cards import count_misses
from supervision.models import Card, CardRule, Order, Reply
from supervision.orders import open_orders
from supervision.taking import take
from tests.clocks.factories import seeded
from tests.incidents.test_two_at_once import at_once
from tests.incidents.town import Town, a_case, town
from tests.supervision.ordering import A_DAY, an_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> Iterator[Town]:
    """The town in real transactions."""
    seeded()
    yield town()
    connections.close_all()


def test_the_same_cause_opens_one_order_whoever_is_first(here: Town) -> None:
    case, now = a_case(here, State.HANDLING), here.later()

    def opening() -> list[Order]:
        return open_orders(
            numbers=[case.number],
            question="超期",
            answer_by=A_DAY,
            by=SYSTEM,
            now=now,
            cause="ladder:1",
        )

    results = at_once(opening, opening, opening)
    assert sorted(len(each) for each in results) == [0, 0, 1]
    assert Order.objects.count() == Event.objects.filter(verb="incident.supervised").count() == 1


def test_two_who_choose_the_same_cases_in_another_order_do_not_block_each_other(here: Town) -> None:
    numbers = [a_case(here, State.HANDLING).number for _each in range(3)]
    now, by = here.later(), here.supervisor

    def opening(chosen: list[str]) -> list[Order]:
        return open_orders(numbers=chosen, question="?", answer_by=A_DAY, by=by, now=now)

    results = at_once(lambda: opening(numbers), lambda: opening(numbers[::-1]))
    assert [len(each) for each in results] == [3, 3]


def test_two_answers_at_once_are_one_and_the_second_is_told(here: Town) -> None:
    order, now = an_order(here), here.later()
    handler, leader = here.handler, here.leader
    results = at_once(
        lambda: take("answer", order_id=order.pk, text="一", by=handler, now=now),
        lambda: take("answer", order_id=order.pk, text="二", by=leader, now=now),
    )
    assert sum(isinstance(each, Refused) for each in results) == 1
    assert Reply.objects.count() == 1


def test_two_orders_that_end_at_once_take_the_mark_off_once(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    first, second = an_order(here, case), an_order(here, case)
    now, by = here.later(), here.supervisor
    at_once(
        *[
            lambda pk=pk: take("withdraw", order_id=pk, text="误发", by=by, now=now)  # type: ignore[misc]
            for pk in (first.pk, second.pk)
        ]
    )
    assert not Incident.objects.get(pk=case.pk).supervised
    assert Event.objects.filter(verb="incident.unsupervised").count() == 1


def test_two_workers_that_count_draw_one_card(here: Town) -> None:
    CardRule.objects.all().delete()
    CardRule.objects.create(colour="yellow", counted="overdue", threshold=2, within_days=30)
    for each in range(4):
        case = a_case(here)
        with transaction.atomic():
            append(
                OVERDUE, subject=("incident", case.pk), area_code=case.area_code, by=SYSTEM,
                now=here.later(), data={"unit": here.sanitation.pk, "clock": each, "stage": "handle"},
            )  # fmt: skip
    at_once(count_misses, count_misses, count_misses)
    count_misses()
    assert Card.objects.count() == 2
