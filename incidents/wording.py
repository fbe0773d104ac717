"""How the doings of this room are told: in timelines and the audit log, and in people's bells."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models.enums import Choices
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from incidents.catalogue_words import spoken
from incidents.choices import (
    AskKind,
    Informed,
    Level,
    NotAccepted,
    PhotoKind,
    Satisfaction,
    Source,
    Stage,
    SuspensionReason,
)
from incidents.models import CatalogueItem, Incident
from journal import wording as journal
from notices import wording as notices

# --- names for ids and codes -----------------------------------------------------------------


def _units(ids: Collection[Any]) -> Mapping[Any, str]:
    return {unit.pk: unit.shown_name for unit in Organisation.objects.filter(pk__in=ids)}


def _people(ids: Collection[Any]) -> Mapping[Any, str]:
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


def _items(codes: Collection[Any]) -> Mapping[Any, str]:
    """By code: a matter's name hardly changes between editions, and the newest edition's is shown."""
    rows = CatalogueItem.objects.filter(code__in=codes).order_by("version_id")
    return {code: spoken(zh, en) for code, zh, en in rows.values_list("code", "name", "name_en")}


def _numbers(ids: Collection[Any]) -> Mapping[Any, str]:
    wanted = [int(one) for one in ids if str(one).isdecimal()]
    rows = Incident.objects.filter(pk__in=wanted).values_list("pk", "number")
    return {str(key): number for key, number in rows}


def _numbered(text: str) -> int | None:
    return Incident.objects.filter(number=text.strip()).values_list("pk", flat=True).first()


def _labels(*lists: type[Choices]) -> journal.NamesOf:
    """Names of the codes of closed lists, made when they are read, in the reader's language."""

    def names(codes: Collection[Any]) -> Mapping[Any, str]:
        return {value: str(label) for known in lists for value, label in known.choices}

    return names


def _name_ids() -> None:
    for fact in ("unit", "assisting", "centre"):
        journal.register_names(fact, _units)
    for fact in ("checker", "instead_of"):
        journal.register_names(fact, _people)
    journal.register_names("item", _items)
    journal.register_names("ask_kind", _labels(AskKind))
    journal.register_names("level", _labels(Level))
    journal.register_names("ground", _labels(NotAccepted))
    journal.register_names("photo_kind", _labels(PhotoKind))
    journal.register_names("satisfaction", _labels(Satisfaction))
    journal.register_names("source", _labels(Source))
    journal.register_names("stage", _labels(Stage))
    journal.register_names("suspension_reason", _labels(SuspensionReason))
    journal.register_names("told", _labels(Informed))
    journal.register_subject("incident", _("Case"), names=_numbers, find=_numbered)


# --- the journal ---------------------------------------------------------------------------------

