"""How long each stage of a case is given, whom it runs against, and the next deadline that lists sort by."""

from collections.abc import Sequence
from datetime import datetime

from clocks import running
from clocks.models import Clock
from incidents.choices import ASKS, Stage, State
from incidents.limits import handling_allowance, limit_of
from incidents.models import Incident
from steps.timing import Timed, first_due

SUBJECT = "incident"


def subject_of(incident: Incident) -> running.Subject:
    return (SUBJECT, incident.pk)


def start(incident: Incident, stage: Stage, now: datetime, *, round: int) -> Clock:  # noqa: A002
    """Start the clock of a stage with its full allowance, for the unit whose turn it is."""
    settled = timed(incident, stage)
    return running.start(
        subject=subject_of(incident),
        stage=stage,
        round=round,
        allowance=settled.allowance,
        rule=settled.rule,
        area_code=incident.area_code,
        unit_id=settled.unit_id,
        now=now,
    )


def timed(incident: Incident, stage: Stage) -> Timed:
    """How long a stage may take, and for the unit whose turn it is."""
    allowance, rule = limit_of(stage, incident)
    return Timed(allowance, rule, _unit_of(incident, stage))


def extension(incident: Incident) -> Timed:
    """By how much handling is extended: by its limit once more."""
    rule = f"extension:{incident.extension_count}"
    return Timed(handling_allowance(incident), rule, incident.unit_id)


def _unit_of(incident: Incident, stage: Stage) -> int | None:
    """Whose lateness it is: the lead unit's while it has the case, else the centre's."""
    if stage in (Stage.RECEIVE, Stage.HANDLE):
        return incident.unit_id
    if stage is Stage.ASK and incident.state == State.HANDLING:
        return incident.unit_id  # its own leader speaks first
    return incident.centre_id


def show(incident: Incident, clocks: Sequence[Clock]) -> None:
    """Copy the deadline that comes first onto the case; nothing is saved. That of a request is not the case's own."""
    first = first_due(clock for clock in clocks if clock.stage not in ASKS)
    incident.due_at = first.due_at if first else None
    incident.amber_at = first.amber_at if first else None
    incident.due_stage = first.stage if first else ""


def show_open(incident: Incident) -> None:
    """As `show`, with the clocks that are open now."""
    show(incident, running.open_clocks(subject_of(incident)))
