"""The sweep of ladders. Run by any number of workers and beats, each rung of each clock fires once.

A worker claims ladders that nobody else holds (FOR UPDATE SKIP LOCKED), then locks case and clock, looks
whether the clock still runs towards the deadline that the plan was made for, and fires what is due in order; rung
and event are one transaction. What only reminds is done for hundreds of ladders at once, what changes
something for one after the other, so that a case whose rung cannot be done stops nobody else.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from accounts.actor import SYSTEM
from clocks.models import Clock
from escalation import plans
from escalation.choices import REMINDERS
from escalation.deeds import DEEDS, Firing, remind
from escalation.models import Ladder, Rung
from escalation.planning import begun
from escalation.rules import RuleBook
from escalation.stored import store
from incidents.deadlines import SUBJECT
from incidents.models import Incident
from journal.append import append

# Fired later than this after its moment, a rung is marked late. The beat comes every two seconds.
LATE = timedelta(minutes=5)
# A plan that the journal's reader has not brought up to the clock yet is looked at again so much later.
SOON = timedelta(seconds=5)
FAILED = "escalation.failed"
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)

log = logging.getLogger(__name__)


def climb(now: datetime, limit: int = 500) -> int:
    """Fire the reminders of up to `limit` ladders; how many were looked at. Call again while it returns `limit`."""
    with transaction.atomic():
        ladders = _claimed(now, limit, heavy=False)
        if not ladders:
            return 0
        try:
            with transaction.atomic():
                _fire_reminders(ladders, now)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - one of them is bad: they are done one by one
            log.warning("%s ladders are done one by one: %r", len(ladders), error)
            Ladder.objects.filter(pk__in=[ladder.pk for ladder in ladders]).update(heavy=True)
    return len(ladders)


def climb_one(now: datetime) -> int:
    """Fire all that is due on one ladder whose next rung changes something: 1, or 0 where there is none."""
    with transaction.atomic():
        for ladder in _claimed(now, 1, heavy=True):
            found = _locked([ladder])
            if found:
                _fire_one(*found[0], now)
            else:  # somebody is at the case: next time
                _look_later(ladder, now)
            return 1
    return 0


def _claimed(now: datetime, limit: int, *, heavy: bool) -> list[Ladder]:
    due = Ladder.objects.select_for_update(skip_locked=True).filter(next_at__lt=now, heavy=heavy)
    return list(due.order_by("next_at", "id")[:limit])


Standing = tuple[Ladder, Incident, Clock]


def _locked(ladders: Sequence[Ladder]) -> list[Standing]:
    """Ladders with their case and clock, locked in the house's order; not those at which somebody is."""
    cases = {
        case.pk: case
        for case in Incident.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk__in={ladder.incident_id for ladder in ladders})
        .defer("search", "text", "reporter_name", "reporter_phone")
        .order_by("pk")
    }
    clocks = {
        clock.pk: clock
        for clock in Clock.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk__in=[ladder.clock_id for ladder in ladders if ladder.incident_id in cases])
        .order_by("pk")
    }
    return [
        (ladder, cases[ladder.incident_id], clocks[ladder.clock_id])
        for ladder in ladders
        if ladder.clock_id in clocks and clocks[ladder.clock_id].subject_kind == SUBJECT
    ]


def _stands(ladder: Ladder, clock: Clock, now: datetime, calendars: plans.Calendars) -> bool:
    """Whether the plan is still the clock's; else the ladder ends, or waits for the journal's reader."""
    if not plans.runs(clock):
        plans.end(ladder, now)
        return False
    if not plans.suits(ladder, clock):
        ladder.next_at = now + SOON
        return False
    plans.put_off(ladder, clock, now, calendars.of(clock))
    return True


# --- reminders, many ladders at once ---------------------------------------------------------------


def _fire_reminders(ladders: Sequence[Ladder], now: datetime) -> None:
    firings: list[Firing] = []
    standing, calendars = _locked(ladders), plans.Calendars()
    for ladder, case, clock in standing:
        if not _stands(ladder, clock, now, calendars):
            continue
        rungs = plans.due(ladder, now)
        reminding = all(one.planned.rule.deed in REMINDERS for one in rungs)
        if reminding:
            firings += _firings(ladder, case, clock, rungs, now)
            ladder.fired = [*ladder.fired, *(one.planned.number for one in rungs)]
        plans.look_ahead(ladder)
        # Among several that are due, one changes something: then all are done together.
        ladder.heavy = ladder.heavy or not reminding
    events = remind(firings, now)
    Rung.objects.bulk_create(
        [_rung(firing, event.pk, now) for firing, event in zip(firings, events, strict=True)]
    )
    store([ladder for ladder, _case, _clock in standing])


