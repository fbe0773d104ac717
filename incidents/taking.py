"""The one door through which a case moves.

`@effect("step")` registers what a step does to the case, `@guard("step")` what must hold before; both stand in
the file named after what happens.
"""

from django.db.models import QuerySet

from accounts.actor import Actor
from config.refusal import Refused
from incidents import deadlines
from incidents.case import Case
from incidents.choices import ENDS, Stage, State
from incidents.history import last_step_said
from incidents.lifecycle import STEPS
from incidents.models import Incident, Remark
from incidents.querysets import WRITE, visible_to
from incidents.step_forms import FORMS
from steps.door import Door, Kind, NotYours, Timed, written
from steps.forms import FactsRefused
from steps.table import Step
from steps.timing import DUE

__all__ = [
    "DOOR",
    "FactsRefused",
    "NotYours",
    "available",
    "effect",
    "form_for",
    "guard",
    "take",
]


class CaseDoor(Door[Incident, Case]):
    subject, table, forms, states, ends = deadlines.SUBJECT, STEPS, FORMS, State, ENDS
    model, meeting, write_scope = Incident, Case, WRITE
    related = ("item", "limit", "unit", "centre")
    due_fields = (*DUE, "due_stage")

    def seen_by(self, actor: Actor) -> QuerySet[Incident]:
        return visible_to(actor)

    def timed(self, m: Case, stage: str) -> Timed:
        return deadlines.timed(m.incident, Stage(stage))

    def extension(self, m: Case, stage: str) -> Timed:
        return deadlines.extension(m.incident)

    def _show_open(self, record: Incident) -> None:
        deadlines.show_open(record)

    def _remark(self, m: Case) -> dict[str, int]:
        text = written(m.facts, ("text", "reason", "note"))
        if not text:
            return {}
        kept = Remark.objects.create(incident=m.incident, text=text, written_at=m.now)
        return {"remark": kept.pk}

    def _kind(self, step: Step, refusal: Refused) -> Kind:
        addable = bool(FORMS[step.code].photos) and "photo" in refusal.code
        return "photo" if addable else "guard"

    def _last_said(self, m: Case) -> str:
        return last_step_said(m.incident, m.by)


DOOR = CaseDoor()
take, available, form_for = DOOR.take, DOOR.available, DOOR.form_for
effect, guard = DOOR.effect, DOOR.guard
