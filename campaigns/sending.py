"""A campaign is sent down, concluded or called off."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor, HeldPost
from campaigns import deadlines
from campaigns.choices import FINISHED, AssignmentState, Kind, Stage
from campaigns.door import CAMPAIGNS, CampaignMeeting
from campaigns.lifecycle import ASSIGNMENT
from campaigns.models import Assignment
from clocks import running
from journal.append import Happening, append_many
from steps.door import show_open


@CAMPAIGNS.guard("launch")
def goes_to_nobody_yet(m: CampaignMeeting) -> str | Promise | None:
    """A campaign is sent to somebody."""
    return None if m.assignments else _("Say first whom the campaign goes to.")


@CAMPAIGNS.guard("launch")
def has_no_targets(m: CampaignMeeting) -> str | Promise | None:
    """A sweep without anything to visit cannot be swept."""
    if m.record.kind != Kind.SWEEP or m.record.targets.exists():
        return None
    return _("A sweep needs targets: add a list, or make every grid a target.")


@CAMPAIGNS.guard("launch")
def has_no_milestones(m: CampaignMeeting) -> str | Promise | None:
    """A key project is followed by its milestones."""
    if m.record.kind != Kind.PROJECT:
        return None
    planned = {pk for one in m.assignments for pk in one.milestones.values_list("pk", flat=True)}
    return None if planned else _("A key project needs at least one milestone.")


@CAMPAIGNS.guard("launch")
def day_has_passed(m: CampaignMeeting) -> str | Promise | None:
    """A deadline lies ahead."""
    days = [m.record.due_on, *(one.due_on for one in m.assignments)]
    if any(day is not None and day < m.today for day in days):
        return _("A day by which it must be done has passed already. Amend it first.")
    return None


@CAMPAIGNS.effect("launch")
def launch(m: CampaignMeeting) -> None:
    """Everybody gets their assignment at the same moment."""
    m.record.launched_at, m.record.launched_by_id = m.now, m.by.user_id
    send(m.assignments, by=m.by, now=m.now, post=m.post)
    m.data["assignments"] = len(m.assignments)


def send(
    assignments: Sequence[Assignment], *, by: Actor, now: datetime, post: HeldPost | None
) -> None:
    """Send assignments down: their clocks run from `now`."""
    sent: list[Happening] = []
    for assignment in assignments:
        assignment.state, assignment.sent_at = AssignmentState.SENT, now
        deadlines.start(assignment, Stage.RECEIPT, now)
        finish = deadlines.start(assignment, Stage.FINISH, now)
        for milestone in assignment.milestones.all():
            deadlines.start_milestone(milestone, assignment, now)
        show_open(assignment, (ASSIGNMENT, assignment.pk))
        _keep(assignment, now)
        sent.append(_sent(assignment, finish.due_at, by, now, post))
    append_many(sent)


def _keep(assignment: Assignment, now: datetime) -> None:
    assignment.version += 1
    assignment.updated_at = now
    assignment.save()


def _sent(
    assignment: Assignment, due: datetime | None, by: Actor, now: datetime, post: HeldPost | None
) -> Happening:
    return Happening(
        verb="assignment.sent",
        subject=(ASSIGNMENT, assignment.pk),
        area_code=assignment.area_code,
        by=by,
        now=now,
        post=post,
        data={
            "to": AssignmentState.SENT,
            "version": assignment.version,
            "unit": assignment.unit_id,
            "campaign": assignment.campaign_id,
            "due": due.isoformat() if due else None,
        },
    )


@CAMPAIGNS.guard("close")
def not_all_accepted(m: CampaignMeeting) -> str | Promise | None:
    """What was sent down ends when everybody has been heard."""
    left = sum(1 for one in m.assignments if one.state not in FINISHED)
    if not left:
        return None
    said = ngettext(
        "%(n)s assignment is neither accepted nor withdrawn.",
        "%(n)s assignments are neither accepted nor withdrawn.",
        left,
    )
    return said % {"n": left}


@CAMPAIGNS.effect("cancel")
def cancel(m: CampaignMeeting) -> None:
    """Called off: whatever still runs is withdrawn with it."""
    running_ones = list(
        m.record.assignments.select_for_update().exclude(state__in=FINISHED).order_by("pk")
    )
    for assignment in running_ones:
        assignment.state, assignment.ended_at = AssignmentState.CANCELLED, m.now
        running.cancel(subject=(ASSIGNMENT, assignment.pk), now=m.now)
        deadlines.cancel_milestones(assignment, m.now)
        assignment.due_at = assignment.amber_at = None
        _keep(assignment, m.now)
    append_many([_withdrawn(one, m) for one in running_ones])
    m.data["assignments"] = len(running_ones)


def _withdrawn(assignment: Assignment, m: CampaignMeeting) -> Happening:
    return Happening(
        verb="assignment.withdrawn",
        subject=(ASSIGNMENT, assignment.pk),
        area_code=assignment.area_code,
        by=m.by,
        now=m.now,
        post=m.post,
        data={
            "to": AssignmentState.CANCELLED,
            "version": assignment.version,
            "unit": assignment.unit_id,
            "campaign": assignment.campaign_id,
        },
    )
