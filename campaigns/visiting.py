"""Somebody was at a target: what they found, what they answered, and who it was."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns import tallying
from campaigns.checklist import answers, lines_of
from campaigns.choices import AssignmentState, State
from campaigns.door import TARGETS, TargetMeeting
from campaigns.models import Visit


@TARGETS.guard("visit", "visit_again")
def campaign_runs(m: TargetMeeting) -> Promise | None:
    """Nobody is sent to people's doors for a campaign that is over."""
    if m.record.campaign.state != State.LAUNCHED:
        return _("The campaign is not running.")
    return None


@TARGETS.guard("visit", "visit_again")
def assignment_under_way(m: TargetMeeting) -> Promise | None:
    """Visits are entered while the assignment is under way."""
    match m.record.assignment.state:
        case AssignmentState.UNDER_WAY:
            return None
        case AssignmentState.SENT:
            return _("The assignment must be signed for first.")
    return _("The assignment was reported done. Nothing more is entered unless it is sent back.")


@TARGETS.effect("visit", "visit_again")
def visit(m: TargetMeeting) -> None:
    """Keep the visit; the target shows what was found, and its tally moves with it."""
    target, found = m.record, m.facts["found"]
    Visit.objects.create(
        target=target,
        visited_at=m.now,
        visited_by_id=m.by.user_id,
        found=found,
        answers=answers(lines_of(target.campaign), m.facts),
        note=m.facts["note"],
    )
    tallying.move(target, target.state, found)
    target.state = found
    m.data["found"] = found
