"""The page of a target, and targets as lines of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from accounts.actor import Actor
from campaigns import checklist
from campaigns.door import TARGETS
from campaigns.lifecycle import TARGET
from campaigns.models import Target, Visit
from steps.door import Offer
from steps.history import Line, timeline


@dataclass
class TargetReading:
    """The page of a target: its visits, and what may be done."""

    target: Target
    actor: Actor
    now: datetime

    @cached_property
    def offers(self) -> list[Offer]:
        return TARGETS.available(self.target, self.actor, self.now)

    @property
    def can(self) -> list[Offer]:
        return [one for one in self.offers if one.allowed]

    @property
    def cannot(self) -> list[Offer]:
        return [one for one in self.offers if not one.allowed and one.kind == "guard"]

    @cached_property
    def visits(self) -> list[tuple[Visit, list[tuple[str, str]]]]:
        """Each visit with its answers in words, the newest first."""
        lines = checklist.lines_of(self.target.campaign)
        found = self.target.visits.select_related("visited_by", "incident")
        return [(visit, checklist.told(lines, visit.answers)) for visit in found]

    @property
    def story(self) -> list[Line]:
        return list(reversed(timeline((TARGET, self.target.pk))))


@dataclass(frozen=True)
class TargetRow:
    """A target as one line, with its last visit."""

    target: Target
    visit: Visit | None


def target_rows(targets: Sequence[Target]) -> list[TargetRow]:
    """The lines of a list. One query for the last visits and their cases."""
    keys = [one.pk for one in targets]
    last = Visit.objects.filter(target__in=keys).order_by("target_id", "-id").distinct("target_id")
    found = {one.target_id: one for one in last.select_related("visited_by", "incident")}
    return [TargetRow(one, found.get(one.pk)) for one in targets]
