"""The end of a case: the reporter told, closed, rated or opened once more; or voided on the way."""

from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actor import SYSTEM, ActorKind
from config.refusal import Refused
from incidents.again import hand_back
from incidents.appeals import drop_open_appeal
from incidents.case import Case, Deed
from incidents.choices import Informed, PhotoKind, Satisfaction, State
from incidents.dispatch import withdraw_units
from incidents.limits import EVALUATE_AFTER_DAYS
from incidents.models import Incident
from incidents.requests_for_time import drop_open_ask
from incidents.taking import effect, guard, take

# --- telling and closing -----------------------------------------------------------------------------


@guard("inform", "close")
def not_verified(case: Case) -> Promise | None:
    """What must be looked at again is looked at before anybody is told that it is done."""
    if case.state is State.VERIFYING and not case.incident.check_passed:
        return _("The person sent to the spot has not answered yet.")
    if case.needs_check and not case.incident.check_passed:
        return _("Somebody must look at the spot first: send to verify.")
    return None


@guard("close")
def reporter_not_told(case: Case) -> Promise | None:
    """No reply, no close (条条有回音)."""
    if not case.incident.informed and not case.reporter_on_duty:
        return _("Tell the reporter first, and write down how.")
    return None


@guard("close")
def photos_missing(case: Case) -> Promise | None:
    """Danger is never closed without photos from before and after."""
    if case.is_dangerous and not (case.has_photo(PhotoKind.AFTER) and case.has_any_photo):
        return _("A dangerous matter is closed only with photos from before and after.")
    return None


@effect("inform")
def inform(deed: Deed) -> None:
    """How and when the reporter was told."""
    incident = deed.incident
    incident.informed, incident.informed_at = deed.facts["how"], deed.now
    deed.data["told"] = str(incident.informed)


@effect("close")
def close(deed: Deed) -> None:
    """Done, checked and told; staff who reported it see it themselves."""
    incident = deed.incident
    if not incident.informed:
        incident.informed, incident.informed_at = Informed.SELF, deed.now
    incident.closed_at = deed.now
    deed.data.update(
        told=str(incident.informed),
        checked=bool(incident.check_passed),
        standard=deed.item.closing_standards if deed.item else [],
    )


# --- what the reporter says ----------------------------------------------------------------------------


@effect("rate")
def rate(deed: Deed) -> None:
    """The reporter's own words end the case; what is not solved goes back instead, the first time."""
    facts, incident = deed.facts, deed.incident
    if not facts["solved"] and may_be_reopened(deed) is None:
        raise Refused(
            "reopen_instead",
            _("Not solved: reopen the case instead, and it goes back to the unit."),
            409,
        )
    incident.solved = facts["solved"]
    incident.satisfaction = facts["satisfaction"]
    incident.rating_text = facts["text"]
    incident.evaluated_at = deed.now
    deed.data.update(
        solved=incident.solved,
        satisfaction=str(incident.satisfaction),
        by_reporter=deed.by.kind is ActorKind.REPORTER or deed.is_reporter,
    )


@guard("reopen")
def may_be_reopened(case: Case) -> Promise | None:
    """Once."""
    if case.incident.reopened_count:
        return _("The case was reopened before; there is no second time.")
    return None


@effect("reopen")
def reopen(deed: Deed) -> None:
    """Not solved for the reporter: the unit has it once more, with its full limit."""
    incident = deed.incident
    drop_open_appeal(deed)
    incident.reopened_count += 1
    incident.closed_at = None
    deed.data["closed_at"] = None
    hand_back(deed)


@effect("evaluate")
def evaluate(deed: Deed) -> None:
    """Nobody said anything."""
    incident = deed.incident
    incident.satisfaction = Satisfaction.SILENT
    incident.evaluated_at = deed.now
    deed.data["satisfaction"] = Satisfaction.SILENT.value


@guard("evaluate")
def still_time_to_answer(case: Case) -> Promise | None:
    """The reporter has seven days."""
    closed_at = case.incident.closed_at
    if closed_at is not None and closed_at > case.now - timedelta(days=EVALUATE_AFTER_DAYS):
        return _("The reporter can still answer.")
    return None


def evaluate_silent(now: datetime, limit: int = 500) -> int:
    """Evaluate the closed cases about which nobody said anything for seven days; how many. Safe to run twice."""
    since = now - timedelta(days=EVALUATE_AFTER_DAYS)
    silent = Incident.objects.filter(state=State.CLOSED, closed_at__lte=since)
    return sum(
        _evaluated(number, now)
        for number in silent.order_by("closed_at").values_list("number", flat=True)[:limit]
    )


def _evaluated(number: str, now: datetime) -> bool:
    try:
        take("evaluate", number=number, by=SYSTEM, now=now)
    except Refused:  # somebody rated or reopened it this very moment
        return False
    return True


# --- voided ----------------------------------------------------------------------------------------------


@effect("withdraw", "take_back")
def withdraw(deed: Deed) -> None:
    """Void, never deleted: units are released, requests dropped, clocks cancelled."""
    withdraw_units(deed)
    drop_open_ask(deed)
    deed.data["unit"] = deed.incident.unit_id
