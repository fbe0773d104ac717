"""Assignments as lines: how far each is, its lamp, and what it lacks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from campaigns.choices import COUNTED, FINISHED, OPEN, AssignmentState
from campaigns.judging import lags
from campaigns.models import Assignment, Milestone, Tally
from campaigns.tallying import Figures
from campaigns.working import lacks_note
from clocks.calendar import SHANGHAI
from clocks.lamps import Lamp, lamp
from grids.queries import area_names
from incidents.reading import time_left


def local_day(now: datetime) -> date:
    """The day in Asia/Shanghai."""
    return now.astimezone(SHANGHAI).date()


@dataclass(frozen=True)
class Row:
    """An assignment as one line: how far it is, its lamp, and what it lacks."""

    assignment: Assignment
    place: str
    figures: Figures
    reached: int
    milestones: int
    lamp: Lamp
    left: str
    lags: bool
    lacks_note: bool

    @property
    def percent(self) -> int:
        """By targets, else by milestones, else as the last progress note said; what is accepted is whole."""
        if self.figures.total:
            return self.figures.percent
        if self.milestones:
            return self.reached * 100 // self.milestones
        whole = self.assignment.state in FINISHED | {AssignmentState.REPORTED}
        return 100 if whole else self.assignment.percent

    @property
    def state(self) -> str:
        return str(AssignmentState(self.assignment.state).label)

    @property
    def weight(self) -> tuple[int, int, float, int]:
        """Laggards first: red, amber, then what is due soonest and has come least far."""
        order = {Lamp.RED: 0, Lamp.AMBER: 1, Lamp.GREEN: 2, Lamp.NONE: 3}[self.lamp]
        due = self.assignment.due_at.timestamp() if self.assignment.due_at else float("inf")
        return (order, 0 if self.lacks_note else 1, due, self.percent)


def rows(assignments: Sequence[Assignment], now: datetime) -> list[Row]:
    """The lines of assignments made `with_names`, laggards first. Three queries, however many there are."""
    keys = [one.pk for one in assignments]
    figures = _figures_of(keys)
    stones = {
        key: (reached, every)
        for key, reached, every in Milestone.objects.filter(assignment__in=keys)
        .values("assignment_id")
        .annotate(reached=Count("pk", filter=Q(reached_at__isnull=False)), every=Count("pk"))
        .values_list("assignment_id", "reached", "every")
    }
    names = area_names({one.area_code for one in assignments})
    found = [
        _row(one, names, figures[one.pk], stones.get(one.pk, (0, 0)), now) for one in assignments
    ]
    return sorted(found, key=lambda row: (*row.weight, row.assignment.pk))


def _figures_of(keys: Sequence[int]) -> dict[int, Figures]:
    """The figures of assignments over all their zones, summed by the database."""
    sums = {name: Sum(name) for name in COUNTED}
    tallies = Tally.objects.filter(assignment__in=keys).order_by()
    found: Iterable[Any] = tallies.values("assignment_id").annotate(**sums)
    figures: dict[int, Figures] = defaultdict(Figures)
    for each in found:
        figures[each["assignment_id"]] = Figures(**{name: each[name] for name in COUNTED})
    return figures


def _row(
    one: Assignment,
    names: Mapping[str, str],
    figures: Figures,
    stones: tuple[int, int],
    now: datetime,
) -> Row:
    place = one.unit.shown_name if one.unit else names.get(one.area_code, one.area_code)
    open_one = one.state in OPEN
    return Row(
        one,
        place,
        figures,
        *stones,
        lamp=lamp(one.due_at, one.amber_at, now) if open_one else Lamp.NONE,
        left=_left(one, now) if open_one else "",
        lags=lags(one, now),
        lacks_note=open_one and lacks_note(one, local_day(now)),
    )


def _left(one: Assignment, now: datetime) -> str:
    """The time left; before the receipt it is the time to sign."""
    left = time_left(one.due_at, now)
    if one.state == AssignmentState.SENT and left:
        return _("receipt: %(left)s") % {"left": left}
    return left
