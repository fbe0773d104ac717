"""How the doings of this room are told: in timelines and the audit log, and in people's bells."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emergency.choices import EnrolmentKind, EventKind, Level, Phoned, Stage
from emergency.models import Activation, Called, CallUp, Enrolment
from grids.queries import area_names
from journal import wording as journal
from notices import wording as notices


def _labels(choices: Any) -> Any:
    return lambda _codes: {value: str(label) for value, label in choices.choices}


def _numbers_of(model: Any) -> Any:
    """Ids → numbers, many in one query."""

    def names(ids: Collection[Any]) -> Mapping[Any, str]:
        wanted = [int(one) for one in ids if str(one).isdecimal()]
        rows = model.objects.filter(pk__in=wanted).values_list("pk", "number")
        return {str(key): number for key, number in rows}

    return names


def _with_number(model: Any) -> Any:
    def find(text: str) -> int | None:
        found = model.objects.filter(number=text.strip()).values_list("pk", flat=True).first()
        return None if found is None else int(found)

    return find


def _by_id(model: Any) -> Any:
    """The same for facts, whose ids are numbers."""
    numbers = _numbers_of(model)
    return lambda ids: {int(key): number for key, number in numbers(ids).items()}


# fmt: off
_EVENTS: tuple[tuple[str, Any, str, str], ...] = (
    ("emergency.declared", _("%(area)s in emergency: %(event_kind)s, %(emergency_level)s"), "alert-triangle", "red"),
    ("emergency.raised", _("Level raised to %(emergency_level)s"), "arrow-big-up-line", "red"),
    ("emergency.lowered", _("Level lowered to %(emergency_level)s"), "arrow-down", "amber"),
    ("emergency.instructed", _("Instructions changed"), "pencil", ""),
    ("emergency.called_up", _("%(count)s people called up: %(call_up)s"), "bell-ringing", "brand"),
    ("emergency.ended", _("Emergency ended, back to peace"), "circle-check", "green"),
    ("call_up.called", _("%(count)s people called"), "bell-ringing", "red"),
    ("call_up.team_formed", _("Team of %(team_area)s formed"), "users-group", ""),
    ("call_up.team_set", _("Leader and assembly point of %(team_area)s named"), "map-pin", ""),
    ("call_up.repeated", _("Called again: %(count)s who are missing"), "bell-ringing", "amber"),
    ("call_up.unanswered", _("%(count)s have not answered in time: %(team_areas)s"), "arrow-big-up-line", "red"),
    ("call_up.absent", _("%(count)s are not there in time: %(team_areas)s"), "arrow-big-up-line", "red"),
    ("call_up.ended", _("All stood down: %(count)s people"), "circle-check", "green"),
    ("called.coming", _("Coming"), "walk", "brand"),
    ("called.declined", _("Cannot come"), "hand-stop", "amber"),
    ("called.checked_in", _("Checked in on the spot"), "map-pin", "green"),
    ("called.phoned", _("Called by phone: %(phoned)s"), "phone", ""),
    ("called.stood_down", _("Stood down"), "circle-check", ""),
    ("enrolment.enrolled", _("Enrolled in %(area)s: %(enrolment_kind)s"), "user-plus", "green"),
    ("enrolment.amended", _("Enrolment changed: %(area)s, %(enrolment_kind)s"), "pencil", ""),
    ("enrolment.service_recorded", _("%(hours)s hours entered for %(day)s"), "clock-plus", ""),
    ("enrolment.service_approved", _("%(hours)s hours approved for %(day)s"), "clock-check", "green"),
    ("enrolment.service_refused", _("%(hours)s hours refused for %(day)s"), "clock-x", "amber"),
    ("enrolment.ended", _("Enrolment ended"), "user-minus", ""),
    ("pace.changed", _("Times of call-ups changed for %(emergency_level)s"), "settings", "amber"),
)

_NOTICES: tuple[tuple[str, Any, str, str, bool], ...] = (
    ("emergency.declared", _("EMERGENCY in %(area)s: %(event_kind)s, %(emergency_level)s"), "alert-triangle", "red",
     True),
    ("emergency.raised", _("Emergency in %(area)s raised to %(emergency_level)s"), "arrow-big-up-line", "red", True),
    ("emergency.lowered", _("Emergency in %(area)s lowered to %(emergency_level)s"), "arrow-down", "amber", False),
    ("emergency.instructed", _("New instructions for the emergency in %(area)s"), "pencil", "red", True),
    ("emergency.ended", _("The emergency in %(area)s has ended"), "circle-check", "green", False),
    ("call_up.called", _("YOU ARE CALLED UP: %(event_kind)s, %(area)s. Answer at once!"), "bell-ringing", "red", True),
    ("call_up.lead", _("You lead a team of call-up %(number)s: see who comes, and phone who does not answer"),
     "users-group", "red", True),
    ("call_up.unanswered", _("%(count)s have not answered call-up %(number)s: %(team_areas)s"), "phone-off", "red",
     True),
    ("call_up.absent", _("%(count)s are not there in time, call-up %(number)s: %(team_areas)s"), "user-x", "red",
     True),
    ("call_up.ended", _("Call-up %(number)s has ended; thank you. The hours are on your account"), "circle-check",
     "green", False),
    ("called.declined", _("Somebody of your team cannot come: call-up %(number)s"), "hand-stop", "amber", False),
)

_SUBJECTS: tuple[tuple[str, Any, type[Model]], ...] = (
    ("emergency", pgettext_lazy("command", "Emergency"), Activation),
    ("call_up", _("Call-up"), CallUp),
    ("called", _("Person called up"), Called),
    ("enrolment", _("Enrolment"), Enrolment),
)
# fmt: on


def register_all() -> None:
    """Called once, when the room is ready."""
    for name, choices in (
        ("event_kind", EventKind),
        ("emergency_level", Level),
        ("enrolment_kind", EnrolmentKind),
        ("phoned", Phoned),
    ):
        journal.register_names(name, _labels(choices))
    journal.add_names("stage", _labels(Stage))
    for name in ("team_area", "team_areas"):
        journal.register_names(name, area_names)
    journal.register_names("call_up", _by_id(CallUp))
    for subject, label, model in _SUBJECTS:
        journal.register_subject(subject, label, names=_numbers_of(model), find=_with_number(model))
    journal.register_subject("pace", _("Times of call-ups"))
    for verb, sentence, icon, tone in _EVENTS:
        journal.register(verb, sentence, icon=icon, tone=tone)
    for kind, sentence, icon, tone, danger in _NOTICES:
        notices.register(kind, sentence, icon=icon, tone=tone, danger=danger)
