"""A unit asks for time: its leader approves, the dispatcher grants. Source: domain section 2.4, default A."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actor import SYSTEM
from accounts.roles import May
from clocks.calendar import SHANGHAI
from config.refusal import Refused
from incidents.case import Case, Deed
from incidents.choices import AskKind, AskState, Stage, State
from incidents.lifecycle import STEPS
from incidents.limits import MOST_EXTENSIONS
from incidents.models import Ask, Incident
from incidents.taking import effect, guard, take

# --- asking -----------------------------------------------------------------------------------------


@guard("ask_extension", "ask_suspension")
def another_request_is_open(case: Case) -> Promise | None:
    """One request at a time."""
    if case.open_ask is not None:
        return _("Another request of this unit waits for an answer.")
    return None


@guard("ask_extension")
def already_overdue(case: Case) -> Promise | None:
    """Time is asked for while there is some left."""
    clock = case.clock(Stage.HANDLE)
    if clock is not None and clock.due_at is not None and clock.due_at < case.now:
        return _("The deadline has passed: it cannot be extended any more.")
    return None


@guard("ask_extension")
def extended_often_enough(case: Case) -> Promise | str | None:
    """Only granted requests count."""
    if case.incident.extension_count >= MOST_EXTENSIONS:
        return _("Extended twice already; there is no third time.")
    return None


@guard("ask_suspension")
def suspended_before(case: Case) -> Promise | None:
    """Once is enough."""
    if case.incident.suspended_once:
        return _("A case is suspended once only, and this one was.")
    return None


@effect("ask_extension")
def ask_extension(deed: Deed) -> None:
    """The original limit once more, counted from the present deadline."""
    _ask(deed, Ask(kind=AskKind.EXTENSION))


@effect("ask_suspension")
def ask_suspension(deed: Deed) -> None:
    """No handling, and no deadline, until a day."""
    reason, until = deed.facts["suspension_reason"], deed.facts["until"]
    _ask(deed, Ask(kind=AskKind.SUSPENSION, suspension_reason=reason, until=until))
    deed.data.update(suspension_reason=reason, until=until.isoformat())


def _ask(deed: Deed, ask: Ask) -> None:
    assert deed.incident.unit_id is not None, "a case in handling has its unit"
    ask.incident, ask.unit_id = deed.incident, deed.incident.unit_id
    ask.reason, ask.asked_by_id, ask.asked_at = deed.facts["reason"], deed.by.user_id, deed.now
    ask.save()
    deed.data.update(ask=ask.pk, ask_kind=str(ask.kind))


# --- deciding ---------------------------------------------------------------------------------------


def _open_ask(case: Case) -> Ask:
    assert case.open_ask is not None, "guards demand an open request"
    return case.open_ask


@guard("drop_ask", "refuse_ask", "approve_ask", "grant_extension", "grant_suspension")
def no_request_is_open(case: Case) -> Promise | None:
    """There must be something to decide."""
    if case.open_ask is None:
        return _("No request for time waits for an answer.")
    return None


@guard("approve_ask")
def approved_already(case: Case) -> Promise | None:
    """The leader speaks first, and once."""
    if _open_ask(case).state != AskState.ASKED:
        return _("The unit's leader has approved the request; it waits for the dispatcher.")
    return None


@guard("grant_extension", "grant_suspension")
def leader_has_not_approved(case: Case) -> Promise | None:
    """Two levels: the unit's own leader comes before the dispatcher."""
    if _open_ask(case).state != AskState.APPROVED:
        return _("The request waits for the unit's leader to approve it.")
    return None


@guard("grant_extension")
def not_an_extension(case: Case) -> Promise | None:
    """What was asked for is granted, nothing else."""
    if _open_ask(case).kind != AskKind.EXTENSION:
        return _("The unit asks for a suspension, not for an extension.")
    return None


@guard("grant_suspension")
def not_a_suspension(case: Case) -> Promise | None:
    """What was asked for is granted, nothing else."""
    if _open_ask(case).kind != AskKind.SUSPENSION:
        return _("The unit asks for an extension, not for a suspension.")
    return None