# fmt: off
_EVENTS: tuple[tuple[str, Any, str, str], ...] = (
    ("incident.reported", _("Reported (%(source)s)"), "flag", "brand"),
    ("incident.placed", _("Placed in grid %(grid)s"), "map-pin", ""),
    ("incident.classified", _("Classified: %(item)s"), "category", ""),
    ("incident.linked", _("Linked to main case %(main_case)s"), "link", ""),
    ("incident.confided", _("Confidentiality changed"), "lock", ""),
    ("incident.precheck_sent", _("%(checker)s sent to check before filing"), "user-search", ""),
    ("incident.prechecked", _("Looked at the spot before filing"), "eye-check", ""),
    ("incident.not_accepted", _("Not accepted: %(ground)s"), "ban", "red"),
    ("incident.self_closed", _("Handled by oneself on the spot"), "circle-check", "green"),
    ("incident.filed", _("Filed: %(item)s"), "file-check", "brand"),
    ("incident.dispatched", _("Dispatched to %(unit)s"), "send", "brand"),
    ("incident.received", _("Received by %(unit)s"), "inbox", ""),
    ("incident.returned", _("Returned by %(unit)s"), "arrow-back-up", "amber"),
    ("incident.recalled", _("Recalled from %(unit)s"), "arrow-back-up", "amber"),
    ("incident.unit_called_in", _("Called in to assist: %(units)s"), "users-plus", ""),
    ("incident.unit_released", _("Released from assisting: %(unit)s"), "users-minus", ""),
    ("incident.assist_received", _("Received by assisting unit %(unit)s"), "inbox", ""),
    ("incident.assist_answered", _("Answered by assisting unit %(unit)s"), "message-reply", ""),
    ("incident.answered", _("Answered by %(unit)s"), "message-reply", "brand"),
    ("incident.extension_asked", _("Asked for an extension"), "clock-plus", ""),
    ("incident.suspension_asked", _("Asked for a suspension until %(until)s"), "clock-pause", ""),
    ("incident.ask_dropped", _("Request dropped: %(ask_kind)s"), "clock-cancel", ""),
    ("incident.ask_approved", _("Request approved by the unit's leader: %(ask_kind)s"), "clock-check", ""),
    ("incident.ask_refused", _("Request refused: %(ask_kind)s"), "clock-x", "amber"),
    ("incident.extended", _("Extension granted"), "clock-plus", ""),
    ("incident.suspended", _("Suspended until %(until)s: %(suspension_reason)s"), "player-pause", "amber"),
    ("incident.resumed", _("Handling goes on"), "player-play", ""),
    ("incident.check_sent", _("%(checker)s sent to verify"), "user-search", ""),
    ("incident.checker_changed", _("%(checker)s sent instead of %(instead_of)s"), "user-search", ""),
    ("incident.check_passed", _("Solved on the spot"), "thumb-up", "green"),
    ("incident.reworked", _("Not solved on the spot: rework by %(unit)s"), "refresh", "amber"),
    ("incident.sent_back", _("Answer sent back to %(unit)s"), "refresh", "amber"),
    ("incident.informed", _("Reporter told: %(told)s"), "speakerphone", ""),
    ("incident.closed", _("Closed"), "circle-check", "green"),
    ("incident.rated", _("Rated: %(satisfaction)s"), "star", ""),
    ("incident.reopened", _("Not solved: reopened"), "refresh", "red"),
    ("incident.evaluated", _("Evaluated without an answer"), "star", ""),
    ("incident.withdrawn", _("Voided"), "trash", "red"),
    ("incident.taken_back", _("Taken back by the reporter"), "trash", ""),
    ("incident.urged", _("Urged"), "bell-ringing", "amber"),
    ("incident.appealed", _("%(unit)s appeals against its lateness"), "scale", ""),
    ("incident.appeal_supported", _("Appeal supported by the dispatcher"), "scale", ""),
    ("incident.appeal_granted", _("Appeal granted: late in fact, not counted"), "scale", "green"),
    ("incident.appeal_refused", _("Appeal refused: counted as late"), "scale", "amber"),
    ("incident.commented", _("Commented"), "message", ""),
    ("incident.raised", _("Pushed up to the level: %(level)s"), "stairs-up", "amber"),
    ("incident.taken_over", _("Taken over by the level: %(level)s"), "hand-grab", "amber"),
    ("incident.handed_back", _("Handed back to the level: %(level)s"), "stairs-down", ""),
    ("incident.climbed", _("Moved up by its deadline, to the level: %(level)s"), "stairs-up", "red"),
    ("incident.supervised", _("Supervised: %(unit)s must answer by %(due)s"), "gavel", "red"),
    ("incident.unsupervised", _("Supervision has ended"), "gavel", "green"),
    ("incident.photo_added", _("Photo added: %(photo_kind)s"), "photo", ""),
    ("clock.amber", _("Deadline near: %(stage)s, due %(due)s"), "alarm", "amber"),
    ("clock.overdue", _("Overdue: %(stage)s, due %(due)s"), "alarm", "red"),
    ("clock.moved", _("Deadline moved with the calendar: %(stage)s, due %(due)s"), "calendar-event", ""),
)

# --- the bell ---------------------------------------------------------------------------------------

