"""The one door through which a case moves: allowed, locked, checked, done, timed, written, journaled.

`@effect("step")` registers what a step does to the case, `@guard("step")` what must hold before; both stand in
the file named after what happens. Everything is one transaction; locks are taken case, clocks, journal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.actor import Actor, ActorKind, HeldPost
from config.refusal import Refused, SomebodyWasFirst
from incidents import deadlines
from incidents.case import Case, Deed
from incidents.choices import ENDS, State
from incidents.history import last_step_said
from incidents.lifecycle import STEPS, WHATEVER_VERSION, Hand, Step, Who
from incidents.models import Incident, Remark
from incidents.querysets import WRITE, visible_to
from incidents.step_forms import FORMS, FactsRefused, StepForm
from journal.append import append

__all__ = [
    "FactsRefused",
    "NotYours",
    "Offer",
    "available",
    "demand_role",
    "effect",
    "form_for",
    "guard",
    "hands_said",
    "states_said",
    "step_named",
    "take",
]

Effect = Callable[[Deed], None]
Guard = Callable[[Case], "str | Promise | None"]

_effects: dict[str, Effect] = {}
_guards: dict[str, list[Guard]] = {}


def effect(*steps: str) -> Callable[[Effect], Effect]:
    """Register what `steps` do. It changes `deed.incident` in memory and may write rows of its own."""

    def register(act: Effect) -> Effect:
        for step in steps:
            assert step in STEPS, step
            assert step not in _effects, step
            _effects[step] = act
        return act

    return register


def guard(*steps: str) -> Callable[[Guard], Guard]:
    """Register what must hold before `steps`: None, or the sentence that says why it may not be.

    The function's name is the refusal's code. Guards of a step are asked in the order of registration.
    """

    def register(check: Guard) -> Guard:
        for step in steps:
            assert step in STEPS, step
            _guards.setdefault(step, []).append(check)
        return check

    return register


class NotYours(Refused, PermissionDenied):
    """403: the case may be seen, but the step is in other hands."""

    def __init__(self, step: Step) -> None:
        super().__init__("not_in_your_hands", hands_said(step), 403)


def take(
    step: str,
    *,
    number: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Incident:
    """Take one step of the table with the case `number`, and return the case as it is then.

    `now` is aware. `version` is the one that was seen (None: whatever it is now). `facts` is what was typed
    or sent; the step's form validates it. Raises Incident.DoesNotExist where the actor does not see the
    case, NotYours (403), SomebodyWasFirst (409), Refused (409: state or guard; 422: facts), FactsRefused.
    """
    row = step_named(step)
    with transaction.atomic():
        deed = Deed(_locked(number, by), by, now, step=row)
        _demand_role(deed, row)
        _demand_version(deed, version)
        _demand_state(deed)
        deed.post = _demanded_post(deed)
        _demand_guards(deed)
        deed.facts = _valid_facts(deed, facts or {})
        before = _columns(deed.incident)
        _effects[step](deed)
        _settle(deed, before)
    return deed.incident


def step_named(code: str) -> Step:
    """The row of the table. Raises Refused `unknown_step`."""
    if code not in STEPS:
        raise Refused("unknown_step", _("There is no step of this name."), 404)
    return STEPS[code]


def _locked(number: str, by: Actor) -> Incident:
    return (
        visible_to(by)
        .select_for_update(of=("self",))
        .select_related("item", "limit", "unit", "centre")
        .get(number=number)
    )


# --- may it be done? ---------------------------------------------------------------------------


def demand_role(step: str, incident: Incident, actor: Actor, now: datetime) -> None:
    """Pass whoever could ever take the step with this case. Raises NotYours (403)."""
    _demand_role(Case(incident, actor, now), step_named(step))


def _demand_role(case: Case, step: Step) -> None:
    """The permission comes first: without it nothing is told about the case's state."""
    if not any(_holds(case, hand) for hand in step.hands):
        raise NotYours(step)


def _holds(case: Case, hand: Hand) -> bool:
    """Whether the actor could ever have this hand on a case, bonds aside."""
    by = case.by
    if by.is_system or hand.who is Who.SYSTEM:
        return by.is_system and hand.who is Who.SYSTEM
    if by.kind is ActorKind.CLIENT and WRITE not in by.scopes:
        return False
    return case.is_reporter if hand.may is None else bool(by.posts_with(hand.may))


def _demand_version(deed: Deed, version: int | None) -> None:
    if version is None or deed.step.code in WHATEVER_VERSION:
        return
    if deed.incident.version != version:
        raise SomebodyWasFirst(
            _("Somebody was first. %(last)s What you typed is kept; nothing was changed.")
            % {"last": last_step_said(deed.incident, deed.by)}
        )


def _demand_state(deed: Deed) -> None:
    if deed.state not in deed.step.sources:
        said = f"{states_said(deed.step)} {last_step_said(deed.incident, deed.by)}"
        raise Refused("not_in_this_state", said, 409)


