"""Calling up (点名集结): who fits is called once, in teams, by a few statements in one transaction.

Everybody is called at one moment, so the clocks are the call-up's: one for answering, one for arriving. The notices go
out by the reader of the journal (`telling.py`); until they have, the call-up shows that they are pending.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.refusal import Refused
from emergency.choices import (
    AWAITED,
    DIGITS,
    LEADS,
    OUT,
    CalledState,
    CallUpState,
    EnrolmentState,
    Grouping,
    Stage,
)
from emergency.doors import ACTIVATIONS, CALL_UPS, ActivationMeeting, CallUpMeeting
from emergency.models import Activation, Called, CallUp, Enrolment, Team
from emergency.paces import pace_of
from emergency.teams import assembly_points
from incidents.querysets import within
from journal.append import Happening, append_many
from steps.door import show_open
from steps.numbering import next_number

_CALLING = 0x43414C4C  # one call-up at a time, in the whole city: a person is called to one place
BATCH = 1000


def callable_in(area_code: str, day: date) -> QuerySet[Enrolment]:
    """The enrolments in force on a local day in an area and below, of people who are not out already."""
    in_force = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
    out = Called.objects.filter(who=OuterRef("who"), state__in=OUT)
    active_account = Q(person=None) | Q(person__is_active=True)
    rows = Enrolment.objects.filter(in_force, active_account, state=EnrolmentState.ACTIVE)
    return rows.filter(within(area_code), ~Exists(out))


def chosen(activation: Activation, facts: Mapping[str, Any], day: date) -> QuerySet[Enrolment]:
    """Who fits the area, the kinds and the skills; the ticked ones where any are ticked."""
    rows = callable_in(facts.get("area") or activation.area_code, day)
    if facts.get("kinds"):
        rows = rows.filter(kind__in=facts["kinds"])
    if facts.get("skills"):
        rows = rows.filter(skills__overlap=facts["skills"])
    if facts.get("people"):
        rows = rows.filter(number__in=facts["people"])
    return rows


@ACTIVATIONS.effect("call_up")
def call_up(m: ActivationMeeting) -> None:
    """Call whoever was chosen. Raises Refused where nobody is left to call."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CALLING])
    people = _each_once(chosen(m.record, m.facts, m.today).select_related("person").order_by("id"))
    if not people:
        raise Refused(
            "nobody_to_call",
            _("Nobody is left to call: no enrolled person fits, or all who do are out already."),
            409,
        )
    made = _record(m, len(people))
    teams = _form_teams(made, people)
    _call_each(made, teams, people, m.now)
    _start_clocks(made, m)
    _tell_journal(made, teams.values(), m)
    m.data.update(call_up=made.pk, count=made.people)


