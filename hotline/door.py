"""The one door through which hotline orders move; see `steps.door`."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from accounts.actor import Actor
from hotline.choices import ENDS, Stage, State
from hotline.lifecycle import STEPS
from hotline.meeting import OrderMeeting
from hotline.models import SUBJECT, Order
from hotline.querysets import WRITE, visible_to
from hotline.step_forms import FORMS
from steps.door import Door, Timed

# A stage that a step may begin has a clock only where the order then waits for it.
_WAITS: dict[Stage, Callable[[Any], bool]] = {
    Stage.DISPATCH: lambda order: order.state in (State.RECEIVED, State.RETURNED),
    Stage.HANDLE: lambda order: order.state not in (State.RECEIVED, State.VISITED),
}
_UNITS_OWN = frozenset({Stage.RECEIVE, Stage.RETURN, Stage.HANDLE})


class OrderDoor(Door[Order, OrderMeeting]):
    subject, table, forms, states, ends = SUBJECT, STEPS, FORMS, State, ENDS
    model, meeting, write_scope = Order, OrderMeeting, WRITE
    related = ("tier", "unit", "item", "case")

    def seen_by(self, actor: Actor) -> QuerySet[Order]:
        return visible_to(actor)

    def timed(self, m: OrderMeeting, stage: str) -> Timed | None:
        """As the order's tier says; against the unit where it is the unit's to do."""
        order, wanted = m.record, Stage(stage)
        waits = _WAITS.get(wanted)
        if waits is not None and not waits(order):
            return None
        unit = order.unit_id if wanted in _UNITS_OWN else None
        return Timed(order.tier.allowance(wanted), f"hotline:{order.tier.code}:{wanted}", unit)


DOOR = OrderDoor()
