"""Who is told of orders, once, and never of their own doing."""

from datetime import timedelta

import pytest

from clocks.models import Clock
from notices.models import Notice
from tests.incidents.town import Town
from tests.supervision.ordering import an_order, time_passes, turn

pytestmark = pytest.mark.django_db(transaction=True)


def _told(here: Town, kind: str) -> set[str]:
    ids = Notice.objects.filter(kind=kind).values_list("recipient_id", flat=True)
    return {name for name, user in here.people.items() if user.pk in set(ids)}


def test_the_unit_is_told_and_when_it_is_late_who_ordered_too(committed: Town) -> None:
    order = an_order(committed)
    assert order.amber_at is not None
    assert order.due_at is not None
    time_passes(order.amber_at + timedelta(minutes=1))
    assert _told(committed, "order.opened") == {"handler", "leader"}
    assert _told(committed, "order.amber") == {"handler", "leader"}
    time_passes(order.due_at + timedelta(minutes=1))
    assert _told(committed, "order.overdue") == {"handler", "leader", "supervisor"}
    count = Notice.objects.count()
    time_passes(order.due_at + timedelta(minutes=5))
    assert Notice.objects.count() == count
    turn(committed, "answer", order, committed.handler, "答")
    time_passes(order.due_at + timedelta(minutes=6))
    assert _told(committed, "order.answered") == {"supervisor"}
    assert Clock.objects.get(subject_kind="supervision").outcome == "missed"