def _firings(
    ladder: Ladder, case: Incident, clock: Clock, rungs: Sequence[plans.Next], now: datetime
) -> list[Firing]:
    found = [Firing(ladder, case, clock, one.planned, one.at, now - one.at > LATE) for one in rungs]
    for place, firing in enumerate(found):
        firing.quiet = any(
            later.audience == firing.audience for later in found[place + 1 :] if firing.audience
        )
        firing.missed = sum(before.audience == firing.audience for before in found[:place])
    return found


def _rung(firing: Firing, event_id: int, now: datetime) -> Rung:
    return Rung(
        ladder=firing.ladder,
        clock=firing.clock,
        number=firing.planned.number,
        deed=firing.planned.rule.deed,
        planned_at=firing.at,
        fired_at=now,
        late=firing.late,
        moved=firing.moved,
        event_id=event_id,
    )


# --- one ladder at a time --------------------------------------------------------------------------


@dataclass
class _Failure(Exception):
    """Which rung could not be done, and why; None where it could not even be planned."""

    number: int | None
    cause: Exception


def _fire_one(ladder: Ladder, case: Incident, clock: Clock, now: datetime) -> None:
    try:
        if not ladder.plan and plans.runs(clock):
            _plan_now(ladder, case, clock)
        if _stands(ladder, clock, now, plans.Calendars()):
            _fire_in_order(ladder, case, clock, now)
            ladder.failures, ladder.failed_at = 0, None
            plans.look_ahead(ladder)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - kept on the ladder, tried again, shown to administrators
        failure = error if isinstance(error, _Failure) else _Failure(None, error)
        _note(failure, ladder, clock, now)
    store([ladder])


def _plan_now(ladder: Ladder, case: Incident, clock: Clock) -> None:
    """A rule that could not be read may have been mended since."""
    fresh = begun(clock, case, RuleBook(), clock.started_at, plans.Calendars())
    if fresh is None:
        raise _Failure(None, LookupError("no rule"))
    if not fresh.plan:
        raise _Failure(None, ValueError("the rule cannot be read"))
    for name in ("plan", "due_at", "turns", "paused", "waits", "heavy", "next_at"):
        setattr(ladder, name, getattr(fresh, name))
    Ladder.objects.filter(pk=ladder.pk).update(rule=fresh.rule)


def _fire_in_order(ladder: Ladder, case: Incident, clock: Clock, now: datetime) -> None:
    """Each rung in a savepoint of its own: what fired before one that cannot be done stays."""
    for firing in _firings(ladder, case, clock, plans.due(ladder, now), now):
        try:
            with transaction.atomic():
                event = DEEDS[firing.planned.rule.deed](firing, now)
                _rung(firing, event.pk, now).save(force_insert=True)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            raise _Failure(firing.planned.number, error) from error
        ladder.fired = [*ladder.fired, firing.planned.number]


def _note(failure: _Failure, ladder: Ladder, clock: Clock, now: datetime) -> None:
    """Keep why, and try again with growing pauses: a minute, two, four, at most six hours."""
    log.warning("Rung %s of clock %s failed: %r", failure.number, clock.pk, failure.cause)
    ladder.failures += 1
    ladder.failed_at = now
    ladder.next_at = now + min(_FIRST_PAUSE * 2 ** min(ladder.failures - 1, 20), _LONGEST_PAUSE)
    ladder.heavy = True
    # The first line only: databases name the row's content in the second.
    said = f"{type(failure.cause).__name__}: {failure.cause}".splitlines()[0][:300]
    Ladder.objects.filter(pk=ladder.pk).update(last_error=said)
    if ladder.failures == 1:
        append(
            FAILED,
            subject=clock.subject,
            area_code=clock.area_code,
            by=SYSTEM,
            now=now,
            data={
                "clock": clock.pk,
                "stage": clock.stage,
                "round": clock.round,
                "rung": failure.number,
            },
        )


def _look_later(ladder: Ladder, now: datetime) -> None:
    Ladder.objects.filter(pk=ladder.pk).update(next_at=now + SOON)
