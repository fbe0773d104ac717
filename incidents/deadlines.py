"""What a step does to the clocks of a case, and the copy of the next deadline that lists sort by."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from clocks import running
from clocks.marks import MOVED
from clocks.models import Clock
from incidents.choices import ASKS, Stage, State
from incidents.lifecycle import Moves
from incidents.limits import handling_allowance, limit_of
from incidents.models import Incident
from journal.models import Event
from journal.readers import follow

SUBJECT = "incident"


def subject_of(incident: Incident) -> running.Subject:
    return (SUBJECT, incident.pk)


def move(incident: Incident, moves: Moves, now: datetime) -> None:
    """Do to the clocks what the table says. The case is locked; clocks are locked here, in one order."""
    subject = subject_of(incident)
    if stages := moves.get("stops"):
        running.stop(subject=subject, stages=stages, now=now)
    if stages := moves.get("cancels"):
        running.cancel(subject=subject, stages=stages, now=now)
    if stages := moves.get("pauses"):
        running.pause(subject=subject, stages=stages, now=now)
    if stages := moves.get("resumes"):
        running.resume(subject=subject, stages=stages, now=now)
    for stage in moves.get("extends", ()):
        _extend(incident, stage, now)
    for stage in moves.get("reopens", ()):
        running.reopen(subject=subject, stage=stage, now=now)
    for stage in moves.get("goes_on", ()):
        _go_on(incident, stage, now)
    for stage in moves.get("starts", ()):
        start(incident, stage, now, round=running.next_round(subject, stage))


def start(incident: Incident, stage: Stage, now: datetime, *, round: int) -> Clock:  # noqa: A002
    """Start the clock of a stage with its full allowance, for the unit whose turn it is."""
    allowance, rule = limit_of(stage, incident)
    return running.start(
        subject=subject_of(incident),
        stage=stage,
        round=round,
        allowance=allowance,
        rule=rule,
        area_code=incident.area_code,
        unit_id=_unit_of(incident, stage),
        now=now,
    )


def _unit_of(incident: Incident, stage: Stage) -> int | None:
    """Whose lateness it is: the lead unit's while it has the case, else the centre's."""
    if stage in (Stage.RECEIVE, Stage.HANDLE):
        return incident.unit_id
    if stage is Stage.ASK and incident.state == State.HANDLING:
        return incident.unit_id  # its own leader speaks first
    return incident.centre_id


def _go_on(incident: Incident, stage: Stage, now: datetime) -> None:
    subject = subject_of(incident)
    went_on = running.resume(
        subject=subject, stages=(stage,), unit_id=_unit_of(incident, stage), now=now
    )
    if not went_on:
        start(incident, stage, now, round=running.next_round(subject, stage))


def _extend(incident: Incident, stage: Stage, now: datetime) -> None:
    running.extend(
        subject=subject_of(incident),
        stage=stage,
        allowance=handling_allowance(incident),
        rule=f"extension:{incident.extension_count}",
        now=now,
    )


def show(incident: Incident, clocks: Sequence[Clock]) -> None:
    """Copy the deadline that comes first onto the case; nothing is saved. That of a request is not the case's own."""
    timed = [clock for clock in clocks if clock.due_at is not None and clock.stage not in ASKS]
    first = min(timed, key=lambda clock: (clock.due_at, clock.pk), default=None)
    incident.due_at = first.due_at if first else None
    incident.amber_at = first.amber_at if first else None
    incident.due_stage = first.stage if first else ""


def show_open(incident: Incident) -> None:
    """As `show`, with the clocks that are open now."""
    show(incident, running.open_clocks(subject_of(incident)))


def follow_moved() -> int:
    """Read the journal for deadlines that an edited calendar moved, and copy them onto their cases."""
    return follow("incidents.deadlines", _copy_moved, verbs={MOVED})


def _copy_moved(events: Sequence[Event]) -> None:
    ids = sorted({int(e.subject_id) for e in events if e.subject_kind == SUBJECT})
    with transaction.atomic():
        for incident in Incident.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
            show_open(incident)
            incident.save(update_fields=["due_at", "amber_at", "due_stage"])
