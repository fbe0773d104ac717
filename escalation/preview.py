"""How a case of some kind would climb if its stage began now: the rule that holds, the others, and the times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from clocks.allowance import Allowance
from clocks.calendar import CalendarEnds
from clocks.calendars import calendar_for
from clocks.choices import AllowanceKind
from clocks.models import Clock
from escalation.models import EscalationRule
from escalation.reading import Line
from escalation.rules import RuleBook
from escalation.rungs import laid_out, moments, read_rungs
from incidents.catalogue import handling_limit
from incidents.choices import Stage, Urgency
from incidents.limits import stage_limit
from incidents.models import CatalogueItem, Incident

# Where no single item is meant: long enough to show every kind of rung.
A_DAY = Allowance(Decimal(1), AllowanceKind.WORK_DAY)


@dataclass(frozen=True)
class Preview:
    """`due` is None where the calendar does not reach; `rule` where no rule holds."""

    rule: EscalationRule | None
    others: Sequence[EscalationRule]
    allowance: Allowance
    due: datetime | None
    lines: Sequence[Line]


def preview(
    *, area_code: str, item: CatalogueItem | None, urgency: str, stage: str, now: datetime
) -> Preview:
    """As if the stage of such a case began at `now`. Raises LimitNeedsPerson where the item's limit is not read."""
    case = Incident(
        area_code=area_code, urgency=urgency, item=item, risk=(item and item.risk) or ""
    )
    matching = RuleBook().matching(case, stage)
    allowance = allowance_for(item, urgency, stage)
    due: datetime | None = None
    lines: list[Line] = []
    if matching:
        due, lines = climb_of(matching[0].rungs, allowance, area_code, now)
    return Preview(next(iter(matching), None), matching[1:], allowance, due, lines)


def allowance_for(item: CatalogueItem | None, urgency: str, stage: str) -> Allowance:
    """The limit of a stage; of handling the item's, or a working day where any item is meant."""
    if stage and stage != Stage.HANDLE:
        return stage_limit(Stage(stage))
    if item is None:
        return A_DAY
    limit = handling_limit(item, urgency or Urgency.NORMAL)
    assert limit.value is not None, "a limit that was read has a value"
    return Allowance(limit.value, AllowanceKind(limit.kind))


def climb_of(
    rungs: list[dict[str, Any]], allowance: Allowance, area_code: str, now: datetime
) -> tuple[datetime | None, list[Line]]:
    """The deadline of a clock that begins at `now`, and its rungs in the order in which they come.

    Raises Refused `bad_rung`.
    """
    every = laid_out(read_rungs(rungs))
    calendar = calendar_for(area_code)
    clock = Clock(
        allowance_value=allowance.value,
        allowance_kind=allowance.kind,
        started_at=now,
        area_code=area_code,
    )
    lines = [
        Line(one.number, one.rule.deed, one.said, at, at, False)
        for one, at in zip(every, moments(clock, every, calendar), strict=True)
    ]
    try:
        due = calendar.due(now, allowance)
    except CalendarEnds:
        due = None
    return due, sorted(lines, key=lambda line: (line.at is None, line.at or now, line.number))