@guard("grant_suspension")
def day_has_come(case: Case) -> Promise | None:
    """A suspension that would end before it begins is pointless."""
    until = _open_ask(case).until
    if until is not None and until <= case.today:
        return _("The day until which the suspension was to last has come. Refuse the request.")
    return None


@guard("refuse_ask")
def not_on_your_level(case: Case) -> Promise | None:
    """While it is asked the unit's leader says no, once approved the dispatcher does."""
    ask = _open_ask(case)
    may = May.APPROVE if ask.state == AskState.ASKED else May.DISPATCH
    hands = [hand for hand in STEPS["refuse_ask"].hands if hand.may is may]
    if any(case.post_for(hand) for hand in hands):
        return None
    if may is May.APPROVE:
        return _("The request waits for the unit's leader.")
    return _("The leader has approved the request; now the dispatcher decides.")


@effect("approve_ask")
def approve_ask(deed: Deed) -> None:
    """The unit's leader stands behind it."""
    ask = _open_ask(deed)
    ask.state = AskState.APPROVED
    ask.save(update_fields=["state"])
    deed.data.update(ask=ask.pk, ask_kind=str(ask.kind))


@effect("refuse_ask")
def refuse_ask(deed: Deed) -> None:
    """Not granted; it does not count."""
    _decide(deed, AskState.REFUSED)


@effect("drop_ask")
def drop_ask(deed: Deed) -> None:
    """The unit needs it no more."""
    _decide(deed, AskState.DROPPED)


@effect("grant_extension")
def grant_extension(deed: Deed) -> None:
    """The table extends the clock; the deadline must not have passed meanwhile."""
    _decide(deed, AskState.GRANTED)
    deed.incident.extension_count += 1
    deed.data["extensions"] = deed.incident.extension_count


@effect("grant_suspension")
def grant_suspension(deed: Deed) -> None:
    """The table pauses the clock, and the case waits for its day."""
    ask = _open_ask(deed)
    _decide(deed, AskState.GRANTED)
    incident = deed.incident
    incident.suspended_once = True
    incident.suspended_until = ask.until
    incident.suspension_reason = ask.suspension_reason
    incident.suspension_note = ask.reason[:200]
    assert ask.until is not None, "a suspension has its day"
    deed.data.update(until=ask.until.isoformat(), suspension_reason=ask.suspension_reason)


def _decide(deed: Deed, state: AskState) -> None:
    ask = _open_ask(deed)
    ask.state, ask.decided_at = state, deed.now
    ask.decision_note = deed.facts.get("note", "")
    ask.save(update_fields=["state", "decided_at", "decision_note"])
    deed.data.update(ask=ask.pk, ask_kind=str(ask.kind))


def drop_open_ask(deed: Deed) -> None:
    """A request that an answer, a return or a recall has overtaken."""
    if deed.open_ask is not None:
        deed.open_ask.state, deed.open_ask.decided_at = AskState.DROPPED, deed.now
        deed.open_ask.save(update_fields=["state", "decided_at"])
        deed.data["dropped_ask"] = deed.open_ask.pk


# --- going on -----------------------------------------------------------------------------------------


@effect("resume")
def resume(deed: Deed) -> None:
    """Handling goes on, with what was left of its time."""
    deed.data["until"] = (
        deed.incident.suspended_until.isoformat() if deed.incident.suspended_until else None
    )
    deed.incident.suspended_until = None


def resume_due(now: datetime, limit: int = 500) -> int:
    """Let the suspended cases whose day has come go on; how many did. Any number of workers may call it."""
    today = now.astimezone(SHANGHAI).date()
    due = Incident.objects.filter(state=State.SUSPENDED, suspended_until__lte=today)
    return sum(
        _resumed(number, now)
        for number in due.order_by("suspended_until").values_list("number", flat=True)[:limit]
    )


def _resumed(number: str, now: datetime) -> bool:
    try:
        take("resume", number=number, by=SYSTEM, now=now)
    except Refused:  # another worker, or a dispatcher, was first
        return False
    return True