_NOTICES: tuple[tuple[str, Any, str, str], ...] = (
    ("case.urgent", _("Urgent: case %(number)s, %(item)s, waits for you"), "urgent", "red"),
    ("case.paged", _("Red risk: case %(number)s, %(item)s, is filed in your area"), "alert-triangle", "red"),
    ("case.copied", _("Orange risk: case %(number)s, %(item)s, is filed in your area"), "alert-triangle", "amber"),
    ("case.look", _("Go and look: case %(number)s, %(item)s"), "user-search", "brand"),
    ("case.looked", _("Looked at the spot: case %(number)s, %(item)s"), "eye-check", ""),
    ("case.sent", _("For your unit to handle: case %(number)s, %(item)s"), "send", "brand"),
    ("case.assist", _("For your unit to assist: case %(number)s, %(item)s"), "users-plus", "brand"),
    ("case.released", _("Your unit need not act any more: case %(number)s, %(item)s"), "users-minus", ""),
    ("case.returned", _("Returned by %(unit)s: case %(number)s, %(item)s"), "arrow-back-up", "amber"),
    ("case.assisted", _("Answered by assisting unit %(unit)s: case %(number)s"), "message-reply", ""),
    ("case.answered", _("Answered by %(unit)s: case %(number)s, %(item)s"), "message-reply", "brand"),
    ("case.asked", _("%(unit)s asks for time: case %(number)s, %(ask_kind)s"), "clock-plus", "amber"),
    ("case.decided", _("Your unit's request is decided: case %(number)s, %(ask_kind)s"), "clock-check", ""),
    ("case.appealed", _("%(unit)s appeals against its lateness: case %(number)s"), "scale", "amber"),
    ("case.appeal_granted", _("Your unit's appeal is granted: case %(number)s"), "scale", "green"),
    ("case.appeal_refused", _("Your unit's appeal is refused: case %(number)s"), "scale", "amber"),
    ("case.goes_on", _("Handling goes on: case %(number)s, %(item)s"), "player-play", "brand"),
    ("case.passed", _("Solved on the spot, to be closed: case %(number)s, %(item)s"), "thumb-up", "green"),
    ("case.again", _("Not solved, back to your unit: case %(number)s, %(item)s"), "refresh", "red"),
    ("case.reopened", _("Reopened, the reporter is not satisfied: case %(number)s"), "refresh", "red"),
    ("case.ended", _("What you reported is dealt with: case %(number)s. How satisfied are you?"), "circle-check",
     "green"),
    ("case.refused", _("What you reported was not accepted: case %(number)s"), "ban", "amber"),
    ("case.unhappy", _("The reporter is not satisfied: case %(number)s, %(item)s"), "mood-sad", "amber"),
    ("case.void", _("Voided: case %(number)s, %(item)s"), "trash", ""),
    ("case.urged", _("You are urged: case %(number)s, %(item)s"), "bell-ringing", "red"),
    ("case.comment", _("New comment: case %(number)s, %(item)s"), "message", ""),
    ("case.raised", _("Pushed up to you (%(level)s): case %(number)s, %(item)s"), "stairs-up", "amber"),
    ("case.taken_over", _("Taken over from above (%(level)s): case %(number)s, %(item)s"), "hand-grab", "amber"),
    ("case.handed_back", _("Handed back to you (%(level)s): case %(number)s, %(item)s"), "stairs-down", "amber"),
    ("case.climbed", _("Overdue, moved up to you (%(level)s): case %(number)s, %(item)s, with %(unit)s"), "stairs-up",
     "red"),
    ("case.amber", _("Deadline near, %(stage)s due %(due)s: case %(number)s, %(item)s"), "alarm", "amber"),
    ("case.overdue", _("Overdue, %(stage)s was due %(due)s: case %(number)s, %(item)s"), "alarm", "red"),
)
# fmt: on

# A red risk breaks quiet hours: whoever is in charge is paged.
_DANGER = frozenset({"case.paged"})
# Where one person gets many at once.
_MANY: dict[str, Any] = {
    "case.urgent": _("%(count)s urgent cases wait for you"),
    "case.look": _("%(count)s places to go and look at"),
    "case.sent": _("%(count)s cases for your unit to handle"),
    "case.assist": _("%(count)s cases for your unit to assist"),
    "case.returned": _("%(count)s cases returned"),
    "case.answered": _("%(count)s cases answered"),
    "case.asked": _("%(count)s requests for time"),
    "case.passed": _("%(count)s cases solved on the spot, to be closed"),
    "case.again": _("%(count)s cases back to your unit"),
    "case.urged": _("You are urged on %(count)s cases"),
    "case.comment": _("%(count)s new comments"),
    "case.amber": _("%(count)s cases near their deadline"),
    "case.overdue": _("%(count)s cases overdue"),
}


def verbs_of_cases() -> frozenset[str]:
    """Every verb that is told of a case."""
    return frozenset(verb for verb, *_said in _EVENTS)


def register_all() -> None:
    """Called once, when the room is ready."""
    _name_ids()
    for verb, sentence, icon, tone in _EVENTS:
        journal.register(verb, sentence, icon=icon, tone=tone)
    for kind, sentence, icon, tone in _NOTICES:
        many, danger = _MANY.get(kind, ""), kind in _DANGER
        notices.register(kind, sentence, icon=icon, tone=tone, many=many, danger=danger)
