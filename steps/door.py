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

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Generic, Literal, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.actor import Actor, HeldPost
from config.refusal import Refused, SomebodyWasFirst
from journal.append import append
from journal.models import Event
from steps.forms import FactsRefused, StepForm
from steps.history import last_step_said
from steps.meeting import Meeting
from steps.models import Moving
from steps.remarks import WORDS, keep_words, written
from steps.table import Step
from steps.timing import DUE, Clocks, Timed, follow_moved, ids_of, show_open

__all__ = [
    "WORDS",
    "Door",
    "NotYours",
    "Offer",
    "Timed",
    "hands_said",
    "keep_words",
    "show_open",
    "written",
]

R = TypeVar("R", bound=Moving)
M = TypeVar("M", bound="Meeting[Any]")


class NotYours(Refused, PermissionDenied):
    """403: the record may be seen, but the step is in other hands."""

    def __init__(self, step: Step) -> None:
        super().__init__("not_in_your_hands", hands_said(step), 403)


def hands_said(step: Step) -> str:
    """In whose hands the step is, as a sentence."""
    hands = ", ".join(dict.fromkeys(str(held) for held in step.held_by))
    return _("“%(step)s” is in the hands of: %(hands)s.") % {"step": step.label, "hands": hands}


Kind = Literal["", "state", "hands", "guard", "photo"]


@dataclass(frozen=True)
class Offer:
    """A step as this actor meets it now. `why_not` is a sentence, empty where the step is allowed.

    `kind` says what stands against it: the `state`, other `hands`, a `guard`, or only a `photo` that can be added
    beside the step's form; empty where nothing does. `part` is what within the record the step is about, where a room
    knows such steps.
    """

    step: Step
    allowed: bool
    why_not: str = ""
    kind: Kind = ""
    part: Any = None


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
    due_fields: ClassVar[tuple[str, ...]] = DUE  # what `_show_open` copies

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

    def extension(self, m: M, stage: str) -> Timed | None:
        """By how much a step extends a stage. Here: by its time once more."""
        return self.timed(m, stage)

    def focus(self, m: M, given: Mapping[str, Any]) -> None:
        """Before hands are asked: what within the record the step is about, as `given` (not validated yet) says.

        Here: nothing, a step is about the whole record.
        """

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
            self.focus(m, facts or {})
            m.post = self._demanded_post(m, row)
            self._demand_guards(m, row)
            m.facts = self._valid_facts(m, facts or {})
            before = _columns(m.record)
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
            % {"last": self._last_said(m)}
        )

    def _demand_state(self, m: M) -> None:
        assert m.step is not None
        if m.record.state not in m.step.sources:
            said = f"{self.states_said(m.step)} {self._last_said(m)}"
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
        self._move_state(m, step)
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

    def _move_state(self, m: M, step: Step) -> None:
        m.record.state = step.to or m.record.state

    def _move_clocks(self, m: M, step: Step) -> None:
        if step.moves:
            self._clocks(m).move(step.moves)
            self._show_open(m.record)

    def _clocks(self, m: M) -> Clocks:
        return Clocks(
            subject=(self.subject, m.record.pk),
            area_code=m.record.area_code,
            now=m.now,
            timed=partial(self.timed, m),
            longer=partial(self.extension, m),
        )

    def _show_open(self, record: R) -> None:
        show_open(record, (self.subject, record.pk))

    def start_clock(self, m: M, stage: str) -> None:
        """Start a new round of a stage's clock, where the room gives it a time."""
        self._clocks(m).start(stage)

    def follow_moved(self, reader: str) -> int:
        """Read the journal for deadlines that an edited calendar moved, and copy them onto their records; how many
        events. `reader` is the name under which the journal remembers how far it was read."""
        return follow_moved(reader, self._moved, self._show_open, self.due_fields)

    def _moved(self, events: Sequence[Event]) -> QuerySet[R]:
        """The records whose clocks the events are about."""
        return self.model._default_manager.filter(pk__in=ids_of(self.subject, events))

    def _write(self, record: R, before: Mapping[str, Any]) -> None:
        """Write what changed, where state and version are still what they were."""
        after = _columns(record)
        changed = {n: v for n, v in after.items() if n not in before or before[n] != v}
        seen = {name: before[name] for name in ("state", "version")}
        if not self.model._default_manager.filter(pk=record.pk, **seen).update(**changed):
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
        offers = [offer for step in steps for offer in self._offers(m, step)]
        return sorted(offers, key=lambda offer: not offer.allowed)

    def _offers(self, m: M, step: Step) -> Sequence[Offer]:
        return [self._offer(m, step)]

    def _offer(self, m: M, step: Step) -> Offer:
        if m.record.state not in step.sources:
            return Offer(step, False, self.states_said(step), "state")
        if m.hold(step, self.write_scope) is False:
            return Offer(step, False, hands_said(step), "hands")
        refusal = self._first_refusal(m, step)
        if refusal is not None:
            return Offer(step, False, str(refusal), self._kind(step, refusal))
        return Offer(step, True)

    def _kind(self, step: Step, refusal: Refused) -> Kind:
        """What a refusal of `_first_refusal` stands for."""
        return "guard"

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

    def _last_said(self, m: M) -> str:
        """As `last_said`, to the one who meets the record."""
        return self.last_said(m.record)


def _columns(record: Moving) -> dict[str, Any]:
    """The columns that were read, as they are now; lists and documents as copies, since effects may change them."""
    names = [field.attname for field in record._meta.concrete_fields if not field.generated]
    here = {name: record.__dict__[name] for name in names if name in record.__dict__}
    return {
        name: deepcopy(value) if isinstance(value, list | dict) else value
        for name, value in here.items()
    }
