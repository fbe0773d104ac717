"""Who must act: the unit that the rules name and why, or another that a person answers for; one case or many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Organisation
from config.refusal import Refused
from incidents.case import Case, Deed
from incidents.limits import RETURNS_BEFORE_DESIGNATION
from incidents.models import Assignment, Incident
from incidents.requests_for_time import drop_open_ask
from incidents.taking import effect, guard, take


@effect("dispatch")
def dispatch(deed: Deed) -> None:
    """Send the case to one lead unit and any number of assisting units; why this unit is kept with it."""
    incident, facts = deed.incident, deed.facts
    lead, chosen_by = _lead(deed)
    incident.dispatch_round += 1
    incident.unit = lead
    incident.dispatched_at, incident.received_at, incident.answered_at = deed.now, None, None
    incident.returned_last = False
    _assign(deed, lead, lead=True, chosen_by=chosen_by)
    assisting = [unit for unit in facts["assisting"] if unit != lead]
    for unit in assisting:
        _assign(deed, unit, lead=False, chosen_by={"by": "person"})
    deed.data.update(
        unit=lead.pk,
        assisting=[unit.pk for unit in assisting],
        chosen_by=_without_words(chosen_by),
        round=incident.dispatch_round,
    )


def _assign(deed: Deed, unit: Organisation, *, lead: bool, chosen_by: dict[str, Any]) -> None:
    Assignment.objects.create(
        incident=deed.incident,
        unit=unit,
        lead=lead,
        round=deed.incident.dispatch_round,
        sent_at=deed.now,
        instruction=deed.facts.get("instruction", ""),
        chosen_by=chosen_by,
    )
    if unit.pk not in deed.incident.units:
        deed.incident.units = [*deed.incident.units, unit.pk]


def _lead(deed: Deed) -> tuple[Organisation, dict[str, Any]]:
    """The lead unit, and what spoke for it."""
    suggested = deed.suggestion
    named: Organisation | None = deed.facts["lead"]
    reason: str = deed.facts["reason"]
    if deed.must_designate:
        return _designated(named, reason)
    if named is None or (suggested and named == suggested.organisation):
        if suggested is None:
            raise Refused(
                "no_unit_found",
                _("No rule names a unit for this matter here. Name the lead unit, and say why."),
                422,
                field="lead",
            )
        return suggested.organisation, suggested.why
    if suggested and not reason:
        raise Refused(
            "overrule_needs_reason",
            _("The rules name %(unit)s. Say why another unit must act.")
            % {"unit": suggested.organisation.shown_name},
            422,
            field="reason",
        )
    over = {"unit": suggested.organisation.pk, "why": suggested.why} if suggested else None
    return named, {"by": "person", "reason": reason, "instead_of": over}


def _designated(named: Organisation | None, reason: str) -> tuple[Organisation, dict[str, Any]]:
    if named is None or not reason:
        raise Refused(
            "must_designate",
            _(
                "Units have returned this case %(count)s times. Name the unit that must act, and say why; "
                "it cannot return the case."
            )
            % {"count": RETURNS_BEFORE_DESIGNATION},
            422,
            field="reason" if named else "lead",
        )
    return named, {"by": "person", "reason": reason, "designated": True}


def _without_words(chosen_by: Mapping[str, Any]) -> dict[str, Any]:
    """For the journal: what a person wrote stays in the assignment."""
    return {name: value for name, value in chosen_by.items() if name != "reason"}


# --- calling in, releasing, recalling ------------------------------------------------------------


@effect("call_in")
def call_in(deed: Deed) -> None:
    """More assisting units in the present round."""
    involved = {a.unit_id for a in deed.all_assignments if a.round == deed.incident.dispatch_round}
    units = list(deed.facts["units"])
    twice = [unit.shown_name for unit in units if unit.pk in involved]
    if twice:
        raise Refused(
            "already_involved",
            _("Already told to act in this round: %(units)s.") % {"units": ", ".join(twice)},
            422,
            field="units",
        )
    for unit in units:
        _assign(deed, unit, lead=False, chosen_by={"by": "person"})
    deed.data["units"] = [unit.pk for unit in units]


@guard("release")
def nobody_to_release(case: Case) -> Promise | None:
    """Only who still has something to answer can be released."""
    if all(a.replied_at for a in case.assisting):
        return _("No assisting unit waits to answer.")
    return None


@effect("release")
def release(deed: Deed) -> None:
    """An assisting unit need not answer any more."""
    unit: Organisation = deed.facts["unit"]
    for assignment in deed.assisting:
        if assignment.unit_id == unit.pk:
            assignment.withdrawn_at = deed.now
            assignment.save(update_fields=["withdrawn_at"])
    deed.data["unit"] = unit.pk


@effect("recall")
def recall(deed: Deed) -> None:
    """Take the case back from all its units, to be dispatched anew."""
    deed.data["unit"] = deed.incident.unit_id
    withdraw_units(deed)
    drop_open_ask(deed)
    deed.incident.unit = None


def withdraw_units(deed: Deed) -> None:
    """Nobody has to answer any more."""
    for assignment in deed.assignments:
        assignment.withdrawn_at = deed.now
        assignment.save(update_fields=["withdrawn_at"])


# --- many at once ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What became of one case of a bulk dispatch: the case as it is then, or why not."""

    number: str
    incident: Incident | None
    refused: Refused | None

    @property
    def sentence(self) -> str:
        return str(self.refused) if self.refused else ""


def dispatch_many(
    *,
    cases: Iterable[tuple[str, int | None]],
    by: Actor,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> list[Outcome]:
    """Dispatch many cases (number, version seen or None), each on its own: one that is refused stops no other.

    Without `facts` each goes to the unit that the rules name. A number that the actor does not see is
    refused like one that does not exist.
    """
    return [_one(number, version, by, now, facts or {}) for number, version in cases]


def _one(
    number: str, version: int | None, by: Actor, now: datetime, facts: Mapping[str, Any]
) -> Outcome:
    try:
        sent = take("dispatch", number=number, by=by, now=now, version=version, facts=facts)
    except Incident.DoesNotExist:
        return Outcome(number, None, Refused("unknown_case", _("There is no such case."), 404))
    except Refused as refused:
        return Outcome(number, None, refused)
    return Outcome(number, sent, None)
