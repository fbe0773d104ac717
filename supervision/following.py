"""What happens to orders by itself: they end with their case, and their deadlines move with the calendar."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, override

from accounts.actor import SYSTEM
from clocks.running import open_clocks
from config.refusal import Refused
from incidents.choices import State
from journal.models import Event
from steps import timing
from supervision.choices import STANDS, SUBJECT, OrderState
from supervision.models import Order
from supervision.taking import take

# A case that ends so was never handled: nobody needs to answer for it any more.
NOT_HANDLED = frozenset({State.WITHDRAWN, State.NOT_ACCEPTED, State.SELF_CLOSED})
HANDLED = frozenset({State.CLOSED, State.EVALUATED})


def end_with_cases(now: datetime, limit: int = 500) -> int:
    """End the orders whose case has ended; how many did. Any number of workers may call it.

    A closed case closes the orders whose answers were accepted; what is not judged yet stays to be judged. A case
    that ends without having been handled withdraws what still stands.
    """
    accepted = Q(state=OrderState.ACCEPTED, incident__state__in=HANDLED)
    over = accepted | Q(incident__state__in=NOT_HANDLED)
    due = Order.objects.filter(over, state__in=STANDS).order_by("id")
    return sum(_ended(pk, state, now) for pk, state in due.values_list("pk", "state")[:limit])


def _ended(order_id: int, state: str, now: datetime) -> bool:
    step = "close" if state == OrderState.ACCEPTED else "withdraw"
    with override(settings.LANGUAGE_CODE):
        reason = gettext("The case has ended.")
    try:
        take(step, order_id=order_id, text=reason, by=SYSTEM, now=now)
    except Refused:  # another worker, or a person, was first
        return False
    return True


def follow_moved() -> int:
    """Read the journal for deadlines that an edited calendar moved, and copy them onto their orders."""
    return timing.follow_moved("supervision.deadlines", _touched, _show_open)


def _touched(events: Sequence[Event]) -> QuerySet[Order]:
    return Order.objects.filter(pk__in=timing.ids_of(SUBJECT, events))


def _show_open(order: Order) -> None:
    for clock in open_clocks(order.subject):
        order.due_at, order.amber_at = clock.due_at, clock.amber_at
