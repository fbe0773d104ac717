"""An order becomes a case when somebody must go and look; the case's result becomes the order's reply.

The order follows the journal of its case. The case knows nothing of the order.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from accounts.actor import SYSTEM
from config.refusal import Refused
from hotline.choices import State
from hotline.door import DOOR
from hotline.meeting import OrderMeeting
from hotline.models import Order
from incidents.choices import OPEN, Placed, Source
from incidents.deadlines import SUBJECT as CASE
from incidents.models import Assignment, Incident
from incidents.report import Position, report
from journal.models import Event
from journal.readers import follow

# What ends a case, and the step that the order takes then.
FOLLOWED = {
    "incident.closed": "reply_from_case",
    "incident.self_closed": "reply_from_case",
    "incident.not_accepted": "case_fell",
    "incident.withdrawn": "case_fell",
    "incident.taken_back": "case_fell",
}


@DOOR.effect("to_case")
def to_case(m: OrderMeeting) -> None:
    """Hang it on an open case, or report a new one in the caller's name."""
    chosen: Incident | None = m.facts["case"]
    m.record.case = _still_open(chosen) if chosen else _reported(m)
    m.record.unit = None
    m.record.dispatched_at = m.now
    m.data.update(case=m.record.case.number, new=chosen is None)


def _still_open(chosen: Incident) -> Incident:
    """The case, locked: one that ends at this moment would never be heard of again."""
    case = Incident.objects.select_for_update().get(pk=chosen.pk)
    if case.state not in OPEN:
        raise Refused("case_ended", _("The case has just ended. Choose again."), 409, field="case")
    return case


def _reported(m: OrderMeeting) -> Incident:
    order = m.record
    at = None
    if order.lon is not None and order.lat is not None:
        at = Position(order.lon, order.lat, how=Placed.MAP)
    return report(
        by=m.by,
        now=m.now,
        source=Source.HOTLINE,
        text=order.text,
        item_code=order.item.code if order.item else "",
        position=at,
        grid_code=order.area_code if len(order.area_code) == 15 and at is None else "",
        area_code=order.area_code,
        address=order.address,
        confidential=order.confidential,
        reporter_name=order.caller_name,
        reporter_phone=order.caller_phone,
        external_id=f"{order.number}-{order.version}",
    ).incident


def follow_cases(now: datetime, limit: int = 500) -> int:
    """Let the orders go on whose case has ended; the number of events read. Any number of workers may call it."""
    return follow("hotline.cases", partial(_go_on, now), verbs=FOLLOWED.keys(), limit=limit)


def _go_on(now: datetime, events: Sequence[Event]) -> None:
    ended = {int(e.subject_id): FOLLOWED[e.verb] for e in events if e.subject_kind == CASE}
    waiting = Order.objects.filter(case_id__in=ended, state=State.IN_CASE).order_by("pk")
    for number, case_id in waiting.values_list("number", "case_id"):
        try:
            DOOR.take(ended[case_id or 0], number=number, by=SYSTEM, now=now)
        except Refused:  # a person was first
            continue


@DOOR.effect("reply_from_case")
def reply_from_case(m: OrderMeeting) -> None:
    """What the unit answered in the case."""
    m.record.reply = _result(m.record.case_id or 0)
    m.record.replied_at = m.now
    m.data["case"] = m.record.case.number if m.record.case else ""


def _result(case_id: int) -> str:
    answered = Assignment.objects.filter(incident_id=case_id, lead=True, replied_at__isnull=False)
    last = answered.order_by("-round", "-replied_at").first()
    if last is not None and last.reply:
        return last.reply
    with override(settings.LANGUAGE_CODE):
        return gettext("The case was handled and closed.")


@DOOR.effect("case_fell")
def case_fell(m: OrderMeeting) -> None:
    """The hotline decides anew; the timeline keeps which case it was."""
    m.data["case"] = m.record.case.number if m.record.case else ""
    m.record.case = None
