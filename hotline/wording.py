"""How the doings of this room are told: in timelines and the audit log, and in people's bells."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from hotline.choices import Channel, Satisfaction, Stage, Way
from hotline.models import SUBJECT, Order, Tier
from journal import wording as journal
from notices import wording as notices


def _tiers(ids: Collection[Any]) -> Mapping[Any, str]:
    return {one.pk: one.shown_name for one in Tier.objects.filter(pk__in=ids)}


def _numbers(ids: Collection[Any]) -> Mapping[Any, str]:
    wanted = [int(one) for one in ids if str(one).isdecimal()]
    rows = Order.objects.filter(pk__in=wanted).values_list("pk", "number")
    return {str(key): number for key, number in rows}


def _numbered(text: str) -> int | None:
    return Order.objects.filter(number=text.strip()).values_list("pk", flat=True).first()


def _labels(*lists: Any) -> Any:
    return lambda _codes: {value: str(label) for each in lists for value, label in each.choices}


# fmt: off
_EVENTS: tuple[tuple[str, Any, str, str], ...] = (
    ("hotline_order.taken_in", _("Taken in by %(intake_channel)s: %(tier)s"), "headset", "brand"),
    ("hotline_order.answered", _("Answered directly"), "message-check", "green"),
    ("hotline_order.settled", _("Settled another way: %(way)s"), "arrow-ramp-right", ""),
    ("hotline_order.dispatched", _("Sent to %(unit)s"), "send", "brand"),
    ("hotline_order.designated", _("Designated: %(unit)s"), "gavel", "amber"),
    ("hotline_order.upheld", _("Return refused: %(unit)s handles it"), "gavel", "amber"),
    ("hotline_order.made_case", _("Became the case %(case)s"), "map-search", "brand"),
    ("hotline_order.amended", _("Put right: %(item)s, %(tier)s"), "pencil", ""),
    ("hotline_order.received", _("%(unit)s signed for it"), "inbox", ""),
    ("hotline_order.accepted", _("%(unit)s accepted it"), "circle-check", ""),
    ("hotline_order.accepted_silently", _("Accepted by silence: %(unit)s did not return it in time"),
     "clock-check", ""),
    ("hotline_order.returned", _("%(unit)s returned it (time no. %(count)s)"), "arrow-back-up", "amber"),
    ("hotline_order.unit_called_in", _("Called in: %(units)s"), "users-plus", ""),
    ("hotline_order.started", _("%(unit)s began to handle"), "tool", ""),
    ("hotline_order.contributed", _("%(unit)s answered as helping unit"), "message", ""),
    ("hotline_order.extension_asked", _("%(unit)s asks for %(days)s working days more"), "hourglass", "amber"),
    ("hotline_order.extended", _("%(days)s working days more granted"), "hourglass", ""),
    ("hotline_order.extension_refused", _("More time refused"), "hourglass-off", "amber"),
    ("hotline_order.replied", _("%(unit)s replied"), "message-check", "green"),
    ("hotline_order.replied_from_case", _("Case %(case)s was closed; its result is the reply"),
     "message-check", "green"),
    ("hotline_order.case_fell", _("Case %(case)s came to nothing; the hotline decides anew"), "map-off", "amber"),
    ("hotline_order.visited", _("Called back: %(caller_says)s"), "phone-check", ""),
    ("hotline_order.not_reached", _("Called back, nobody answered (attempt no. %(count)s)"), "phone-x", ""),
    ("hotline_order.unreachable", _("Given up as unreachable"), "phone-off", "amber"),
    ("hotline_order.closed", _("Hotline order closed"), "circle-check", "green"),
    ("hotline_order.noted", _("Note"), "message-2", ""),
    ("hotline_order.photo_added", _("Photo added to the hotline order"), "photo", ""),
    ("hotline_call.rang", _("A call rang"), "phone-incoming", ""),
    ("hotline_call.answered", _("A call was answered"), "phone-call", ""),
    ("hotline_call.ended", _("A caller rang off"), "phone-off", ""),
    ("hotline_tier.changed", _("Urgency of hotline orders changed"), "settings", "amber"),
)

_NOTICES: tuple[tuple[str, Any, str, str], ...] = (
    ("hotline.sent", _("Hotline order %(number)s (%(tier)s) was sent to your unit"), "headset", "brand"),
    ("hotline.danger", _("URGENT hotline order %(number)s (%(tier)s): sign for it at once!"), "alert-triangle", "red"),
    ("hotline.must", _("Hotline order %(number)s stays with your unit"), "gavel", "amber"),
    ("hotline.silent", _("Hotline order %(number)s was not returned in time and counts as accepted"),
     "clock-check", "amber"),
    ("hotline.called_in", _("Your unit is to help with hotline order %(number)s"), "users-plus", "brand"),
    ("hotline.came_back", _("%(unit)s returned hotline order %(number)s: decide"), "arrow-back-up", "amber"),
    ("hotline.asks_time", _("%(unit)s asks for more time for hotline order %(number)s"), "hourglass", "amber"),
    ("hotline.time", _("Your request for more time is answered: hotline order %(number)s"), "hourglass", ""),
    ("hotline.again", _("The caller is not satisfied: handle hotline order %(number)s once more"), "refresh", "red"),
    ("hotline.decide_again", _("Hotline order %(number)s is with you again: decide anew"), "refresh", "amber"),
    ("hotline.noted", _("A note on hotline order %(number)s"), "message-2", ""),
    ("hotline.near", _("Deadline near, %(stage)s until %(due)s: hotline order %(number)s"), "alarm", "amber"),
    ("hotline.late", _("Overdue, %(stage)s: hotline order %(number)s"), "alarm", "red"),
)
# fmt: on


def register_all() -> None:
    """Called once, when the room is ready."""
    journal.register_names("tier", _tiers)
    journal.add_names("stage", _labels(Stage))
    for fact, codes in (("intake_channel", Channel), ("way", Way), ("caller_says", Satisfaction)):
        journal.add_names(fact, _labels(codes))
    journal.register_subject(SUBJECT, _("Hotline order"), names=_numbers, find=_numbered)
    journal.register_subject("hotline_call", _("Call"))
    journal.register_subject("hotline_tier", _("Urgency of hotline orders"))
    for verb, sentence, icon, tone in _EVENTS:
        journal.register(verb, sentence, icon=icon, tone=tone)
    for kind, sentence, icon, tone in _NOTICES:
        notices.register(kind, sentence, icon=icon, tone=tone, danger=kind == "hotline.danger")
