"""Silence accepts: an order that its unit did not return in time is the unit's."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.actor import SYSTEM
from clocks.choices import Outcome
from clocks.models import Clock
from config.refusal import Refused
from hotline.choices import Stage, State
from hotline.door import DOOR
from hotline.models import SUBJECT, Order


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
