"""The lives of this room's records in four tables: an activation, a call-up, one person called, an enrolment.

Pages, API and permissions are read off them; `doors.py` has the doors. Declaring, calling up and enrolling make a
record and so are no steps of its own (`declaring.py`, `calling.py`, `enrolling.py`).
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import May
from emergency.choices import AWAITED, CalledState, CallUpState, EnrolmentState, Stage, State
from steps.meeting import AREA
from steps.table import Hand, row, table

SELF, LEADER = "self", "leader"

COMMANDER = Hand(May.DECLARE_EMERGENCY, AREA, _("a commander over the area"))
ENROLLER = Hand(May.ENROL, AREA, _("whoever enrols people in the area"))
CALLED_PERSON = Hand(None, SELF, _("the person who is called"))
ENROLLED_PERSON = Hand(None, SELF, _("the enrolled person"))
TEAM_LEADER = Hand(None, LEADER, _("the leader of the team"))

_ANSWER, _ARRIVE = (
    (Stage.ANSWER, Stage.ANSWER_ABOVE),
    (Stage.ARRIVE, Stage.ARRIVE_ABOVE),
)

ACTIVATION = table(
    "emergency",
    row("raise", "raised", _("Raise the level"), {State.DECLARED}, None, COMMANDER),
    row("lower", "lowered", _("Lower the level"), {State.DECLARED}, None, COMMANDER),
    row("instruct", "instructed", _("Change the instructions"), {State.DECLARED}, None, COMMANDER),
    row(
        "call_up", "called_up", _("Call up"), {State.DECLARED}, None, COMMANDER,
        why="Whoever is out already is not called once more.",
        whatever_version=True,
    ),
    row(
        "end", "ended", pgettext_lazy("step of an emergency", "End"), {State.DECLARED}, State.ENDED, COMMANDER,
        why="Back to peace: whoever is still out is stood down, and the hours count.",
        whatever_version=True,
    ),
)  # fmt: skip

CALL_UP = table(
    "call_up",
    row(
        "again", "repeated", _("Call the missing again"), {CallUpState.CALLING}, None, COMMANDER,
        why="Whoever has not answered or is not there in time; not more often than the level says.",
        whatever_version=True, cancels=_ANSWER, starts=(Stage.ANSWER,),
    ),
    row(
        "set_team", "team_set", _("Name the leader and the point"), {CallUpState.CALLING}, None, COMMANDER,
        whatever_version=True,
    ),
    row(
        "end", "ended", _("Stand all down"), {CallUpState.CALLING}, CallUpState.ENDED, COMMANDER,
        whatever_version=True, cancels=(*_ANSWER, *_ARRIVE),
    ),
)  # fmt: skip

CALLED = table(
    "called",
    row(
        "come", "coming", _("I am coming"), {*AWAITED, CalledState.CANNOT}, CalledState.COMING,
        CALLED_PERSON, TEAM_LEADER, COMMANDER, whatever_version=True,
    ),
    row(
        "decline", "declined", _("I cannot come"), AWAITED, CalledState.CANNOT,
        CALLED_PERSON, TEAM_LEADER, COMMANDER, whatever_version=True,
    ),
    row(
        "check_in", "checked_in", _("I am here"), {*AWAITED, CalledState.CANNOT}, CalledState.HERE,
        CALLED_PERSON, TEAM_LEADER, COMMANDER, whatever_version=True,
    ),
    row(
        "phone", "phoned", _("Called by phone"), AWAITED, None, TEAM_LEADER, COMMANDER,
        why="For who has no account, or does not answer.", whatever_version=True,
    ),
    row(
        "stand_down", "stood_down", _("Stand down"), {*AWAITED, CalledState.HERE}, CalledState.DOWN,
        TEAM_LEADER, COMMANDER, why="From there on the hours count.", whatever_version=True,
    ),
)  # fmt: skip

ENROLMENT = table(
    "enrolment",
    row("amend", "amended", _("Change"), {EnrolmentState.ACTIVE}, None, ENROLLER),
    row(
        "record_service", "service_recorded", _("Enter hours"), {EnrolmentState.ACTIVE}, None,
        ENROLLER, ENROLLED_PERSON,
        why="They count once somebody else has approved them.", whatever_version=True,
    ),
    row(
        "approve_service", "service_approved", _("Approve hours"), set(EnrolmentState), None, ENROLLER,
        whatever_version=True,
    ),
    row(
        "refuse_service", "service_refused", _("Refuse hours"), set(EnrolmentState), None, ENROLLER,
        whatever_version=True,
    ),
    row(
        "end", "ended", _("End the enrolment"), {EnrolmentState.ACTIVE}, EnrolmentState.ENDED, ENROLLER,
    ),
)  # fmt: skip