def states_said(step: Step) -> str:
    """In which states the step is possible, as a sentence."""
    states = [str(state.label) for state in State if state in step.sources]
    return _("“%(step)s” is possible only while a case is: %(states)s.") % {
        "step": step.label,
        "states": ", ".join(states),
    }


def hands_said(step: Step) -> str:
    """In whose hands the step is, as a sentence."""
    hands = ", ".join(dict.fromkeys(str(hand.label) for hand in step.hands))
    return _("“%(step)s” is in the hands of: %(hands)s.") % {"step": step.label, "hands": hands}


def _demanded_post(deed: Deed) -> HeldPost | None:
    found = _post(deed, deed.step)
    if found is False:
        raise NotYours(deed.step)
    return found if isinstance(found, HeldPost) else None


def _post(case: Case, step: Step) -> HeldPost | bool:
    """The post under which the actor may take the step, True where none is needed, False where not."""
    held = (case.post_for(hand) for hand in step.hands if _holds(case, hand))
    return next((post for post in held if post is not False), False)


def _demand_guards(case: Deed) -> None:
    refusal = _first_refusal(case, case.step)
    if refusal is not None:
        raise refusal


def _first_refusal(case: Case, step: Step) -> Refused | None:
    for check in _guards.get(step.code, ()):
        sentence = check(case)
        if sentence is not None:
            return Refused(check.__name__.strip("_"), sentence, 409)
    return None


def _valid_facts(deed: Deed, facts: Mapping[str, Any]) -> dict[str, Any]:
    form = FORMS[deed.step.code](facts, case=deed)
    if not form.is_valid():
        raise FactsRefused(form)
    return form.cleaned_data


# --- it is done ----------------------------------------------------------------------------------


def _columns(incident: Incident) -> dict[str, Any]:
    names = [field.attname for field in incident._meta.concrete_fields if not field.generated]
    return {name: incident.__dict__[name] for name in names if name in incident.__dict__}


def _settle(deed: Deed, before: Mapping[str, Any]) -> None:
    """Move the clocks, write what changed if nobody else has, and tell the journal."""
    incident, step = deed.incident, deed.step
    incident.state = step.to or incident.state
    if incident.state in ENDS:
        incident.ended_at = incident.ended_at or deed.now
    if step.moves:
        deadlines.move(incident, step.moves, deed.now)
        deadlines.show_open(incident)
    incident.version += 1
    incident.updated_at = deed.now
    after = _columns(incident)
    changed = {name: value for name, value in after.items() if before[name] != value}
    seen = Incident.objects.filter(pk=incident.pk, state=before["state"], version=before["version"])
    if not seen.update(**changed):
        raise SomebodyWasFirst
    remark = _keep_words(deed)
    append(
        step.verb,
        subject=deadlines.subject_of(incident),
        area_code=incident.area_code,
        by=deed.by,
        now=deed.now,
        post=deed.post,
        data={
            "from": before["state"],
            "to": incident.state,
            "version": incident.version,
            **({"remark": remark} if remark else {}),
            **deed.data,
        },
    )


def _keep_words(deed: Deed) -> int | None:
    """What was written at this step, kept beside the journal and not in it."""
    text = next(
        (deed.facts[name] for name in ("text", "reason", "note") if deed.facts.get(name)), ""
    )
    if not text:
        return None
    return Remark.objects.create(incident=deed.incident, text=text, written_at=deed.now).pk


# --- what may be done now --------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """A step as this actor meets it now. `why_not` is a sentence, empty where the step is allowed.

    `kind` says what stands against it: the case's `state`, other `hands`, a `guard`, or only a `photo` that can
    be added beside the step's form; empty where nothing does.
    """

    step: Step
    allowed: bool
    why_not: str = ""
    kind: Literal["", "state", "hands", "guard", "photo"] = ""


def available(incident: Incident, actor: Actor, now: datetime) -> list[Offer]:
    """Every step that this actor's posts could ever take, allowed ones first, the others with the reason why not.

    Steps that belong to wholly other roles, and those that time takes by itself, are left out.
    """
    case = Case(incident, actor, now)
    steps = [s for s in STEPS.values() if any(_holds(case, hand) for hand in s.hands)]
    offers = [_offer(case, step) for step in steps]
    return sorted(offers, key=lambda offer: not offer.allowed)


def _offer(case: Case, step: Step) -> Offer:
    if case.state not in step.sources:
        return Offer(step, False, states_said(step), "state")
    if _post(case, step) is False:
        return Offer(step, False, hands_said(step), "hands")
    refusal = _first_refusal(case, step)
    if refusal is not None:
        addable = bool(FORMS[step.code].photos) and "photo" in refusal.code
        return Offer(step, False, str(refusal), "photo" if addable else "guard")
    return Offer(step, True)


def form_for(
    step: str,
    incident: Incident,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
) -> StepForm:
    """The form of a step for this case: unbound to ask for its facts, bound to show them as typed."""
    case = Case(incident, actor, now)
    return FORMS[step_named(step).code](data, case=case, initial=initial)
