"""The hotline decides: answered, settled another way, sent to a unit, designated, a return refused, put right."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from hotline.door import DOOR
from hotline.meeting import OrderMeeting
from hotline.models import Order, Part
from hotline.placing import home_of, place


@DOOR.effect("answer")
def answer(m: OrderMeeting) -> None:
    """First-contact answer: the caller knows what they wanted to know."""
    m.record.reply, m.record.replied_at = m.facts["text"], m.now


@DOOR.effect("other_way")
def other_way(m: OrderMeeting) -> None:
    """One of the six ways that are no handling by a unit."""
    settle(m.record, m.facts)
    m.record.replied_at = m.now
    m.record.unit = None
    m.data.update(way=m.record.way, line=m.record.line)


def settle(order: Order, facts: Any) -> None:
    """Write down which way, which line, which earlier order."""
    order.way, order.line, order.repeats = facts["way"], facts["line"], facts["repeats"]
    order.reply = facts["text"]


@DOOR.guard("dispatch")
def must_be_designated(m: OrderMeeting) -> Promise | None:
    """After the third return nobody is asked any more."""
    if m.must_designate:
        return _("It was returned three times. Designate a unit: there it stays.")
    return None


@DOOR.guard("designate")
def not_returned_often_enough(m: OrderMeeting) -> Promise | None:
    """Designation is what remains when asking did not help."""
    if not m.must_designate:
        return _("A unit is designated only after the third return. Send it, or refuse the return.")
    return None


@DOOR.effect("dispatch")
def dispatch(m: OrderMeeting) -> None:
    """To the unit of the rules, or to the one that was named with a reason."""
    found, chosen = m.suggestion, m.facts["unit"]
    if found is not None and chosen in (None, found.organisation):
        _send(m, found.organisation, found.why)
        return
    instead = {"unit": found.organisation.pk, "why": found.why} if found else None
    why = {"by": "person", "reason": m.facts["reason"]}
    _send(m, chosen, why | ({"instead_of": instead} if instead else {}))


@DOOR.effect("designate")
def designate(m: OrderMeeting) -> None:
    """It stays with this unit; there is no window for returning."""
    _send(m, m.facts["unit"], {"by": "person", "reason": m.facts["reason"]})
    m.record.accepted_at = m.now


def _send(m: OrderMeeting, unit: Organisation, why: dict[str, Any]) -> None:
    order = m.record
    order.round += 1
    order.unit, order.unit_why = unit, why
    order.dispatched_at, order.accepted_at, order.accepted_silently = m.now, None, False
    Part.objects.create(order=order, unit=unit, lead=True, round=order.round, sent_at=m.now)
    m.data.update(unit=unit.pk, round=order.round)


@DOOR.effect("uphold")
def uphold(m: OrderMeeting) -> None:
    """First-receiver responsibility: the unit that was sent it handles it."""
    m.record.accepted_at = m.now
    Part.objects.filter(order=m.record, round=m.record.round, lead=True).update(returned_at=None)
    m.data["unit"] = m.record.unit_id


@DOOR.effect("amend")
def amend(m: OrderMeeting) -> None:
    """Item, urgency and place, put right; the clocks that run keep what they were given."""
    order, facts = m.record, m.facts
    order.item, order.tier = facts["item"], facts["tier"]
    place(order, facts, order.area_code or home_of(m.by))
    m.data.update(item=order.item_id, tier=order.tier_id)
