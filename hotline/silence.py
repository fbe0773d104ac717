"""What happens to orders by themselves: silence accepts them, and their deadlines move with the calendar."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.actor import SYSTEM
from clocks.choices import Outcome
from clocks.marks import MOVED
from clocks.models import Clock
from config.refusal import Refused
from hotline.choices import Stage, State
from hotline.door import DOOR
from hotline.models import SUBJECT, Order
from journal.models import Event
from journal.readers import follow
from steps.door import show_open


def accept_silent(now: datetime, limit: int = 500) -> int:
    """Accept the orders whose window for returning has passed; how many. Any number of workers may call it."""
    passed = Clock.objects.filter(
        subject_kind=SUBJECT,
        subject_id=OuterRef("pk"),
        stage=Stage.RETURN,
        outcome=Outcome.RUNNING,
        due_at__lt=now,
    )
    silent = Order.objects.filter(Exists(passed), state=State.DISPATCHED).order_by("pk")
    return sum(_accepted(number, now) for number in silent.values_list("number", flat=True)[:limit])


def _accepted(number: str, now: datetime) -> bool:
    try:
        DOOR.take("accept_silently", number=number, by=SYSTEM, now=now)
    except Refused:  # the unit, or another worker, was first
        return False
    return True


def follow_moved() -> int:
    """Read the journal for deadlines that an edited calendar moved, and copy them onto their orders."""
    return follow("hotline.deadlines", _copy_moved, verbs={MOVED})


def _copy_moved(events: Sequence[Event]) -> None:
    ids = {int(e.subject_id) for e in events if e.subject_kind == SUBJECT}
    with transaction.atomic():
        for order in Order.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
            show_open(order, order.subject)
            order.save(update_fields=["due_at", "amber_at"])
