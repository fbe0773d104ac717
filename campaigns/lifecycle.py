"""How campaigns, assignments and targets move: three tables on one screen (domain rows B9, B10, I8, I9, I12)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import May
from campaigns.choices import AssignmentState, Found, Stage, State
from steps.meeting import AREA
from steps.table import Hand, row, table

CAMPAIGN, ASSIGNMENT, TARGET = "campaign", "assignment", "target"
MILESTONE = "campaign_milestone"

A, F, S = AssignmentState, Found, State

# Bonds: what ties a person to this very record (answered in `door.py`).
SENDER, LEADS, OWN_GRID, CADRE, SWEEPS = "sender", "leads", "own_grid", "cadre", "sweeps"

LAUNCHER = Hand(May.LAUNCH_CAMPAIGN, AREA, _("who sends campaigns down in this area"))
JUDGE = Hand(May.LAUNCH_CAMPAIGN, SENDER, _("who sent the campaign down"))
LEADER = Hand(May.LEAD_CAMPAIGN, LEADS, _("who leads it for the organisation or area"))
GRID_WORKER = Hand(May.SWEEP, OWN_GRID, _("the worker of the grid"))
ZONE_CADRE = Hand(None, CADRE, _("the cadres of the zone"))
SWEEPER = Hand(May.SWEEP, SWEEPS, _("who sweeps for the organisation or in the area"))

# fmt: off
CAMPAIGN_STEPS = table(
    CAMPAIGN,
    row("amend", "amended", _("Amend the draft"), {S.DRAFTED}, None, LAUNCHER),
    row("set_checklist", "checklist_set", _("Set the check-list"), {S.DRAFTED}, None, LAUNCHER,
        why="Once it runs, answers stand under its lines."),
    row("assign", "assigned", _("Add whom it goes to"), {S.DRAFTED, S.LAUNCHED}, None, LAUNCHER,
        why="In a running campaign it is sent at once."),
    row("unassign", "unassigned", _("Take out whom it goes to"), {S.DRAFTED}, None, LAUNCHER),
    row("add_targets", "targets_added", _("Add targets"), {S.DRAFTED, S.LAUNCHED}, None, LAUNCHER,
        why="All lines are written, or none; what is listed already is not listed twice."),
    row("add_milestone", "milestone_added", _("Add a milestone"), {S.DRAFTED, S.LAUNCHED}, None, LAUNCHER),
    row("launch", "launched", _("Send it down"), {S.DRAFTED}, S.LAUNCHED, LAUNCHER),
    row("close", "closed", _("Conclude the campaign"), {S.LAUNCHED}, S.CLOSED, LAUNCHER),
    row("cancel", "cancelled", _("Call the campaign off"), {S.DRAFTED, S.LAUNCHED}, S.CANCELLED, LAUNCHER),
)

_WORKED_ON = {A.SENT, A.UNDER_WAY}
ASSIGNMENT_STEPS = table(
    ASSIGNMENT,
    row("receive", "received", _("Sign for it"), {A.SENT}, A.UNDER_WAY, LEADER, GRID_WORKER,
        stops=(Stage.RECEIPT,)),
    row("add_zone", "zone_added", _("Mark out a zone"), {A.UNDER_WAY}, None, LEADER),
    row("change_zone", "zone_changed", _("Change a zone"), {A.UNDER_WAY}, None, LEADER),
    row("drop_zone", "zone_dropped", _("Dissolve a zone"), {A.UNDER_WAY}, None, LEADER,
        why="Its targets go back to the assignment; the visits stay with the targets."),
    row("share_out", "shared_out", _("Share the targets out"), {A.UNDER_WAY}, None, LEADER),
    row("arrive", "arrived", _("Check in to the zone"), {A.UNDER_WAY}, None, ZONE_CADRE,
        whatever_version=True, why="Once a day, with the position where the phone knows it."),
    row("note", "noted", _("Write a progress note"), {A.UNDER_WAY}, None, LEADER, GRID_WORKER,
        whatever_version=True, why="Monthly for what takes long; the board shows whose note is missing."),
    row("reach", "milestone_reached", _("Milestone reached"), {A.UNDER_WAY}, None, LEADER, whatever_version=True),
    row("report", "reported", _("Report it done"), {A.UNDER_WAY}, A.REPORTED, LEADER, GRID_WORKER,
        stops=(Stage.FINISH,)),
    row("urge", "urged", _("Urge"), _WORKED_ON, None, JUDGE, whatever_version=True),
    row("accept", "accepted", pgettext_lazy("assignment", "Accept"), {A.REPORTED}, A.ACCEPTED, JUDGE),
    row("send_back", "sent_back", pgettext_lazy("assignment", "Send back"), {A.REPORTED}, A.UNDER_WAY, JUDGE,
        why="The old deadline runs on, unless a new day is given."),
    row("delist", "delisted", _("Take off the list"), {A.ACCEPTED}, A.DELISTED, JUDGE,
        why="A rectification list ends when what was put right has proved to last."),
    row("withdraw", "withdrawn", _("Withdraw the assignment"), {A.SENT, A.UNDER_WAY, A.REPORTED}, A.CANCELLED, JUDGE,
        cancels=(Stage.RECEIPT, Stage.FINISH)),
)

TARGET_STEPS = table(
    TARGET,
    row("visit", "visited", pgettext_lazy("target", "Visit"), {F.TODO, F.ABSENT}, None, ZONE_CADRE, SWEEPER, LEADER,
        why="Each line of the check-list is answered in `line_1`, `line_2` and so on. The result is the new state."),
    row("visit_again", "visited_again", _("Visit once more"), {F.VISITED, F.PROBLEM}, None, ZONE_CADRE, SWEEPER,
        LEADER, why="To look again, or to put right what was entered. Earlier visits are kept."),
    row("make_case", "became_case", _("Make it a case"), {F.PROBLEM}, None, ZONE_CADRE, SWEEPER, LEADER,
        why="Place and words are taken over; one visit makes one case."),
)
# fmt: on
