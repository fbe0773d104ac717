"""The caller is called back: reached or not, solved, satisfied; once handled again; closed."""

from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actor import SYSTEM
from config.refusal import Refused
from hotline.choices import Satisfaction, State
from hotline.door import DOOR
from hotline.limits import CLOSE_AFTER_HOURS, MOST_ATTEMPTS, REHANDLED_AT_MOST
from hotline.meeting import OrderMeeting
from hotline.models import Order, Visit


@DOOR.guard("visit")
def no_number(m: OrderMeeting) -> Promise | None:
    """Who left no number cannot be asked."""
    if not m.record.caller_phone:
        return _("The caller left no number; end it as unreachable.")
    return None


@DOOR.effect("visit")
def visit(m: OrderMeeting) -> None:
    """What the caller says. Not solved or not satisfied: once more, then it is what it is."""
    order, facts = m.record, m.facts
    made = _write(m, reached=True, **{name: facts[name] for name in _ANSWERS}, text=facts["text"])
    content = made.solved and made.satisfaction != Satisfaction.DISSATISFIED
    again = not content and order.rehandled < REHANDLED_AT_MOST
    order.state = _handle_again(order) if again else State.VISITED
    order.visited_at = None if again else m.now
    m.data.update(solved=made.solved, caller_says=made.satisfaction, again=again)


_ANSWERS = ("contacted", "solved", "satisfaction")


def _handle_again(order: Order) -> State:
    """Back to the unit; what was a case goes to the hotline, which decides anew."""
    order.rehandled += 1
    order.attempts = 0
    order.replied_at = None
    if order.unit_id is not None:
        return State.HANDLING
    order.case = None
    return State.RECEIVED


@DOOR.effect("not_reached")
def not_reached(m: OrderMeeting) -> None:
    """An attempt more."""
    m.record.attempts += 1
    _write(m, reached=False, text=m.facts["note"])
    m.data["count"] = m.record.attempts


@DOOR.guard("not_reached")
def attempts_are_used_up(m: OrderMeeting) -> Promise | None:
    """After the last attempt it is given up."""
    if m.record.attempts >= MOST_ATTEMPTS:
        return _("Three attempts are enough; end it as unreachable.")
    return None


@DOOR.guard("unreachable")
def not_tried_often_enough(m: OrderMeeting) -> Promise | None:
    """Nobody is given up who has a number and was not tried three times."""
    if m.record.caller_phone and m.record.attempts < MOST_ATTEMPTS:
        return _("Try three times first, and write each attempt down.")
    return None


@DOOR.effect("unreachable")
def unreachable(m: OrderMeeting) -> None:
    """Not a valid visit: it counts in no rate."""
    m.record.visited_at = m.now
    m.data["count"] = m.record.attempts


@DOOR.effect("close")
def close(m: OrderMeeting) -> None:
    """Replied and called back: nothing is left to do (条条有回音)."""


def close_visited(now: datetime, limit: int = 500) -> int:
    """Close what was called back a day ago; how many. Safe to run twice, by any number of workers."""
    since = now - timedelta(hours=CLOSE_AFTER_HOURS)
    over = Order.objects.filter(state=State.VISITED, visited_at__lte=since).order_by("visited_at")
    return sum(_closed(number, now) for number in over.values_list("number", flat=True)[:limit])


def _closed(number: str, now: datetime) -> bool:
    try:
        DOOR.take("close", number=number, by=SYSTEM, now=now)
    except Refused:  # a person was first
        return False
    return True


def _write(m: OrderMeeting, **answers: object) -> Visit:
    order = m.record
    return Visit.objects.create(
        order=order, unit_id=order.unit_id, called_by_id=m.by.user_id, called_at=m.now, **answers
    )
