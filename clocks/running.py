"""Starting, stopping, pausing, resuming and extending clocks.

The caller is in a transaction and has locked the subject's row. Each call locks every open clock of the
subject, in the order of their ids, before anything is written to the journal: subject, clocks, journal is
the order everywhere, and the sweep keeps it too.
"""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clocks.allowance import MINUTE, Allowance
from clocks.calendar import CalendarEnds, WorkingCalendar
from clocks.calendars import calendar_for
from clocks.choices import AllowanceKind, Outcome
from clocks.marks import append_marks, marks_due
from clocks.models import Clock
from clocks.reckon import HistoryEntry, Turn, reckon
from config.refusal import Refused

Subject = tuple[str, int]


def start(
    *,
    subject: Subject,
    stage: str,
    round: int = 1,  # noqa: A002 - the trade's word
    allowance: Allowance,
    rule: str,
    area_code: str,
    unit_id: int | None = None,
    now: datetime,
) -> Clock:
    """Start the clock of a stage. `rule` says where the allowance comes from.

    A deadline past the last published day does not stop the case: the clock runs without one until the
    year is imported. IntegrityError if this stage's round has a clock already.
    """
    clock = Clock(
        subject_kind=subject[0],
        subject_id=subject[1],
        stage=stage,
        round=round,
        area_code=area_code,
        unit_id=unit_id,
        allowance_value=allowance.value,
        allowance_kind=allowance.kind,
        rule=rule,
        started_at=now,
        run_from=now,
    )
    settle(clock, calendar_for(area_code), now)
    clock.save(force_insert=True)
    return clock


def open_clocks(subject: Subject) -> list[Clock]:
    """The subject's running and paused clocks, the oldest first."""
    return list(_open(subject).order_by("started_at", "id"))


def stop(*, subject: Subject, stages: Collection[str] | None = None, now: datetime) -> list[Clock]:
    """Stop the clocks of these stages (all, where None): met, or missed if the deadline has passed.

    A deadline that passed before the sweep came by is marked and journaled here, so none passes unseen.
    After the last published day it cannot be judged yet and is pending.
    """
    stopped = _locked(subject, stages)
    marks = [mark for clock in stopped for mark in marks_due(clock, now, late_only=True)]
    for clock in stopped:
        _stop(clock, _judged(clock, now), now)
    append_marks(marks)
    return stopped


def cancel(
    *, subject: Subject, stages: Collection[str] | None = None, now: datetime
) -> list[Clock]:
    """Stop clocks whose stage has lost its meaning (withdrawn, sent elsewhere): neither met nor missed,
    except that a deadline which had passed stays a fact."""
    cancelled = _locked(subject, stages)
    marks = [mark for clock in cancelled for mark in marks_due(clock, now, late_only=True)]
    for clock in cancelled:
        _stop(clock, Outcome.CANCELLED, now)
    append_marks(marks)
    return cancelled


def pause(*, subject: Subject, stages: Collection[str] | None = None, now: datetime) -> list[Clock]:
    """Hold the running clocks; the paused ones stay as they are. What is left is kept exactly."""
    held = [clock for clock in _locked(subject, stages) if clock.paused_at is None]
    for clock in held:
        clock.paused_at = now
        _turn(clock, HistoryEntry(Turn.PAUSED, now), now)
    return held


def resume(
    *,
    subject: Subject,
    stages: Collection[str] | None = None,
    unit_id: int | None = None,
    now: datetime,
) -> list[Clock]:
    """Let the paused clocks run on with what they had left; for `unit_id`, where another unit takes over."""
    freed = [clock for clock in _locked(subject, stages) if clock.paused_at is not None]
    for clock in freed:
        clock.paused_at = None
        clock.unit_id = unit_id or clock.unit_id
        _turn(clock, HistoryEntry(Turn.RESUMED, now), now)
    return freed


def extend(
    *, subject: Subject, stage: str, allowance: Allowance, rule: str, now: datetime
) -> Clock:
    """Move the deadline of a running clock by `allowance`, counted from the deadline that it has.

    Raises Refused where no clock runs, where it is paused, or where the deadline has passed.
    """
    clock = next(iter(reversed(_locked(subject, {stage}))), None)
    if clock is None:
        raise Refused("no_clock_runs", _("No deadline is running that could be extended."), 409)
    if clock.paused_at is not None:
        raise Refused(
            "clock_paused", _("A paused deadline cannot be extended; resume it first."), 409
        )
    if clock.missed_at is not None or (clock.due_at is not None and clock.due_at < now):
        raise Refused("clock_overdue", _("The deadline has passed; it cannot be extended."), 409)
    _turn(clock, HistoryEntry(Turn.EXTENDED, now, allowance, rule), now)
    return clock


