"""Exact figures: each move of a target moves its tally in the same transaction.

Locks are taken assignment, targets, tallies: whoever visits holds one target and moves one tally; whoever shares out
holds the assignment and all its targets before counting anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Q

from campaigns.choices import COUNTED
from campaigns.models import Assignment, Tally, Target


@dataclass
class Figures:
    """Targets by what was found there last."""

    todo: int = 0
    absent: int = 0
    visited: int = 0
    problem: int = 0

    def add(self, tally: "Tally | Figures") -> None:
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + getattr(tally, name))

    @property
    def total(self) -> int:
        return self.todo + self.absent + self.visited + self.problem

    @property
    def done(self) -> int:
        """Where somebody was met, whatever was found."""
        return self.visited + self.problem

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 only when nothing is left."""
        return self.done * 100 // self.total if self.total else 0

    @property
    def parts(self) -> list[tuple[str, float]]:
        """For drawing: what, and its share in percent."""
        total = self.total or 1
        names = ("visited", "problem", "absent")
        return [(name, round(getattr(self, name) * 100 / total, 2)) for name in names]


def sum_of(tallies: Iterable[Tally]) -> Figures:
    """The figures of several tallies together."""
    found = Figures()
    for tally in tallies:
        found.add(tally)
    return found


def move(target: Target, before: str, after: str) -> None:
    """One target went from one state to another; the caller holds the target."""
    if before == after:
        return
    zone = Q(zone=None) if target.zone_id is None else Q(zone_id=target.zone_id)
    mine = Tally.objects.filter(zone, assignment_id=target.assignment_id)
    changes = {before: F(before) - 1, after: F(after) + 1}
    assert mine.update(**changes) == 1, "each target is counted in one tally"


def add_new(counts: dict[int, int]) -> None:
    """So many new targets for each assignment (by its key), none in a zone yet."""
    for assignment_id in sorted(counts):
        Tally.objects.get_or_create(assignment_id=assignment_id, zone=None)
        mine = Tally.objects.filter(assignment_id=assignment_id, zone=None)
        mine.update(todo=F("todo") + counts[assignment_id])


def hold_targets(assignment: Assignment) -> None:
    """Lock all targets of an assignment, in the order of their keys: nobody visits one meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM campaigns_target WHERE assignment_id = %s"
            " ORDER BY id FOR UPDATE) held",
            [assignment.pk],
        )


def count_anew(assignment: Assignment) -> None:
    """Write the tallies of an assignment from its targets, which the caller holds."""
    Tally.objects.filter(assignment=assignment).delete()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [assignment.pk])


_SUMS = ", ".join(f"count(*) FILTER (WHERE state = '{name}')" for name in COUNTED)
_COUNT = (
    f"INSERT INTO campaigns_tally (assignment_id, zone_id, {', '.join(COUNTED)})"  # noqa: S608 — own names
    f" SELECT assignment_id, zone_id, {_SUMS} FROM campaigns_target WHERE assignment_id = %s"
    " GROUP BY assignment_id, zone_id"
)
