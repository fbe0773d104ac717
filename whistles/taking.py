"""The one door through which a whistle moves: allowed, locked, checked, done, timed, written, journaled.

`@effect("step")` registers what a step does, `@guard("step")` what must hold before; both stand in the file named
after what happens. Everything is one transaction; locks are taken whistle, clocks, journal.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.actor import Actor, ActorKind
from config.refusal import Refused, SomebodyWasFirst
from journal.append import append
from steps.forms import FactsRefused
from whistles import deadlines
from whistles.call import Call, Deed
from whistles.choices import ENDS, HEARD, State, UnitState
from whistles.history import last_step_said
from whistles.lifecycle import STEPS, UNIT, Step
from whistles.models import Note, Summons, Whistle
from whistles.querysets import WRITE, visible_to
from whistles.step_forms import FORMS, WhistleForm

SUBJECT = "whistle"
Effect = Callable[[Deed], None]
Guard = Callable[[Call], "str | Promise | None"]

_effects: dict[str, Effect] = {}
_guards: dict[str, list[Guard]] = {}


def effect(*steps: str) -> Callable[[Effect], Effect]:
    """Register what `steps` do. It changes `deed.whistle` and `deed.part` in memory."""

    def register(act: Effect) -> Effect:
        for step in steps:
            assert step in STEPS, step
            assert step not in _effects, step
            _effects[step] = act
        return act

    return register


def guard(*steps: str) -> Callable[[Guard], Guard]:
    """Register what must hold before `steps`: None, or the sentence that says why it may not be.

    The function's name is the refusal's code.
    """

    def register(check: Guard) -> Guard:
        for step in steps:
            assert step in STEPS, step
            _guards.setdefault(step, []).append(check)
        return check

    return register


class NotYours(Refused, PermissionDenied):
    """403: the whistle may be seen, but the step is in other hands."""

    def __init__(self, step: Step) -> None:
        super().__init__("not_in_your_hands", hands_said(step), 403)


def step_named(code: str) -> Step:
    """The row of the table. Raises Refused `unknown_step`."""
    if code not in STEPS:
        raise Refused("unknown_step", _("There is no step of this name."), 404)
    return STEPS[code]


def take(
    step: str,
    *,
    number: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Whistle:
    """Take one step of the table with the whistle `number`, and return the whistle as it is then.

    `now` is aware. `version` is the one that was seen (None: whatever it is now); units' own steps do not ask for
    it, because units do not stand in each other's way. `facts["unit"]` is the code of the unit that the step is
    about, where the street takes it or the actor acts for several. Raises Whistle.DoesNotExist where the actor
    does not see it, NotYours (403), SomebodyWasFirst (409), Refused (409: state or guard; 422: facts).
    """
    row, given = step_named(step), facts or {}
    with transaction.atomic():
        deed = Deed(_locked(number, by), by, now, step=row)
        demand_role(deed, row)
        _demand_version(deed, version)
        _demand_state(deed)
        deed.part = part_meant(deed, row, str(given.get("unit") or ""))
        _demand_hand(deed)
        _demand_unit_state(deed)
        refusal = _first_refusal(deed, row)
        if refusal is not None:
            raise refusal
        deed.facts = _valid_facts(deed, given)
        before = {"state": deed.whistle.state, "version": deed.whistle.version}
        _effects[step](deed)
        _settle(deed, before)
    return deed.whistle


def _locked(number: str, by: Actor) -> Whistle:
    seen = visible_to(by).select_for_update(of=("self",)).select_related("type", "street")
    return seen.get(number=number)


# --- may it be done? ---------------------------------------------------------------------------------


def demand_role(call: Call, step: Step) -> None:
    """Pass whoever could ever take the step. Raises NotYours (403)."""
    if not _could(call, step):
        raise NotYours(step)


def _could(call: Call, step: Step) -> bool:
    if call.by.kind is ActorKind.CLIENT and WRITE not in call.by.scopes:
        return False
    return any(call.by.posts_with(hand.may) for hand in step.hands)


def _demand_version(deed: Deed, version: int | None) -> None:
    if version is None or deed.step.is_units_own or deed.whistle.version == version:
        return
    raise SomebodyWasFirst(
        _("Somebody was first. %(last)s What you typed is kept; nothing was changed.")
        % {"last": last_step_said(deed.whistle)}
    )


def _demand_state(deed: Deed) -> None:
    if deed.state not in deed.step.sources:
        said = f"{states_said(deed.step)} {last_step_said(deed.whistle)}"
        raise Refused("not_in_this_state", said, 409)


def part_meant(call: Call, step: Step, code: str) -> Summons | None:
    """The summons that the step is about. Raises Refused (422) where it is not clear, NotYours (403)."""
    if not step.about_a_unit:
        return None
    mine = call.own if UNIT in step.hands else call.standing
    if UNIT in step.hands and not mine:
        raise NotYours(step)
    chosen = [one for one in mine if not code or one.unit.code == code]
    if len(chosen) == 1:
        return chosen[0]
    raise Refused("unit_unclear", _("Say which of the summoned units is meant."), 422, field="unit")


def _demand_hand(deed: Deed) -> None:
    posts = (deed.post_for(hand) for hand in deed.step.hands)
    deed.post = next((post for post in posts if post is not None), None)
    if deed.post is None:
        raise NotYours(deed.step)


def _demand_unit_state(deed: Deed) -> None:
    part, wanted = deed.part, deed.step.unit_from
    if part is not None and wanted is not None and part.state not in wanted:
        said = f"{unit_states_said(deed.step, part)} {last_step_said(deed.whistle)}"
        raise Refused("unit_not_in_this_state", said, 409)


def _first_refusal(call: Call, step: Step) -> Refused | None:
    for check in _guards.get(step.code, ()):
        sentence = check(call)
        if sentence is not None:
            return Refused(check.__name__.strip("_"), sentence, 409)
    return None


def _valid_facts(deed: Deed, facts: Mapping[str, Any]) -> dict[str, Any]:
    form = FORMS[deed.step.code](facts, call=deed)
    if not form.is_valid():
        raise FactsRefused(form)
    return form.cleaned_data


def states_said(step: Step) -> str:
    """In which states the step is possible, as a sentence."""
    return _("“%(step)s” is possible only while a whistle is: %(states)s.") % {
        "step": step.label,
        "states": ", ".join(str(state.label) for state in State if state in step.sources),
    }


def unit_states_said(step: Step, part: Summons) -> str:
    """In which states of the unit the step is possible, as a sentence."""
    wanted = step.unit_from or frozenset()
    return _("“%(step)s”: %(unit)s is “%(state)s”; it must be: %(states)s.") % {
        "step": step.label,
        "unit": part.unit.shown_name,
        "state": UnitState(part.state).label,
        "states": ", ".join(str(state.label) for state in UnitState if state in wanted),
    }


def hands_said(step: Step) -> str:
    """In whose hands the step is, as a sentence."""
    hands = ", ".join(str(hand.label) for hand in step.hands)
    return _("“%(step)s” is in the hands of: %(hands)s.") % {"step": step.label, "hands": hands}


# --- it is done --------------------------------------------------------------------------------------


def _settle(deed: Deed, before: Mapping[str, Any]) -> None:
    """Move the unit and the clocks, write what changed if nobody else has, and tell the journal."""
    whistle, step, part = deed.whistle, deed.step, deed.part
    if part is not None:
        part.state = step.unit_to or part.state
    if step.moves:
        about = [part] if part is not None else deed.standing
        deadlines.move(whistle, about, step.moves, deed.now)
    if part is not None:
        part.save()
    whistle.state = _state_after(deed)
    if whistle.state in ENDS:
        whistle.ended_at = deed.now
    deadlines.show_open(whistle)
    _write(deed, before)
    _tell_journal(deed, before["state"])


def _state_after(deed: Deed) -> State:
    """What the table says; else, once it is heard, what follows from the units."""
    if deed.step.to is not None:
        return deed.step.to
    return deed.derived_state if deed.state in HEARD else deed.state


def _write(deed: Deed, before: Mapping[str, Any]) -> None:
    whistle = deed.whistle
    whistle.version += 1
    whistle.updated_at = deed.now
    fields = [field for field in whistle._meta.concrete_fields if not field.primary_key]
    columns = {field.attname: getattr(whistle, field.attname) for field in fields}
    if not Whistle.objects.filter(pk=whistle.pk, **before).update(**columns):
        raise SomebodyWasFirst


def _tell_journal(deed: Deed, before: str) -> None:
    whistle, part = deed.whistle, deed.part
    note = keep_words(whistle, deed.facts, deed.now)
    append(
        deed.step.verb,
        subject=(SUBJECT, whistle.pk),
        area_code=whistle.area_code,
        by=deed.by,
        now=deed.now,
        post=deed.post,
        data={
            "from": before,
            "to": whistle.state,
            "version": whistle.version,
            **({"unit": part.unit_id, "summons": part.pk} if part is not None else {}),
            **({"note": note} if note else {}),
            **deed.data,
        },
    )


def keep_words(whistle: Whistle, facts: Mapping[str, Any], now: datetime) -> int | None:
    """What was written at a step, kept beside the journal and not in it."""
    text = next((facts[name] for name in ("reason", "note", "result") if facts.get(name)), "")
    return Note.objects.create(whistle=whistle, text=text, written_at=now).pk if text else None


# --- what may be done now ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """A step as this actor meets it now. `why_not` is a sentence, empty where the step is allowed.

    `kind` says what stands against it: the `state`, other `hands`, or a `guard`; empty where nothing does.
    """

    step: Step
    part: Summons | None
    allowed: bool
    why_not: str = ""
    kind: Literal["", "state", "hands", "guard"] = ""


def available(whistle: Whistle, actor: Actor, now: datetime) -> list[Offer]:
    """Every step that this actor's posts could ever take, allowed ones first, the others with the reason why not.

    A step about a unit is offered for each unit that it can be about.
    """
    call = Call(whistle, actor, now)
    steps = [step for step in STEPS.values() if _could(call, step)]
    offers = [offer for step in steps for offer in _offers(call, step)]
    return sorted(offers, key=lambda offer: not offer.allowed)


def _offers(call: Call, step: Step) -> Sequence[Offer]:
    if call.state not in step.sources:
        return [Offer(step, None, False, states_said(step), "state")]
    if not step.about_a_unit:
        return [_offer(call, step, None)]
    parts = call.own if UNIT in step.hands else call.standing
    if not parts:
        return [Offer(step, None, False, hands_said(step), "hands")]
    return [_offer(call, step, part) for part in parts]


def _offer(call: Call, step: Step, part: Summons | None) -> Offer:
    meant = Call(call.whistle, call.by, call.now, part)
    meant.__dict__["summonses"] = call.summonses
    if all(meant.post_for(hand) is None for hand in step.hands):
        return Offer(step, part, False, hands_said(step), "hands")
    if part is not None and step.unit_from is not None and part.state not in step.unit_from:
        return Offer(step, part, False, unit_states_said(step, part), "state")
    refusal = _first_refusal(meant, step)
    if refusal is not None:
        return Offer(step, part, False, str(refusal), "guard")
    return Offer(step, part, True)


def form_for(
    step: str,
    whistle: Whistle,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    unit: str = "",
) -> WhistleForm:
    """The form of a step: unbound to ask for its facts, bound to show them as typed."""
    call = Call(whistle, actor, now)
    return FORMS[step_named(step).code](data, call=call, initial={"unit": unit})
