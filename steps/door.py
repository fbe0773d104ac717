"""The one door through which records of one kind move: allowed, locked, checked, done, timed, written, journaled.

    class MatterDoor(Door[Matter, MatterMeeting]):
        subject, table, forms, states, ends = "unowned", STEPS, FORMS, State, ENDS
        model, meeting, write_scope = Matter, MatterMeeting, WRITE

        def seen_by(self, actor): return visible_to(actor)

    DOOR = MatterDoor()

    @DOOR.effect("adjudicate")
    def adjudicate(m: MatterMeeting) -> None: ...

Effects and guards stand in the file named after what happens. Everything is one transaction; locks are taken record,
clocks, journal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Literal, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.actor import Actor, HeldPost
from clocks import running
from clocks.allowance import Allowance
from config.refusal import Refused, SomebodyWasFirst
from journal.append import append
from steps.forms import FactsRefused, StepForm
from steps.history import last_step_said
from steps.meeting import Meeting
from steps.models import Moving, Remark
from steps.table import Step

R = TypeVar("R", bound=Moving)
M = TypeVar("M", bound="Meeting[Any]")


class NotYours(Refused, PermissionDenied):
    """403: the record may be seen, but the step is in other hands."""

    def __init__(self, step: Step) -> None:
        super().__init__("not_in_your_hands", hands_said(step), 403)


def hands_said(step: Step) -> str:
    """In whose hands the step is, as a sentence."""
    hands = ", ".join(dict.fromkeys(str(hand.label) for hand in step.hands))
    return _("“%(step)s” is in the hands of: %(hands)s.") % {"step": step.label, "hands": hands}


@dataclass(frozen=True)
class Timed:
    """How long a stage may take, the rule that says so, and the organisation that it runs against."""

    allowance: Allowance
    rule: str
    unit_id: int | None


@dataclass(frozen=True)
class Offer:
    """A step as this actor meets it now. `why_not` is a sentence, empty where the step is allowed.

    `kind` says what stands against it: the `state`, other `hands`, or a `guard`; empty where nothing does.
    """

    step: Step
    allowed: bool
    why_not: str = ""
    kind: Literal["", "state", "hands", "guard"] = ""


class Door(Generic[R, M]):
    """See the head of this file. `subject` is the record's name in the journal and on clocks."""

    subject: ClassVar[str]
    table: ClassVar[Mapping[str, Step]]
    forms: ClassVar[Mapping[str, type[StepForm]]]
    states: ClassVar[type[models.TextChoices]]
    ends: ClassVar[frozenset[Any]]
    write_scope: ClassVar[str]
    model: type[R]
    meeting: type[M]
    related: ClassVar[tuple[str, ...]] = ()  # read along with the record

    def __init__(self) -> None:
        self._effects: dict[str, Callable[[M], None]] = {}
        self._guards: dict[str, list[Callable[[M], str | Promise | None]]] = {}

    # --- what a room says of its records ---------------------------------------------------------

    def seen_by(self, actor: Actor) -> QuerySet[R]:
        """The records that an actor sees: the room's `visible_to`."""
        raise NotImplementedError

    def timed(self, m: M, stage: str) -> Timed | None:
        """How long a stage may take; None where it has no clock."""
        raise NotImplementedError

    # --- registering -----------------------------------------------------------------------------

    def effect(self, *steps: str) -> Callable[[Callable[[M], None]], Callable[[M], None]]:
        """Register what `steps` do. A step without an effect only moves the state and the clocks."""

        def register(act: Callable[[M], None]) -> Callable[[M], None]:
            for step in steps:
                assert step in self.table, step
                assert step not in self._effects, step
                self._effects[step] = act
            return act

        return register

    def guard(
        self, *steps: str
    ) -> Callable[[Callable[[M], str | Promise | None]], Callable[[M], str | Promise | None]]:
        """Register what must hold before `steps`: None, or the sentence that says why it may not be.

        The function's name is the refusal's code. Guards are asked in the order of registration.
        """

        def register(
            check: Callable[[M], str | Promise | None],
        ) -> Callable[[M], str | Promise | None]:
            for step in steps:
                assert step in self.table, step
                self._guards.setdefault(step, []).append(check)
            return check

        return register

    # --- taking a step ---------------------------------------------------------------------------

    def take(
        self,
        step: str,
        *,
        number: str,
        by: Actor,
        now: datetime,
        version: int | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> R:
        """Take one step of the table with the record `number`, and return the record as it is then.

        `now` is aware. `version` is the one that was seen (None: whatever it is now). `facts` is what was typed or
        sent; the step's form validates it. Raises the model's DoesNotExist where the actor does not see the record,
        NotYours (403), SomebodyWasFirst (409), Refused (409: state or guard), FactsRefused (422).
        """
        row = self.step_named(step)
        with transaction.atomic():
            m = self.meeting(self._locked(number, by), by, now, step=row)
            self.demand_role(m, row)
            self._demand_version(m, version)
            self._demand_state(m)
            m.post = self._demanded_post(m, row)
            self._demand_guards(m, row)
            m.facts = self._valid_facts(m, facts or {})
            before = {"state": m.record.state, "version": m.record.version}
            if step in self._effects:
                self._effects[step](m)
            self._settle(m, row, before)
            done: R = m.record
        return done

    def step_named(self, code: str) -> Step:
        """The row of the table. Raises Refused `unknown_step`."""
        if code not in self.table:
            raise Refused("unknown_step", _("There is no step of this name."), 404)
        return self.table[code]

    def meet(self, record: R, by: Actor, now: datetime) -> M:
        """The record as this actor meets it, outside any step."""
        return self.meeting(record, by, now)

    def _locked(self, number: str, by: Actor) -> R:
        rows = self.seen_by(by).select_for_update(of=("self",))
        return rows.select_related(*self.related).get(number=number)

    def demand_role(self, m: M, step: Step) -> None:
        """Pass whoever could ever take the step; without the permission nothing is told about the state.

        Raises NotYours (403).
        """
        if not m.could(step, self.write_scope):
            raise NotYours(step)

    def _demand_version(self, m: M, version: int | None) -> None:
        assert m.step is not None
        if version is None or m.step.whatever_version or m.record.version == version:
            return
        raise SomebodyWasFirst(
            _("Somebody was first. %(last)s What you typed is kept; nothing was changed.")
            % {"last": self.last_said(m.record)}
        )

    def _demand_state(self, m: M) -> None:
        assert m.step is not None
        if m.record.state not in m.step.sources:
            said = f"{self.states_said(m.step)} {self.last_said(m.record)}"
            raise Refused("not_in_this_state", said, 409)

    def _demanded_post(self, m: M, step: Step) -> HeldPost | None:
        found = m.hold(step, self.write_scope)
        if found is False:
            raise NotYours(step)
        return found if isinstance(found, HeldPost) else None

    def _demand_guards(self, m: M, step: Step) -> None:
        refusal = self._first_refusal(m, step)
        if refusal is not None:
            raise refusal

    def _first_refusal(self, m: M, step: Step) -> Refused | None:
        for check in self._guards.get(step.code, ()):
            sentence = check(m)
            if sentence is not None:
                return Refused(check.__name__.strip("_"), sentence, 409)
        return None

    def _valid_facts(self, m: M, facts: Mapping[str, Any]) -> dict[str, Any]:
        assert m.step is not None
        form = self.forms[m.step.code](facts, meeting=m)
        if not form.is_valid():
            raise FactsRefused(form)
        return form.cleaned_data

    # --- it is done ------------------------------------------------------------------------------

    def _settle(self, m: M, step: Step, before: Mapping[str, Any]) -> None:
        """Move the clocks, write what changed if nobody else has, and tell the journal."""
        record = m.record
        record.state = step.to or record.state
        if record.state in self.ends:
            record.ended_at = record.ended_at or m.now
        self._move_clocks(m, step)
        record.version += 1
        record.updated_at = m.now
        self._write(record, before)
        append(
            step.verb,
            subject=(self.subject, record.pk),
            area_code=record.area_code,
            by=m.by,
            now=m.now,
            post=m.post,
            data={
                "from": before["state"],
                "to": record.state,
                "version": record.version,
                **self._remark(m),
                **m.data,
            },
        )

    def _move_clocks(self, m: M, step: Step) -> None:
        subject = (self.subject, m.record.pk)
        if stages := step.moves.get("stops"):
            running.stop(subject=subject, stages=stages, now=m.now)
        if stages := step.moves.get("cancels"):
            running.cancel(subject=subject, stages=stages, now=m.now)
        for stage in step.moves.get("starts", ()):
            self.start_clock(m, stage)
        if step.moves:
            show_open(m.record, subject)

    def start_clock(self, m: M, stage: str) -> None:
        """Start a new round of a stage's clock, where the room gives it a time."""
        timed = self.timed(m, stage)
        if timed is None:
            return
        subject = (self.subject, m.record.pk)
        running.start(
            subject=subject,
            stage=stage,
            round=running.next_round(subject, stage),
            allowance=timed.allowance,
            rule=timed.rule,
            area_code=m.record.area_code,
            unit_id=timed.unit_id,
            now=m.now,
        )

    def _write(self, record: R, before: Mapping[str, Any]) -> None:
        fields = [field for field in record._meta.concrete_fields if not field.primary_key]
        columns = {field.attname: getattr(record, field.attname) for field in fields}
        if not self.model._default_manager.filter(pk=record.pk, **before).update(**columns):
            raise SomebodyWasFirst

    def _remark(self, m: M) -> dict[str, int]:
        """What was written at this step, kept beside the journal and not in it."""
        kept = keep_words((self.subject, m.record.pk), m.facts, m.now)
        return {"remark": kept} if kept else {}

    # --- what may be done now ----------------------------------------------------------------------

    def available(self, record: R, actor: Actor, now: datetime) -> list[Offer]:
        """Every step that this actor's posts could ever take, allowed ones first, the others with the reason."""
        m = self.meeting(record, actor, now)
        steps = [step for step in self.table.values() if m.could(step, self.write_scope)]
        return sorted((self._offer(m, step) for step in steps), key=lambda o: not o.allowed)

    def _offer(self, m: M, step: Step) -> Offer:
        if m.record.state not in step.sources:
            return Offer(step, False, self.states_said(step), "state")
        if m.hold(step, self.write_scope) is False:
            return Offer(step, False, hands_said(step), "hands")
        refusal = self._first_refusal(m, step)
        if refusal is not None:
            return Offer(step, False, str(refusal), "guard")
        return Offer(step, True)

    def form_for(
        self,
        step: str,
        record: R,
        actor: Actor,
        now: datetime,
        data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> StepForm:
        """The form of a step: unbound to ask for its facts, bound to show them as typed."""
        m = self.meeting(record, actor, now)
        return self.forms[self.step_named(step).code](data, meeting=m, initial=initial)

    # --- words -------------------------------------------------------------------------------------

    def states_said(self, step: Step) -> str:
        """In which states the step is possible, as a sentence."""
        states = [str(state.label) for state in self.states if state in step.sources]
        return _("“%(step)s” is possible only while the state is: %(states)s.") % {
            "step": step.label,
            "states": ", ".join(states),
        }

    def last_said(self, record: R) -> str:
        """Who did what last, and where the record is now, as a sentence."""
        return last_step_said((self.subject, record.pk), str(self.states(record.state).label))


def keep_words(subject: tuple[str, int], facts: Mapping[str, Any], now: datetime) -> int | None:
    """Keep what was written (`text`, `reason`, `note`, `result`: the first that is there); the row's number."""
    text = next((facts[name] for name in WORDS if facts.get(name)), "")
    if not text:
        return None
    kind, pk = subject
    return Remark.objects.create(subject_kind=kind, subject_id=pk, text=text, written_at=now).pk


WORDS = ("text", "reason", "note", "result")


def show_open(record: Moving, subject: tuple[str, int]) -> None:
    """Copy the open deadline that comes first onto the record; nothing is saved."""
    timed = [clock for clock in running.open_clocks(subject) if clock.due_at is not None]
    first = min(timed, key=lambda clock: (clock.due_at, clock.pk), default=None)
    record.due_at = first.due_at if first else None
    record.amber_at = first.amber_at if first else None