def exempt(*, subject: Subject, stages: Collection[str], unit_id: int) -> list[Clock]:
    """Spare a unit's missed clocks of these stages the statistic; that they were missed, and when, stays a fact."""
    missed = Clock.objects.filter(
        subject_kind=subject[0],
        subject_id=subject[1],
        stage__in=stages,
        unit_id=unit_id,
        outcome=Outcome.MISSED,
    )
    spared = list(missed.select_for_update().order_by("id"))
    for clock in spared:
        clock.outcome = Outcome.EXEMPTED
        clock.save(update_fields=["outcome"])
    return spared


def reopen(*, subject: Subject, stage: str, now: datetime) -> Clock:
    """Start the next round of a stopped stage with the deadline of the last one: rework buys no time.

    Start, allowance and history are carried over, so an edited calendar moves the new round as it would have
    moved the old one; what was told about the old deadline is not told again. Raises Refused where the
    stage never had a clock.
    """
    last = _rounds(subject, stage).last()
    if last is None:
        raise Refused("no_clock_ran", _("No deadline ever ran for this stage."), 409)
    if last.paused_at is not None:  # it was stopped while it was held
        last.history = [*last.history, HistoryEntry(Turn.RESUMED, now).stored()]
    last.pk, last.round = None, last.round + 1
    last.outcome, last.stopped_at, last.paused_at = Outcome.RUNNING, None, None
    settle(last, calendar_for(last.area_code), now)
    last.save(force_insert=True)
    return last


def next_round(subject: Subject, stage: str) -> int:
    """The number of the round that a new clock of this stage begins."""
    last = _rounds(subject, stage).last()
    return last.round + 1 if last else 1


def _rounds(subject: Subject, stage: str) -> "QuerySet[Clock]":
    return Clock.objects.filter(
        subject_kind=subject[0], subject_id=subject[1], stage=stage
    ).order_by("round")


def settle(clock: Clock, calendar: WorkingCalendar, now: datetime) -> None:
    """Compute a clock's deadlines again from its allowance, its history and the calendar; nothing is saved.

    Past the published days it is left without a deadline. A deadline that moved into the future may turn
    amber again, and one that was missed under a calendar since corrected is not missed any more.
    """
    try:
        reckoned = reckon(
            calendar,
            clock.started_at,
            Allowance(clock.allowance_value, AllowanceKind(clock.allowance_kind)),
            map(HistoryEntry.restored, clock.history),
            settings.AMBER_SHARE,
        )
    except CalendarEnds:
        clock.due_at = clock.amber_at = clock.next_at = None
        return
    clock.run_from = reckoned.run_from or clock.run_from
    clock.due_at, clock.amber_at = reckoned.due, reckoned.amber
    clock.used_minutes = (Decimal(reckoned.used) / MINUTE).quantize(Decimal("0.0001"))
    _forget_what_moved(clock, now)
    clock.next_at = next_look(clock)


def _forget_what_moved(clock: Clock, now: datetime) -> None:
    """Marks belong to the deadline they were set for. Only a time that really moved takes one away: a
    machine's clock that jumps back must not make anybody be told twice."""
    told, amber = clock.amber_told_at, clock.amber_at
    if told is not None and amber is not None and amber > told:
        clock.amber_told_at = None
    missed, due = clock.missed_at, clock.due_at
    if missed is not None and due is not None and due != missed:
        clock.missed_at = None if due > now else due


def next_look(clock: Clock) -> datetime | None:
    """When the sweep must look at this clock again."""
    if clock.stopped_at is not None or clock.missed_at is not None:
        return None
    return clock.amber_at if clock.amber_told_at is None else clock.due_at


def _open(subject: Subject) -> "QuerySet[Clock]":
    return Clock.objects.filter(
        subject_kind=subject[0], subject_id=subject[1], outcome=Outcome.RUNNING
    )


def _locked(subject: Subject, stages: Collection[str] | None) -> list[Clock]:
    """All open clocks are locked, so that no later call of the same deed has to wait behind the journal."""
    clocks = list(_open(subject).select_for_update().order_by("id"))
    return [clock for clock in clocks if stages is None or clock.stage in stages]


def _turn(clock: Clock, entry: HistoryEntry, now: datetime) -> None:
    clock.history = [*clock.history, entry.stored()]
    settle(clock, calendar_for(clock.area_code), now)
    clock.save()


def _judged(clock: Clock, now: datetime) -> Outcome:
    if clock.missed_at is not None:
        return Outcome.MISSED
    if clock.due_at is not None:
        return Outcome.MISSED if clock.due_at < now else Outcome.MET
    if clock.paused_at is not None or _within_published(clock.area_code, now):
        return Outcome.MET
    return Outcome.PENDING


def _within_published(area_code: str, now: datetime) -> bool:
    calendar = calendar_for(area_code)
    return calendar.day(calendar.local_date(now)) is not None


def _stop(clock: Clock, outcome: Outcome, now: datetime) -> None:
    clock.outcome, clock.stopped_at, clock.next_at = outcome, now, None
    clock.save()
