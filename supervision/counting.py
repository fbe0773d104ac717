"""What counts against a unit. An upper room says here which of its clocks do, and what takes a miss back:

count_also("whistle_summons", Counted.SUMMONED, stages={"sign", "check_in"}, forgiven_by="whistle.released")
"""

from collections.abc import Collection
from dataclasses import dataclass

from clocks.marks import OVERDUE
from incidents.deadlines import SUBJECT as CASE
from journal.models import Event
from supervision.choices import SUBJECT, Counted

EXEMPTED = "incident.appeal_granted"


@dataclass(frozen=True)
class _Kind:
    """The clocks of one kind of subject: as what they count, and in which stages (none named: in all)."""

    counted: Counted
    stages: frozenset[str] = frozenset()


_kinds = {CASE: _Kind(Counted.OVERDUE), SUBJECT: _Kind(Counted.UNANSWERED)}
_forgiving = {EXEMPTED}


def count_also(
    kind: str, counted: Counted, *, stages: Collection[str] = (), forgiven_by: str = ""
) -> None:
    """Count what the clocks of this kind of subject miss. An event `forgiven_by` names in `clocks` those (ids) whose
    misses do not count any more."""
    _kinds[kind] = _Kind(counted, frozenset(stages))
    _forgiving.update({forgiven_by} - {""})


def verbs() -> frozenset[str]:
    """What must be read."""
    return frozenset({OVERDUE, *_forgiving})


def forgives(event: Event) -> bool:
    return event.verb in _forgiving


def counted_as(event: Event) -> Counted | None:
    """As what a missed deadline counts; None where it does not, or where no unit missed it."""
    kind = _kinds.get(event.subject_kind)
    if kind is None or not event.data.get("unit"):
        return None
    return kind.counted if not kind.stages or event.data.get("stage") in kind.stages else None
