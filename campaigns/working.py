"""In the hands of whoever leads an assignment: signing for it, telling how it goes, reporting it done."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.choices import Kind
from campaigns.door import ASSIGNMENTS, AssignmentMeeting
from campaigns.lifecycle import MILESTONE
from campaigns.models import Assignment
from clocks import running
from clocks.calendar import SHANGHAI


@ASSIGNMENTS.effect("receive")
def receive(m: AssignmentMeeting) -> None:
    """It has been read, and somebody answers for it."""
    m.record.received_at, m.record.received_by_id = m.now, m.by.user_id


@ASSIGNMENTS.effect("note")
def note(m: AssignmentMeeting) -> None:
    """How far it has come; the words are kept beside the journal."""
    m.record.noted_at = m.now
    if m.facts["percent"] is not None:
        m.record.percent = m.facts["percent"]
    m.data["percent"] = m.record.percent


# What takes months is told of each month.
NOTED_MONTHLY = frozenset({Kind.RESOLUTION, Kind.PROJECT, Kind.RECTIFICATION})


def lacks_note(assignment: Assignment, today: date) -> bool:
    """Whether this month's progress note is missing: sent in an earlier month, and nothing told in this one."""
    if assignment.campaign.kind not in NOTED_MONTHLY or assignment.sent_at is None:
        return False
    last = (assignment.noted_at or assignment.sent_at).astimezone(SHANGHAI).date()
    return (last.year, last.month) < (today.year, today.month)


@ASSIGNMENTS.guard("reach")
def no_milestone_left(m: AssignmentMeeting) -> str | Promise | None:
    """There must be one to be reached."""
    waiting = [one for one in m.milestones if one.reached_at is None]
    return None if waiting else _("There is no milestone to be reached.")


@ASSIGNMENTS.effect("reach")
def reach(m: AssignmentMeeting) -> None:
    """A milestone is reached: its clock stops."""
    chosen = next(one for one in m.milestones if one.pk == m.facts["milestone"])
    running.stop(subject=(MILESTONE, chosen.pk), now=m.now)
    chosen.reached_at = m.now
    chosen.save(update_fields=["reached_at"])
    m.record.noted_at = m.now
    m.data["campaign_milestone"] = chosen.pk


@ASSIGNMENTS.guard("report")
def targets_left(m: AssignmentMeeting) -> str | Promise | None:
    """Done is when somebody was everywhere. Where nobody opened the door, the report says what becomes of it."""
    if not m.todo:
        return None
    said = ngettext("Nobody was at %(n)s target yet.", "Nobody was at %(n)s targets yet.", m.todo)
    return said % {"n": m.todo}


@ASSIGNMENTS.guard("report")
def milestones_left(m: AssignmentMeeting) -> str | Promise | None:
    """What is reported done has reached all its milestones."""
    left = sum(1 for one in m.milestones if one.reached_at is None)
    if not left:
        return None
    said = ngettext("%(n)s milestone is not reached.", "%(n)s milestones are not reached.", left)
    return said % {"n": left}


@ASSIGNMENTS.effect("report")
def report_done(m: AssignmentMeeting) -> None:
    """The sender looks at it now; the clock stands still until then."""
    m.record.reported_at = m.now
    m.data["unit"] = m.record.unit_id
