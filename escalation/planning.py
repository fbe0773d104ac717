"""Ladders are made, moved and ended by following the journal: every running clock of a case has one.

What an event says is only that something may have changed; what is true is read from the clocks themselves.
So events that are read late, or in a heap, lead to the same ladders.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from clocks.choices import Outcome
from clocks.marks import MOVED
from clocks.models import Clock
from escalation.models import Ladder
from escalation.plans import Calendars, end, lay, plan_again, suits
from escalation.rules import RuleBook
from escalation.stored import store
from incidents.deadlines import SUBJECT
from incidents.lifecycle import STEPS
from incidents.models import Incident
from incidents.querysets import within
from journal.models import Event
from journal.readers import follow

READER = "escalation.planning"
PUBLISHED = "calendar.clocks_moved"
_REOPENING = [step.verb for step in STEPS.values() if step.moves.get("reopens")]
VERBS = {step.verb for step in STEPS.values() if step.moves} | {
    "incident.reported",
    MOVED,
    PUBLISHED,
}
# A calendar that was published touches the waiting ladders of a whole area: a stretch at a time.
STRETCH = 1000

log = logging.getLogger(__name__)


def plan(limit: int = 500) -> int:
    """Bring the ladders up to what the journal says; the number of events read. Any number of workers may call it."""
    return follow(READER, _plan_all, verbs=VERBS, limit=limit)


def _plan_all(events: Sequence[Event]) -> None:
    moved: dict[int, datetime] = {}
    for event in events:
        if event.subject_kind == SUBJECT:
            subject = int(event.subject_id)
            moved[subject] = max(event.at, moved.get(subject, event.at))
        elif event.verb == PUBLISHED:
            _plan_waiting(event)
    if moved:
        _Planning(moved).run()


@dataclass
class _Planning:
    """The ladders of the cases to which something happened, with the time of what happened last."""

    moved: dict[int, datetime]
    fresh: list[Ladder] = field(default_factory=list)
    changed: list[Ladder] = field(default_factory=list)
    calendars: Calendars = field(default_factory=Calendars)

    def run(self) -> None:
        cases = list(self.moved)
        ladders = list(
            Ladder.objects.select_for_update()
            .filter(incident_id__in=cases, ended_at=None)
            .order_by("pk")
        )
        open_clocks = _open_clocks(cases)
        for ladder in ladders:
            self._follow(ladder, open_clocks.pop(ladder.clock_id, None))
        self._begin(open_clocks)
        store(self.changed)
        Ladder.objects.bulk_create(self.fresh)

    def _follow(self, ladder: Ladder, clock: Clock | None) -> None:
        at = self.moved[ladder.incident_id]
        if clock is None:
            end(ladder, at)
        elif suits(ladder, clock) or not ladder.plan:
            return
        else:
            plan_again(ladder, clock, at, self.calendars.of(clock))
        self.changed.append(ladder)

    def _begin(self, clocks: dict[int, Clock]) -> None:
        known = set(Ladder.objects.filter(clock_id__in=clocks).values_list("clock_id", flat=True))
        wanted = [clock for pk, clock in clocks.items() if pk not in known]
        if not wanted:
            return
        book = RuleBook()
        cases = Incident.objects.select_related("item").in_bulk(
            {clock.subject_id for clock in wanted}
        )
        again = _reopened_at(wanted)
        for clock in wanted:
            if clock.subject_id in cases:
                since = max(clock.started_at, again.get(clock.subject_id, clock.started_at))
                ladder = begun(clock, cases[clock.subject_id], book, since, self.calendars)
                self.fresh += [ladder] if ladder else []


def begun(
    clock: Clock, case: Incident, book: RuleBook, since: datetime, calendars: Calendars
) -> Ladder | None:
    """The ladder of a clock that began at `since`, not saved; None where no rule wants one.

    A rule that cannot be read leaves a ladder without a plan, which says so and is tried again.
    """
    rule = book.choose(case, clock.stage)
    if rule is None:
        return None
    ladder = Ladder(clock=clock, incident=case, rule=rule, area_code=clock.area_code)
    try:
        lay(ladder, rule.rungs, clock, since, calendars.of(clock))
    except Exception as error:  # noqa: BLE001 - one bad rule must not stop the ladders of everybody else
        log.warning("Ladder of clock %s not planned by rule %s: %r", clock.pk, rule.pk, error)
        ladder.plan, ladder.next_at, ladder.heavy = [], since, True
    return ladder


def _open_clocks(cases: Iterable[int]) -> dict[int, Clock]:
    running = Clock.objects.filter(
        subject_kind=SUBJECT, subject_id__in=list(cases), outcome=Outcome.RUNNING
    )
    return {clock.pk: clock for clock in running.order_by("pk")}


def _reopened_at(clocks: Iterable[Clock]) -> dict[int, datetime]:
    """When cases were last sent back to work: such a round keeps its start, and must not climb for the past."""
    again = [str(clock.subject_id) for clock in clocks if clock.round > 1]
    if not again:
        return {}
    events = Event.objects.filter(subject_kind=SUBJECT, subject_id__in=again, verb__in=_REOPENING)
    return {
        int(subject): at for subject, at in events.order_by("seq").values_list("subject_id", "at")
    }


def _plan_waiting(event: Event) -> None:
    """Days were published, or changed: what had no moment yet may have one now."""
    waiting = Ladder.objects.filter(within(event.area_code), waits=True, ended_at=None)
    after, calendars = 0, Calendars()
    while ladders := list(
        waiting.filter(pk__gt=after)
        .select_for_update(of=("self",))
        .select_related("clock")
        .order_by("pk")[:STRETCH]
    ):
        for ladder in ladders:
            plan_again(ladder, ladder.clock, event.at, calendars.of(ladder.clock))
        store(ladders)
        after = ladders[-1].pk
