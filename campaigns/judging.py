"""In the hands of the sender: urging, accepting, sending back, taking off the list, withdrawing."""

from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.actor import Actor
from campaigns import deadlines
from campaigns.choices import OPEN, Kind, Stage
from campaigns.door import ASSIGNMENTS, AssignmentMeeting
from campaigns.lifecycle import ASSIGNMENT
from campaigns.models import Assignment, Campaign
from campaigns.querysets import assignments_visible_to
from clocks import running
from config.refusal import Refused
from steps.door import show_open

# Whoever was just urged is not urged once more by a second press.
URGED_AGAIN_AFTER = timedelta(hours=1)


@ASSIGNMENTS.guard("urge")
def urged_just_now(m: AssignmentMeeting) -> str | Promise | None:
    """Once an hour is enough."""
    last = m.record.urged_at
    if last is None or m.now - last >= URGED_AGAIN_AFTER:
        return None
    return _("They were urged within the last hour.")


@ASSIGNMENTS.effect("urge")
def urge(m: AssignmentMeeting) -> None:
    """Counted, and remembered with its time."""
    m.record.urged_at = m.now
    m.record.urged_count += 1
    m.data["unit"] = m.record.unit_id


@ASSIGNMENTS.effect("accept")
def accept(m: AssignmentMeeting) -> None:
    """Done, in the sender's eyes."""
    m.data["unit"] = m.record.unit_id


@ASSIGNMENTS.effect("send_back")
def send_back(m: AssignmentMeeting) -> None:
    """Not done: the old deadline runs on, unless the sender gives a new day."""
    assignment, subject = m.record, (ASSIGNMENT, m.record.pk)
    if m.facts["due_on"]:
        assignment.due_on = m.facts["due_on"]
        turn = running.next_round(subject, Stage.FINISH)
        deadlines.start(assignment, Stage.FINISH, m.now, turn=turn)
    else:
        running.reopen(subject=subject, stage=Stage.FINISH, now=m.now)
    show_open(assignment, subject)
    m.data.update(
        unit=assignment.unit_id,
        due=assignment.due_at.isoformat() if assignment.due_at else None,
    )


@ASSIGNMENTS.guard("delist")
def is_no_list(m: AssignmentMeeting) -> str | Promise | None:
    """There is a list to be taken off only where the campaign is one."""
    if m.record.campaign.kind == Kind.RECTIFICATION:
        return None
    return _("Only what stands on a rectification list is taken off it.")


@ASSIGNMENTS.effect("withdraw")
def withdraw(m: AssignmentMeeting) -> None:
    """Take the assignment back: its milestones lose their clocks."""
    deadlines.cancel_milestones(m.record, m.now)
    m.data["unit"] = m.record.unit_id


# --- all who lag, with one press ------------------------------------------------------------------------


def lags(assignment: Assignment, now: datetime) -> bool:
    """Amber or red, or not even signed for in time: the clock that is due first tells."""
    if assignment.state not in OPEN:
        return False
    return assignment.amber_at is not None and assignment.amber_at <= now


def urge_laggards(*, campaign: Campaign, by: Actor, now: datetime, text: str = "") -> int:
    """Urge everybody who lags behind in a campaign; how many were urged. Whoever was urged within the hour is left
    alone. Raises NotYours (403) where the actor is not the sender."""
    mine = assignments_visible_to(by).filter(campaign=campaign, state__in=OPEN, amber_at__lte=now)
    return sum(_urged(number, text, by, now) for number in mine.values_list("number", flat=True))


def _urged(number: str, text: str, by: Actor, now: datetime) -> bool:
    try:
        ASSIGNMENTS.take("urge", number=number, by=by, now=now, facts={"text": text})
    except Refused as refused:
        if refused.code in ("urged_just_now", "not_in_this_state"):
            return False
        raise
    return True
