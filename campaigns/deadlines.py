"""How long an assignment has, and the milestones in it."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from campaigns.choices import Stage
from campaigns.lifecycle import ASSIGNMENT, MILESTONE
from campaigns.limits import receipt_within
from campaigns.models import Assignment, Campaign, Milestone
from clocks import running
from clocks.allowance import Allowance
from clocks.calendar import SHANGHAI
from clocks.choices import AllowanceKind
from clocks.models import Clock


def until_end_of(day: date, now: datetime) -> Allowance:
    """Continuous minutes from `now` until a local day is over; at least one."""
    over = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    minutes = max(1, int((over - now).total_seconds() // 60))
    return Allowance(Decimal(minutes), AllowanceKind.MINUTE_CONT)


def allowance_of(assignment: Assignment, now: datetime) -> Allowance:
    """Its own day, else the campaign's day, else the campaign's allowance."""
    campaign = assignment.campaign
    day = assignment.due_on or campaign.due_on
    if day is not None:
        return until_end_of(day, now)
    assert campaign.limit_value is not None, "a campaign has one deadline"
    return Allowance(campaign.limit_value, AllowanceKind(campaign.limit_kind))


def start(assignment: Assignment, stage: Stage, now: datetime, *, turn: int = 1) -> Clock:
    """Start a stage's clock, its `turn`th round."""
    return running.start(
        subject=(ASSIGNMENT, assignment.pk),
        stage=stage,
        round=turn,
        allowance=receipt_within() if stage is Stage.RECEIPT else allowance_of(assignment, now),
        rule=f"campaign:{assignment.campaign.kind}:{stage}",
        area_code=assignment.area_code,
        unit_id=assignment.unit_id,
        now=now,
    )


def start_milestone(milestone: Milestone, assignment: Assignment, now: datetime) -> None:
    """A milestone has a clock of its own while its assignment is with somebody."""
    running.start(
        subject=(MILESTONE, milestone.pk),
        stage=Stage.MILESTONE,
        allowance=until_end_of(milestone.due_on, now),
        rule="campaign:milestone",
        area_code=assignment.area_code,
        unit_id=assignment.unit_id,
        now=now,
    )


def cancel_milestones(assignment: Assignment, now: datetime) -> None:
    """The clocks of milestones that were not reached lose their meaning with the assignment."""
    for pk in assignment.milestones.filter(reached_at=None).values_list("pk", flat=True):
        running.cancel(subject=(MILESTONE, pk), now=now)


def refused_deadline(campaign: Campaign, today: date) -> bool:
    """Whether the campaign's day has passed already."""
    return campaign.due_on is not None and campaign.due_on < today
