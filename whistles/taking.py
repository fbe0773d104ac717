"""The one door through which a whistle moves, and the parts of its units with it.

A step may be about one unit's part. Then it is in the hands of that unit or of the street, it asks for the unit's
state, moves that and the unit's own clocks, and the state of the whole whistle follows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actor import Actor
from config.refusal import Refused
from journal.models import Event
from steps.door import Door, Kind, NotYours, Offer, hands_said, written
from steps.table import Step
from steps.timing import ids_of
from whistles import deadlines
from whistles.call import Call
from whistles.choices import ENDS, HEARD, State, UnitState
from whistles.lifecycle import STEPS, UNIT, WhistleStep
from whistles.models import Note, Summons, Whistle
from whistles.querysets import WRITE, visible_to
from whistles.step_forms import FORMS

__all__ = ["DOOR", "SUBJECT", "NotYours", "available", "effect", "guard", "take"]

SUBJECT = "whistle"


class WhistleDoor(Door[Whistle, Call]):
    """`facts["unit"]` is the code of the unit that a step is about, where the street takes it or the actor acts for
    several."""

    subject, table, forms, states, ends = SUBJECT, STEPS, FORMS, State, ENDS
    model, meeting, write_scope = Whistle, Call, WRITE
    related = ("type", "street")

    def seen_by(self, actor: Actor) -> QuerySet[Whistle]:
        return visible_to(actor)

    # --- which unit is meant -------------------------------------------------------------------------

    def focus(self, m: Call, given: Mapping[str, Any]) -> None:
        """Raises Refused `unit_unclear` (422), NotYours (403)."""
        assert m.step is not None
        row = STEPS[m.step.code]
        if row.about_a_unit:
            m.part = _part_meant(m, row, str(given.get("unit") or ""))
            m.data.update(unit=m.part.unit_id, summons=m.part.pk)

    def _demand_guards(self, m: Call, step: Step) -> None:
        wrong = _unit_refusal(m, step)
        if wrong is not None:
            raise Refused(wrong.code, f"{wrong} {self._last_said(m)}", 409)
        super()._demand_guards(m, step)

    def _first_refusal(self, m: Call, step: Step) -> Refused | None:
        return _unit_refusal(m, step) or super()._first_refusal(m, step)

    def _kind(self, step: Step, refusal: Refused) -> Kind:
        return "state" if refusal.code == WRONG_UNIT_STATE else "guard"

    def _offers(self, m: Call, step: Step) -> Sequence[Offer]:
        """A step about a unit is offered for each unit that it can be about."""
        row = STEPS[step.code]
        if m.state not in row.sources or not row.about_a_unit:
            return super()._offers(m, step)
        parts = _parts_in_reach(m, row)
        if not parts:
            return [Offer(step, False, hands_said(step), "hands")]
        return [replace(self._offer(m.about(part), step), part=part) for part in parts]

    # --- it is done ------------------------------------------------------------------------------------

    def _move_state(self, m: Call, step: Step) -> None:
        """What the table says; else, once it is heard, what follows from the units."""
        if m.part is not None:
            m.part.state = STEPS[step.code].unit_to or m.part.state
        super()._move_state(m, step)
        if step.to is None and m.state in HEARD:
            m.record.state = m.derived_state

    def _move_clocks(self, m: Call, step: Step) -> None:
        about = [m.part] if m.part is not None else m.standing
        if step.moves:
            deadlines.move(m.whistle, about, step.moves, m.now)
        if m.part is not None:
            m.part.save()
        self._show_open(m.whistle)

    def _show_open(self, record: Whistle) -> None:
        deadlines.show_open(record)

    def _moved(self, events: Sequence[Event]) -> QuerySet[Whistle]:
        parts = ids_of(deadlines.SUBJECT, events)
        touched = Whistle.objects.filter(summonses__in=parts)
        return Whistle.objects.filter(pk__in=touched.values("pk"))

    def _remark(self, m: Call) -> dict[str, int]:
        text = written(m.facts, ("reason", "note", "result"))
        if not text:
            return {}
        return {"note": Note.objects.create(whistle=m.whistle, text=text, written_at=m.now).pk}


WRONG_UNIT_STATE = "unit_not_in_this_state"


def _parts_in_reach(call: Call, row: WhistleStep) -> list[Summons]:
    return call.own if UNIT in row.hands else call.standing


def _part_meant(call: Call, row: WhistleStep, code: str) -> Summons:
    mine = _parts_in_reach(call, row)
    if UNIT in row.hands and not mine:
        raise NotYours(row)
    chosen = [one for one in mine if not code or one.unit.code == code]
    if len(chosen) == 1:
        return chosen[0]
    raise Refused("unit_unclear", _("Say which of the summoned units is meant."), 422, field="unit")


def _unit_refusal(call: Call, step: Step) -> Refused | None:
    part, wanted = call.part, STEPS[step.code].unit_from
    if part is None or wanted is None or part.state in wanted:
        return None
    said = _("“%(step)s”: %(unit)s is “%(state)s”; it must be: %(states)s.") % {
        "step": step.label,
        "unit": part.unit.shown_name,
        "state": UnitState(part.state).label,
        "states": ", ".join(str(state.label) for state in UnitState if state in wanted),
    }
    return Refused(WRONG_UNIT_STATE, said, 409)


DOOR = WhistleDoor()
take, available = DOOR.take, DOOR.available
effect, guard = DOOR.effect, DOOR.guard
