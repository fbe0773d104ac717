"""The life of a whistle in one table: step, from, to, who, what it does to a unit and to that unit's clocks.

Pages, API and permissions are read off `STEPS`; `taking.take` is the only door through which a whistle moves.
Source: domain section 2.6. No source knows a whistle that is heard before it is approved, so none is: who may
approve an emergency may also draft, approve and blow it with one press.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import May
from steps.meeting import AREA
from steps.table import Hand, Step, row, table
from whistles.choices import BEFORE, HEARD, ON_THE_WAY, Stage, State, UnitState

OF_UNIT = "unit"  # the bond: of a summoned unit

STREET = Hand(May.BLOW, AREA, _("the street or community that blows"))
APPROVER = Hand(May.APPROVE_WHISTLE, AREA, _("the commander who approves"))
UNIT = Hand(May.COME, OF_UNIT, _("a summoned unit"))


@dataclass(frozen=True)
class WhistleStep(Step):
    """One row. `to` is None where the whistle's state follows from its units, or stays.

    `unit_from` names the states of the unit in which the step is possible; without it the step is about the
    whole whistle. `unit_to` is None where the unit's state stays. Its clocks are those of the unit that it is
    about, of all units where it is about none; `starts` holds where the type asks for the stage. Units' own steps
    take whatever version the whistle has, because units do not stand in each other's way.
    """

    unit_from: frozenset[UnitState] | None = None
    unit_to: UnitState | None = None

    @property
    def about_a_unit(self) -> bool:
        return self.unit_from is not None

    @property
    def leads_to(self) -> str:
        return self.to or "what follows from the units"


S, U, K = State, UnitState, Stage
_STANDING = frozenset(UnitState) - {UnitState.RELEASED}
_PLANNED = BEFORE | HEARD


def _row(
    code: str,
    verb: str,
    label: Promise,
    sources: set[State] | frozenset[State],
    to: State | None,
    *hands: Hand,
    unit_from: set[UnitState] | frozenset[UnitState] | None = None,
    unit_to: UnitState | None = None,
    **more: Any,
) -> WhistleStep:
    plain = row(code, verb, label, sources, to, *hands, whatever_version=hands == (UNIT,), **more)
    narrowed = None if unit_from is None else frozenset(unit_from)
    return WhistleStep(**vars(plain), unit_from=narrowed, unit_to=unit_to)


# fmt: off
STEPS = table(
    "whistle",
    # --- before it is heard
    _row("amend", "amended", pgettext_lazy("step", "Amend the draft"), {S.DRAFTED}, None, STREET),
    _row("approve", "approved", pgettext_lazy("step", "Approve"), {S.DRAFTED}, S.APPROVED, APPROVER),
    _row("blow", "blown", pgettext_lazy("step", "Blow the whistle"), {S.APPROVED}, S.BLOWN, STREET,
         starts=(K.SIGN, K.CHECK_IN), why="every unit's clocks begin"),
    # --- the units come
    _row("call_in", "unit_called_in", pgettext_lazy("step", "Summon another unit"), HEARD, None, STREET,
         why="its clocks begin now"),
    _row("sign", "signed", pgettext_lazy("step", "Sign for it"), HEARD, None, UNIT,
         unit_from={U.SUMMONED}, unit_to=U.SIGNED, stops=(K.SIGN,), starts=(K.CONTACT,)),
    _row("contact", "contacted", pgettext_lazy("step", "In contact with the street"), HEARD, None, UNIT,
         unit_from={U.SUMMONED, U.SIGNED}, unit_to=U.CONTACTED, stops=(K.SIGN, K.CONTACT),
         why="who contacts has signed"),
    _row("check_in", "checked_in", pgettext_lazy("step", "Check in on the spot"), HEARD, None, UNIT,
         unit_from=ON_THE_WAY, unit_to=U.CHECKED_IN, stops=(K.SIGN, K.CONTACT, K.CHECK_IN),
         why="person, time and position; who is there has signed"),
    _row("object", "objected", pgettext_lazy("step", "Object to the summons"), HEARD, None, UNIT,
         unit_from=ON_THE_WAY, starts=(K.OBJECTION,), why="once; until it is answered the unit must come"),
    _row("uphold", "upheld", pgettext_lazy("step", "Uphold the summons"), HEARD, None, STREET,
         unit_from=_STANDING, stops=(K.OBJECTION,)),
    _row("release", "released", pgettext_lazy("step", "Release the unit"), HEARD, None, STREET,
         unit_from=_STANDING, unit_to=U.RELEASED, stops=(K.OBJECTION,),
         cancels=(K.SIGN, K.CONTACT, K.CHECK_IN), why="counts as not summoned"),
    # --- on the spot
    _row("start", "started", pgettext_lazy("step", "Begin to handle"), HEARD, None, UNIT,
         unit_from={U.CHECKED_IN}, unit_to=U.HANDLING),
    _row("plan", "planned", pgettext_lazy("step", "Add to the plan"), _PLANNED, None, STREET),
    _row("tick", "milestone_done", pgettext_lazy("step", "Tick off a milestone"), HEARD, None, STREET, UNIT,
         why="the street, or the unit whose milestone it is"),
    _row("deliver", "delivered", pgettext_lazy("step", "Deliver the result"), HEARD, None, UNIT,
         unit_from={U.CHECKED_IN, U.HANDLING}, unit_to=U.DELIVERED),
    _row("send_back", "sent_back", pgettext_lazy("step", "Send back to the unit"), HEARD, None, STREET,
         unit_from={U.DELIVERED}, unit_to=U.HANDLING, why="the result will not do"),
    _row("leave", "left", pgettext_lazy("step", "Leave the spot"), HEARD | {S.EVALUATED}, None, UNIT,
         unit_from={U.CHECKED_IN, U.HANDLING, U.DELIVERED},
         why="the lead unit only when the street has confirmed, where the whistle says so"),
    # --- the street judges
    _row("confirm", "confirmed", pgettext_lazy("step", "Confirm that it is done"), HEARD, S.DELIVERED, STREET,
         cancels=(K.SIGN, K.CONTACT, K.CHECK_IN), why="every unit has come, or its time to come is over"),
    _row("evaluate", "evaluated", pgettext_lazy("step", "Evaluate the units"), {S.DELIVERED}, S.EVALUATED, STREET,
         why="a grade and a text for each unit, at once"),
    _row("close", "closed", pgettext_lazy("step", "Close the whistle"), {S.EVALUATED}, S.CLOSED, STREET),
    _row("cancel", "cancelled", pgettext_lazy("step", "Cancel the whistle"), _PLANNED, S.CANCELLED, STREET,
         APPROVER, cancels=tuple(Stage), why="the reason is kept"),
)
# fmt: on
