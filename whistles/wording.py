"""How the doings of this room are told: in timelines and the audit log, and in people's bells."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from grids.queries import area_names
from journal import wording as journal
from notices import wording as notices
from whistles.choices import Stage
from whistles.models import Milestone, Summons, Whistle, WhistleType


def _types(ids: Collection[Any]) -> Mapping[Any, str]:
    return {one.pk: one.shown_name for one in WhistleType.objects.filter(pk__in=ids)}


def _type_codes(ids: Collection[Any]) -> Mapping[Any, str]:
    wanted = [int(one) for one in ids if str(one).isdecimal()]
    found = WhistleType.objects.filter(pk__in=wanted)
    return {str(one.pk): one.shown_name for one in found}


def _milestones(ids: Collection[Any]) -> Mapping[Any, str]:
    return dict(Milestone.objects.filter(pk__in=ids).values_list("pk", "text"))


def _numbers(ids: Collection[Any]) -> Mapping[Any, str]:
    wanted = [int(one) for one in ids if str(one).isdecimal()]
    rows = Whistle.objects.filter(pk__in=wanted).values_list("pk", "number")
    return {str(key): number for key, number in rows}


def _summoned(ids: Collection[Any]) -> Mapping[Any, str]:
    """A summons is known by its whistle."""
    wanted = [int(one) for one in ids if str(one).isdecimal()]
    rows = Summons.objects.filter(pk__in=wanted).values_list("pk", "whistle__number")
    return {str(key): number for key, number in rows}


def _numbered(text: str) -> int | None:
    return Whistle.objects.filter(number=text.strip()).values_list("pk", flat=True).first()


def _stages(_codes: Collection[Any]) -> Mapping[Any, str]:
    return {value: str(label) for value, label in Stage.choices}


# fmt: off
_EVENTS: tuple[tuple[str, Any, str, str], ...] = (
    ("whistle.drafted", _("Whistle drafted: %(whistle_type)s"), "pencil", ""),
    ("whistle.amended", _("Draft of the whistle amended"), "pencil", ""),
    ("whistle.approved", _("Whistle approved"), "circle-check", "brand"),
    ("whistle.blown", _("Whistle blown (%(whistle_type)s): %(units)s"), "speakerphone", "red"),
    ("whistle.unit_called_in", _("Summoned as well: %(units)s"), "users-plus", "brand"),
    ("whistle.signed", _("%(unit)s signed for the whistle"), "inbox", ""),
    ("whistle.contacted", _("%(unit)s is in contact with the street"), "phone", ""),
    ("whistle.checked_in", _("%(unit)s checked in on the spot"), "map-pin", "green"),
    ("whistle.objected", _("%(unit)s objects to being summoned"), "hand-stop", "amber"),
    ("whistle.upheld", _("Objection refused: %(unit)s must come"), "gavel", "amber"),
    ("whistle.released", _("%(unit)s released: counts as not summoned"), "users-minus", ""),
    ("whistle.started", _("%(unit)s began to handle"), "tool", ""),
    ("whistle.planned", _("Added to the plan: %(milestone)s, until %(until)s"), "flag", ""),
    ("whistle.milestone_done", _("Milestone reached: %(milestone)s"), "flag", "green"),
    ("whistle.delivered", _("%(unit)s delivered its result"), "package", "brand"),
    ("whistle.sent_back", _("Sent back to %(unit)s: the result will not do"), "refresh", "amber"),
    ("whistle.left", _("%(unit)s left the spot"), "walk", ""),
    ("whistle.confirmed", _("The street confirmed that it is done"), "thumb-up", "green"),
    ("whistle.evaluated", _("The street evaluated: %(units)s"), "star", ""),
    ("whistle.closed", _("Whistle closed"), "circle-check", "green"),
    ("whistle.cancelled", _("Whistle cancelled"), "ban", "red"),
    ("whistle.unsigned", _("%(unit)s has not signed in time; moved up to %(level)s"), "arrow-big-up-line", "red"),
    ("whistle.silent", _("%(unit)s has not been in contact in time; moved up to %(level)s"), "arrow-big-up-line",
     "red"),
    ("whistle.absent", _("%(unit)s was not on the spot in time; moved up to %(level)s"), "arrow-big-up-line", "red"),
    ("whistle.unanswered", _("The objection of %(unit)s was left unanswered; moved up to %(level)s"),
     "arrow-big-up-line", "red"),
    ("whistle_type.changed", _("Kind of whistle changed"), "settings", "amber"),
    ("personnel.suggested", _("A personnel suggestion was made"), "lock", ""),
    ("personnel.approved", _("A personnel suggestion was approved"), "lock", ""),
    ("personnel.refused", _("A personnel suggestion was refused"), "lock", ""),
    ("personnel.withdrawn", _("A personnel suggestion was taken back"), "lock", ""),
    ("personnel.received", _("A personnel suggestion was received"), "lock", ""),
    ("personnel.read", _("A personnel suggestion was read"), "lock", ""),
)

_NOTICES: tuple[tuple[str, Any, str, str], ...] = (
    ("whistle.to_approve", _("Whistle %(number)s, %(whistle_type)s, waits for your approval"), "pencil", "amber"),
    ("whistle.may_blow", _("Whistle %(number)s is approved and can be blown"), "speakerphone", "brand"),
    ("whistle.alarm", _("EMERGENCY: go at once! Whistle %(number)s, %(whistle_type)s, %(street)s"),
     "alert-triangle", "red"),
    ("whistle.heard", _("Your unit is summoned: whistle %(number)s, %(whistle_type)s, %(street)s"), "speakerphone",
     "brand"),
    ("whistle.was_signed", _("%(unit)s signed for whistle %(number)s"), "inbox", ""),
    ("whistle.arrived", _("%(unit)s is on the spot: whistle %(number)s"), "map-pin", "green"),
    ("whistle.result", _("%(unit)s delivered its result: whistle %(number)s"), "package", "brand"),
    ("whistle.objection", _("%(unit)s objects to whistle %(number)s: answer it"), "hand-stop", "amber"),
    ("whistle.must_come", _("Your objection is refused, your unit must come: whistle %(number)s"), "gavel", "red"),
    ("whistle.need_not_come", _("Your unit is released from whistle %(number)s"), "users-minus", ""),
    ("whistle.again", _("Sent back to your unit, not done yet: whistle %(number)s"), "refresh", "red"),
    ("whistle.graded", _("The street has evaluated your unit: whistle %(number)s"), "star", ""),
    ("whistle.off", _("Whistle %(number)s is cancelled; your unit need not come"), "ban", ""),
    ("whistle.near", _("Deadline near, %(stage)s until %(due)s: whistle %(number)s"), "alarm", "amber"),
    ("whistle.unsigned", _("%(unit)s has not signed in time: whistle %(number)s, %(whistle_type)s"),
     "arrow-big-up-line", "red"),
    ("whistle.silent", _("%(unit)s has not been in contact in time: whistle %(number)s"), "arrow-big-up-line", "red"),
    ("whistle.absent", _("%(unit)s was not on the spot in time: whistle %(number)s, %(whistle_type)s"),
     "arrow-big-up-line", "red"),
    ("whistle.unanswered", _("The objection of %(unit)s was left unanswered: whistle %(number)s"),
     "arrow-big-up-line", "red"),
    ("personnel.to_approve", _("A personnel suggestion waits for the Party committee"), "lock", "amber"),
    ("personnel.sent", _("A personnel suggestion was sent to you"), "lock", "amber"),
    ("personnel.decided", _("Your personnel suggestion was decided"), "lock", ""),
)
# fmt: on

# Of an emergency these are danger too, and break quiet hours: what calls a unit or a leader, and what calls it off.
EMERGENCY = "emergency"
IN_AN_EMERGENCY = frozenset(
    f"whistle.{kind}"
    for kind in ("must_come", "again", "off", "near", "unsigned", "silent", "absent", "unanswered")
)
_DANGER = frozenset({"whistle.alarm"})


def kind_for(kind: str, *, emergency: bool) -> str:
    """The kind of notice by which this is told of a whistle: in an emergency some kinds have one of their own."""
    return f"{kind}.{EMERGENCY}" if emergency and kind in IN_AN_EMERGENCY else kind


def verbs_of_whistles() -> frozenset[str]:
    """Every verb that is told of a whistle. Those of suggestions about people are not among them."""
    return frozenset(verb for verb, *_said in _EVENTS if verb.startswith("whistle."))


def register_all() -> None:
    """Called once, when the room is ready."""
    journal.register_names("whistle_type", _types)
    journal.register_names("milestone", _milestones)
    journal.add_names("level", area_names)
    journal.register_names("street", area_names)
    journal.add_names("stage", _stages)
    journal.register_subject("whistle", _("Whistle"), names=_numbers, find=_numbered)
    journal.register_subject("whistle_summons", _("Summons of a whistle"), names=_summoned)
    journal.register_subject("whistle_type", _("Kind of whistle"), names=_type_codes)
    journal.register_subject("personnel_suggestion", _("Personnel suggestion"))
    for verb, sentence, icon, tone in _EVENTS:
        journal.register(verb, sentence, icon=icon, tone=tone)
    for kind, sentence, icon, tone in _NOTICES:
        notices.register(kind, sentence, icon=icon, tone=tone, danger=kind in _DANGER)
        if kind in IN_AN_EMERGENCY:
            said = format_lazy("{} {}", _("EMERGENCY."), sentence)
            own = kind_for(kind, emergency=True)
            notices.register(own, said, icon=icon, tone=tone, danger=True)