def _each_once(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    """One enrolment for each person, the first one: somebody may be enrolled twice."""
    return list({one.who: one for one in reversed(list(enrolments))}.values())[::-1]


def _record(m: ActivationMeeting, people: int) -> CallUp:
    pace = pace_of(m.record.level)
    answer = m.facts["answer_minutes"] or pace.answer_minutes
    arrive = m.facts["arrive_minutes"] or pace.arrive_minutes
    return CallUp.objects.create(
        number=next_number("DJ", "emergency_number", m.now),
        state=CallUpState.CALLING,
        area_code=m.record.area_code,
        activation=m.record,
        grouping=m.facts["grouping"],
        message=m.facts["message"],
        called_by_id=m.by.user_id,
        called_at=m.now,
        called_again_at=m.now,
        updated_at=m.now,
        people=people,
        answer_minutes=answer,
        arrive_minutes=arrive,
        above_minutes=pace.above_minutes,
        again_minutes=pace.again_minutes,
        answer_by=m.now + timedelta(minutes=answer),
        arrive_by=m.now + timedelta(minutes=arrive),
    )


# --- teams -----------------------------------------------------------------------------------------


def _form_teams(made: CallUp, people: Sequence[Enrolment]) -> dict[str, Team]:
    """A team for each community or grid, with a leader out of its own people and the middle of its area."""
    members: dict[str, list[Enrolment]] = defaultdict(list)
    for one in people:
        members[team_code(made, one.area_code)].append(one)
    points = assembly_points(members.keys())
    teams = [
        Team(call_up=made, area_code=code, leader_id=_leader(its), **points.get(code, {}))
        for code, its in sorted(members.items())
    ]
    Team.objects.bulk_create(teams, batch_size=BATCH)
    return {team.area_code: team for team in teams}


def team_code(made: CallUp, area_code: str) -> str:
    """The area whose team somebody belongs to; never above where they are enrolled."""
    digits = DIGITS[Grouping(made.grouping)]
    return area_code[:digits] if digits else made.area_code


def _leader(members: Sequence[Enrolment]) -> int | None:
    """A member with an account, cadres first."""
    able = [one for one in members if one.person_id]
    first = min(able, key=lambda one: list(LEADS).index(one.kind), default=None)  # type: ignore[arg-type]
    return first.person_id if first else None


# --- people ----------------------------------------------------------------------------------------


def _call_each(
    made: CallUp, teams: Mapping[str, Team], people: Sequence[Enrolment], now: datetime
) -> None:
    rows = [
        Called(
            number=f"{made.number}-{place:04d}",
            state=CalledState.CALLED,
            area_code=one.area_code,
            call_up=made,
            team=teams[team_code(made, one.area_code)],
            enrolment=one,
            person_id=one.person_id,
            who=one.who,
            updated_at=now,
        )
        for place, one in enumerate(people, start=1)
    ]
    Called.objects.bulk_create(rows, batch_size=BATCH)


def _start_clocks(made: CallUp, m: ActivationMeeting) -> None:
    meeting = CALL_UPS.meet(made, m.by, m.now)
    for stage in (Stage.ANSWER, Stage.ARRIVE):
        CALL_UPS.start_clock(meeting, stage)
    show_open(made, (CALL_UPS.subject, made.pk))
    made.save(update_fields=["due_at", "amber_at"])


def _tell_journal(made: CallUp, teams: Iterable[Team], m: ActivationMeeting) -> None:
    """One event for the call-up and one for each team, so that each leader is told of their own."""
    common = {
        "subject": (CALL_UPS.subject, made.pk),
        "area_code": made.area_code,
        "by": m.by,
        "now": m.now,
        "post": m.post,
    }
    called = {"count": made.people, "call": 1, "activation": m.record.pk, "version": 1}
    happenings = [Happening(verb="call_up.called", data=called, **common)]  # type: ignore[arg-type]
    for team in teams:
        data = {"team": team.pk, "team_area": team.area_code, "leader": team.leader_id}
        happenings.append(Happening(verb="call_up.team_formed", data=data, **common))  # type: ignore[arg-type]
    append_many(happenings)


# --- the missing, once more ------------------------------------------------------------------------


def missing(call_up: CallUp, now: datetime) -> QuerySet[Called]:
    """Whoever has not answered, and whoever should be there by now and is not."""
    silent = Q(state=CalledState.CALLED)
    if now > call_up.arrive_by:
        silent |= Q(state__in=AWAITED)
    return Called.objects.filter(silent, call_up=call_up)


@CALL_UPS.guard("again")
def called_just_now(m: CallUpMeeting) -> str | Promise | None:
    """Not more often than the level says."""
    next_at = m.record.called_again_at + timedelta(minutes=m.record.again_minutes)
    if m.now >= next_at:
        return None
    return _("The missing may be called again every %(n)s minutes; the last call is younger.") % {
        "n": m.record.again_minutes
    }


@CALL_UPS.guard("again")
def nobody_is_missing(m: CallUpMeeting) -> str | Promise | None:
    """There must be somebody."""
    if missing(m.record, m.now).exists():
        return None
    return gettext_lazy("Nobody is missing: all have answered, and nobody is late.")


@CALL_UPS.effect("again")
def call_again(m: CallUpMeeting) -> None:
    """The missing get the number of this call; the reader of the journal tells exactly those."""
    m.record.calls += 1
    m.record.called_again_at, m.record.told_at = m.now, None
    m.record.answer_by = m.now + timedelta(minutes=m.record.answer_minutes)
    count = missing(m.record, m.now).update(calls=m.record.calls)
    m.data.update(call=m.record.calls, count=count)
