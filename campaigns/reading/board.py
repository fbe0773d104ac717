"""Campaigns with their lines and figures: the board, and one campaign."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from accounts.actor import Actor
from accounts.roles import May
from campaigns import checklist
from campaigns.choices import AssignmentState, State
from campaigns.door import CAMPAIGNS
from campaigns.lifecycle import CAMPAIGN
from campaigns.models import Campaign, Milestone
from campaigns.querysets import (
    assignments_visible_to,
    visible_to,
    with_names,
)
from campaigns.reading.lines import Row, local_day, rows
from campaigns.tallying import Figures
from clocks.lamps import Lamp
from grids.queries import area_names
from steps.door import Offer
from steps.history import Line, timeline

MOST_CAMPAIGNS = 100  # on the board; more than run at once anywhere


@dataclass(frozen=True)
class Bar:
    """A campaign with its lines and its figures over all of them."""

    campaign: Campaign
    rows: list[Row]
    place: str = ""
    may_urge: bool = False

    @cached_property
    def figures(self) -> Figures:
        found = Figures()
        for row in self.rows:
            found.add(row.figures)
        return found

    @cached_property
    def percent(self) -> int:
        """By all targets; without any, the mean of the lines that still count."""
        if self.figures.total:
            return self.figures.percent
        counting = [r for r in self.rows if r.assignment.state != AssignmentState.CANCELLED]
        return sum(row.percent for row in counting) // len(counting) if counting else 0

    @cached_property
    def laggards(self) -> int:
        return sum(row.lags for row in self.rows)

    @cached_property
    def late(self) -> int:
        return sum(row.lamp == Lamp.RED for row in self.rows)

    @cached_property
    def lamp(self) -> Lamp:
        """The worst of its lines."""
        order = (Lamp.RED, Lamp.AMBER, Lamp.GREEN)
        return next((one for one in order if any(r.lamp == one for r in self.rows)), Lamp.NONE)

    @cached_property
    def due_at(self) -> datetime | None:
        due = [row.assignment.due_at for row in self.rows if row.assignment.due_at]
        return min(due, default=None)

    @property
    def weight(self) -> tuple[int, float, int]:
        order = {Lamp.RED: 0, Lamp.AMBER: 1, Lamp.GREEN: 2, Lamp.NONE: 3}[self.lamp]
        return (order, self.due_at.timestamp() if self.due_at else float("inf"), self.percent)


def board(actor: Actor, now: datetime) -> list[Bar]:
    """All running campaigns in scope with those of their assignments that the actor sees, the one that lags most
    first. Five queries, however many firms are swept."""
    running = visible_to(actor).filter(state=State.LAUNCHED).select_related("organisation")
    return bars(list(running.order_by("-launched_at", "-pk")[:MOST_CAMPAIGNS]), actor, now)


def bars(campaigns: Sequence[Campaign], actor: Actor, now: datetime) -> list[Bar]:
    """The campaigns with their lines, the one that lags most first."""
    seen = with_names(assignments_visible_to(actor)).filter(campaign__in=[c.pk for c in campaigns])
    lines: dict[int, list[Row]] = defaultdict(list)
    for row in rows(list(seen), now):
        lines[row.assignment.campaign_id].append(row)
    names = area_names({one.area_code for one in campaigns})
    found = [
        Bar(one, lines[one.pk], names.get(one.area_code, one.area_code), _may_urge(actor, one))
        for one in campaigns
    ]
    return sorted(found, key=lambda bar: (*bar.weight, bar.campaign.pk))


def _may_urge(actor: Actor, campaign: Campaign) -> bool:
    return actor.may(May.LAUNCH_CAMPAIGN, area_code=campaign.area_code) is not None


@dataclass
class CampaignReading:
    """The page of a campaign."""

    campaign: Campaign
    actor: Actor
    now: datetime

    @cached_property
    def bar(self) -> Bar:
        return bars([self.campaign], self.actor, self.now)[0]

    @cached_property
    def offers(self) -> list[Offer]:
        return CAMPAIGNS.available(self.campaign, self.actor, self.now)

    @property
    def can(self) -> list[Offer]:
        return [one for one in self.offers if one.allowed]

    @property
    def cannot(self) -> list[Offer]:
        """What is in this person's hands and waits for something; not what belongs to other states."""
        return [one for one in self.offers if not one.allowed and one.kind == "guard"]

    @property
    def lines(self) -> list[checklist.Line]:
        return checklist.lines_of(self.campaign)

    @cached_property
    def milestones(self) -> list[Milestone]:
        seen = [row.assignment.pk for row in self.bar.rows]
        found = Milestone.objects.filter(assignment__in=seen).select_related("assignment__unit")
        return list(found.order_by("due_on", "pk"))

    @property
    def story(self) -> list[Line]:
        return list(reversed(timeline((CAMPAIGN, self.campaign.pk))))

    @property
    def today(self) -> date:
        return local_day(self.now)
