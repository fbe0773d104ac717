"""In the units' hands: receiving, returning what is not theirs, assisting, answering."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clocks.calendar import SHANGHAI, CalendarEnds
from clocks.calendars import calendar_for
from incidents.case import Case, Deed
from incidents.choices import PhotoKind
from incidents.limits import return_within
from incidents.models import Assignment
from incidents.requests_for_time import drop_open_ask
from incidents.taking import effect, guard


def _lead(case: Case) -> Assignment:
    assert case.lead is not None, "a dispatched case has a lead unit"
    return case.lead


@effect("receive")
def receive(deed: Deed) -> None:
    """The lead unit has it."""
    lead = _lead(deed)
    lead.received_at, lead.handler_id = deed.now, deed.by.user_id
    lead.save(update_fields=["received_at", "handler"])
    deed.incident.received_at = deed.now
    deed.data["unit"] = lead.unit_id


# --- not ours -------------------------------------------------------------------------------------


@guard("return")
def sent_for_good(case: Case) -> Promise | None:
    """A designated unit, and one that has answered before, keep the case."""
    chosen_by = _lead(case).chosen_by
    if chosen_by.get("designated"):
        return _("The dispatcher has designated this unit: the case cannot be returned again.")
    if chosen_by.get("by") == "again":
        return _("This unit has answered the case before: it cannot be returned now.")
    return None


@guard("return")
def assisting_units_still_act(case: Case) -> Promise | None:
    """Sub-assignments are withdrawn first."""
    if any(a.replied_at is None for a in case.assisting):
        return _("Release the assisting units first; they still act on this case.")
    return None


@guard("return")
def too_late_to_return(case: Case) -> Promise | str | None:
    """A wrong dispatch is said within half the limit for receipt; after that it counts as accepted."""
    last = last_moment_to_return(case)
    if last is not None and case.now > last:
        local = last.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        return _(
            "The case could be returned until %(when)s; it counts as accepted. Ask the dispatcher."
        ) % {"when": local}
    return None


def last_moment_to_return(case: Case) -> datetime | None:
    """Until when the lead unit may return the case (UTC); None while the calendar does not say."""
    try:
        return calendar_for(case.incident.area_code).due(_lead(case).sent_at, return_within())
    except CalendarEnds:
        return None


@effect("return")
def send_back_to_dispatcher(deed: Deed) -> None:
    """Not this unit's matter. Time used so far stays used."""
    lead = _lead(deed)
    lead.returned_at, lead.return_reason = deed.now, deed.facts["reason"]
    lead.save(update_fields=["returned_at", "return_reason"])
    drop_open_ask(deed)
    incident = deed.incident
    incident.unit = None
    incident.return_count += 1
    incident.returned_last = True
    deed.data.update(unit=lead.unit_id, returns=incident.return_count)


# --- assisting ------------------------------------------------------------------------------------


def _own_part(case: Case) -> Assignment:
    part = case.own_part()
    assert part is not None, "the hand is an assisting unit's"
    return part


@guard("receive_assist")
def received_already(case: Case) -> Promise | None:
    """Once."""
    if _own_part(case).received_at is not None:
        return _("Your unit has received its part already.")
    return None


@guard("answer_assist")
def answered_already(case: Case) -> Promise | None:
    """Once a round."""
    if _own_part(case).replied_at is not None:
        return _("Your unit has answered its part already.")
    return None


@effect("receive_assist")
def receive_assist(deed: Deed) -> None:
    """An assisting unit has its part."""
    part = _own_part(deed)
    part.received_at, part.handler_id = deed.now, deed.by.user_id
    part.save(update_fields=["received_at", "handler"])
    deed.data["unit"] = part.unit_id


@effect("answer_assist")
def answer_assist(deed: Deed) -> None:
    """An assisting unit has done its part; to answer is to have received."""
    part = _own_part(deed)
    part.received_at = part.received_at or deed.now
    part.replied_at, part.reply = deed.now, deed.facts["text"]
    part.handler_id = deed.by.user_id or part.handler_id
    part.save(update_fields=["received_at", "replied_at", "reply", "handler"])
    deed.data["unit"] = part.unit_id


# --- done -----------------------------------------------------------------------------------------


@guard("answer")
def assisting_units_have_not_answered(case: Case) -> Promise | str | None:
    """The lead answers for all, so it answers last."""
    open_parts = [a.unit.shown_name for a in case.assisting if a.replied_at is None]
    if open_parts:
        return _("These assisting units have not answered yet: %(units)s.") % {
            "units": ", ".join(open_parts)
        }
    return None


@guard("answer")
def after_photo_missing(case: Case) -> Promise | None:
    """What is done can be seen."""
    if case.demands(PhotoKind.AFTER) and not case.has_photo(PhotoKind.AFTER):
        return _("Add a photo from after the handling: this matter demands one.")
    return None


@effect("answer")
def answer(deed: Deed) -> None:
    """Handled; now somebody looks at the answer."""
    lead = _lead(deed)
    lead.replied_at, lead.reply = deed.now, deed.facts["text"]
    lead.handler_id = deed.by.user_id or lead.handler_id
    lead.save(update_fields=["replied_at", "reply", "handler"])
    drop_open_ask(deed)
    incident = deed.incident
    incident.answered_at = deed.now
    incident.checker = None
    incident.check_passed = None
    deed.data.update(unit=lead.unit_id, round=incident.dispatch_round)
