"""Unanswered and absent move up by themselves: to the team's leader, and if that does not help to the commander.

A reading of the journal: the sweep marks the call-up's clock and appends `clock.overdue`; here the missing are marked,
and told of, in the transaction that moves the reader's cursor. The next clock gives the leaders their time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse

from accounts.actor import SYSTEM
from accounts.roles import Role
from clocks.calendar import SHANGHAI
from clocks.marks import OVERDUE
from emergency.choices import AWAITED, CalledState, CallUpState, Stage
from emergency.doors import CALL_UPS
from emergency.models import Called, CallUp, Team
from incidents.telling import Staff
from journal.append import append
from journal.models import Event
from journal.readers import follow
from notices.tell import tell
from steps.door import show_open

READER = "emergency.moving_up"
_ABOVE = {Stage.ANSWER: Stage.ANSWER_ABOVE, Stage.ARRIVE: Stage.ARRIVE_ABOVE}
_ANSWERING = (Stage.ANSWER, Stage.ANSWER_ABOVE)


def move_up(now: datetime, limit: int = 500) -> int:
    """Read the next missed deadlines and carry them up; the number of events read.

    Any number of workers may call it: one reads at a time, and cursor, marks and notices move together.
    """
    return follow(READER, partial(_move_all, now), verbs={OVERDUE}, limit=limit)


def _move_all(now: datetime, events: Sequence[Event]) -> None:
    about = [event for event in events if event.subject_kind == CALL_UPS.subject]
    ids = {int(event.subject_id) for event in about}
    rows = CallUp.objects.select_for_update(of=("self",)).select_related("activation")
    locked = {one.pk: one for one in rows.filter(pk__in=ids).order_by("pk")}
    staff = Staff(now.astimezone(SHANGHAI).date())
    for event in about:
        call_up = locked.get(int(event.subject_id))
        if call_up is not None and call_up.state == CallUpState.CALLING:
            _move(call_up, Stage(event.data["stage"]), staff, now)


def _move(call_up: CallUp, stage: Stage, staff: Staff, now: datetime) -> None:
    """Mark whoever is missing; tell the leaders (the commander of teams without one), the second time the commander."""
    lost = _lost(call_up, stage)
    if stage in _ABOVE:
        _mark(lost, stage)
    teams = list(Team.objects.filter(pk__in=lost.values("team_id")).order_by("pk"))
    if not teams:
        return
    if stage in _ABOVE:
        CALL_UPS.start_clock(CALL_UPS.meet(call_up, SYSTEM, now), _ABOVE[stage])
        show_open(call_up, (CALL_UPS.subject, call_up.pk))
        call_up.save(update_fields=["due_at", "amber_at"])
        _tell_leaders(call_up, teams, stage, now)
        teams = [team for team in teams if team.leader_id is None]
    if teams:
        _tell_commander(call_up, teams, stage, staff, now)


def _lost(call_up: CallUp, stage: Stage) -> QuerySet[Called]:
    """Who has not answered; or who should be there and is not."""
    states = {CalledState.CALLED} if stage in _ANSWERING else AWAITED
    return Called.objects.filter(call_up=call_up, state__in=states)


def _mark(lost: QuerySet[Called], stage: Stage) -> None:
    field = "answer_in_time" if stage is Stage.ANSWER else "arrive_in_time"
    lost.filter(**{field: None}).update(**{field: False})


def _tell_leaders(call_up: CallUp, teams: Iterable[Team], stage: Stage, now: datetime) -> None:
    for team in teams:
        if team.leader_id is not None:
            _tell(call_up, [team], stage, [team.leader_id], now)


def _tell_commander(
    call_up: CallUp, teams: Sequence[Team], stage: Stage, staff: Staff, now: datetime
) -> None:
    people = set(staff.in_charge(call_up.area_code, Role.COMMANDER))
    people |= {call_up.called_by_id} - {None}  # type: ignore[arg-type]
    _tell(call_up, teams, stage, sorted(people), now)


def _tell(
    call_up: CallUp, teams: Sequence[Team], stage: Stage, people: Sequence[int], now: datetime
) -> None:
    """One event and its notices: how many of these teams are missing."""
    count = _lost(call_up, stage).filter(team__in=teams).count()
    kind = "call_up.unanswered" if stage in _ANSWERING else "call_up.absent"
    facts = {"count": count, "team_areas": [team.area_code for team in teams][:20]}
    event = append(
        kind,
        subject=(CALL_UPS.subject, call_up.pk),
        area_code=call_up.area_code,
        by=SYSTEM,
        now=now,
        data={**facts, "teams": [team.pk for team in teams], "stage": str(stage)},
    )
    link = reverse("emergency:call_up", args=[call_up.number])
    tell(event, people, kind=kind, facts={**facts, "number": call_up.number}, link=link, now=now)
