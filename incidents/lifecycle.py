"""The life of a case in one table: step, from, to, who, and what it does to the clocks.

Pages, API, permissions and the drawn diagram (`docs/lifecycle.md`) are read off `STEPS`; `taking.take` is
the only door through which a case moves. A page that is a little behind does no harm to comments and urgings. Source: domain section 2.2; requests for time: section 2.4, A.
"""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import May
from incidents.choices import OPEN, Stage, State
from steps.meeting import AREA
from steps.table import Hand, row, table


class Who(StrEnum):
    """What binds a person to this very case, beside the permission."""

    AREA = AREA  # a post over the case's area
    CHECKER = "checker"  # sent to look at the spot; never somebody of the handling unit
    LEAD = "lead"  # of the lead unit
    ASSISTING = "assisting"  # of an assisting unit
    REPORTER = "reporter"  # who reported it
    INSIDER = "insider"  # anybody who may see the case


CLERK = Hand(May.ACCEPT, Who.AREA, _("the acceptance clerk"))
DISPATCHER = Hand(May.DISPATCH, Who.AREA, _("the dispatcher"))
CHECKER = Hand(May.CHECK, Who.CHECKER, _("the person sent to look"))
LEAD = Hand(May.HANDLE, Who.LEAD, _("the lead unit"))
ASSISTING = Hand(May.HANDLE, Who.ASSISTING, _("an assisting unit"))
LEADER = Hand(May.APPROVE, Who.LEAD, _("the leader of the lead unit"))
REPORTER = Hand(None, Who.REPORTER, _("the reporter"))
FINDER = Hand(May.SELF_HANDLE, Who.REPORTER, _("the grid worker who reported it"))
RAISER = Hand(May.RAISE, Who.AREA, _("whoever answers for it below"))
TAKER = Hand(May.TAKE_OVER, Who.AREA, _("whoever answers for it above"))
WATCHER = Hand(May.URGE, Who.AREA, _("a supervisor or commander"))
INSIDER = Hand(May.SEE_CASES, Who.INSIDER, _("anybody on duty who sees the case"))

S, K = State, Stage
_ASKS = (K.ASK, K.ASK_ABOVE)
_DONE = frozenset({S.CLOSED, S.EVALUATED})

# fmt: off
STEPS = table(
    "incident",
    # --- discovery
    row("place", "placed", pgettext_lazy("step", "Place"), {S.REPORTED, S.FILED}, None, CLERK),
    row("classify", "classified", pgettext_lazy("step", "Classify"), {S.REPORTED, S.FILED}, None, CLERK,
         why="before dispatch only; the handling limit is fixed again, old and new are logged"),
    row("link", "linked", pgettext_lazy("step", "Link to main case"), OPEN, None, CLERK, DISPATCHER),
    row("confide", "confided", pgettext_lazy("step", "Keep confidential"), OPEN, None, CLERK, DISPATCHER),
    row("precheck", "precheck_sent", pgettext_lazy("step", "Send to check"), {S.REPORTED}, S.PRECHECKING, CLERK,
         pauses=(K.FILING,), starts=(K.PRECHECK,), why="must, where nobody on duty reported it"),
    row("answer_precheck", "prechecked", pgettext_lazy("step", "Report what is there"), {S.PRECHECKING}, S.REPORTED, CHECKER,
         stops=(K.PRECHECK,), resumes=(K.FILING,)),
    row("refuse", "not_accepted", pgettext_lazy("step", "Do not accept"), {S.REPORTED}, S.NOT_ACCEPTED, CLERK,
         stops=(K.FILING,), why="a reason of four kinds, and the reporter is told"),
    row("self_close", "self_closed", pgettext_lazy("step", "Self-handle"), {S.REPORTED}, S.SELF_CLOSED, FINDER,
         stops=(K.FILING,), why="items that allow it, with photos from before and after; never harm 3"),
    # --- filing and dispatch
    row("file", "filed", pgettext_lazy("step", "File"), {S.REPORTED}, S.FILED, CLERK,
         stops=(K.FILING,), starts=(K.DISPATCH,), why="item and place fix the limit; standards are ticked"),
    row("dispatch", "dispatched", pgettext_lazy("step", "Dispatch"), {S.FILED}, S.DISPATCHED, DISPATCHER,
         stops=(K.DISPATCH,), starts=(K.RECEIVE,), goes_on=(K.HANDLE,), why="one lead unit, any number assisting"),
    row("receive", "received", pgettext_lazy("step", "Receive"), {S.DISPATCHED}, S.HANDLING, LEAD, stops=(K.RECEIVE,)),
    row("return", "returned", pgettext_lazy("step", "Return"), {S.DISPATCHED, S.HANDLING}, S.FILED, LEAD,
         stops=(K.RECEIVE,), cancels=_ASKS, pauses=(K.HANDLE,), starts=(K.DISPATCH,),
         why="only a wrong dispatch, within half the limit for receipt; elapsed time is kept"),
    row("recall", "recalled", pgettext_lazy("step", "Recall"), {S.DISPATCHED, S.HANDLING}, S.FILED, DISPATCHER,
         cancels=(K.RECEIVE, *_ASKS), pauses=(K.HANDLE,), starts=(K.DISPATCH,)),
    # --- handling
    row("call_in", "unit_called_in", pgettext_lazy("step", "Call in a unit"), {S.DISPATCHED, S.HANDLING}, None, DISPATCHER),
    row("release", "unit_released", pgettext_lazy("step", "Release an assisting unit"), {S.DISPATCHED, S.HANDLING}, None,
         DISPATCHER, LEAD, why="before a return, and where a unit has nothing to add"),
    row("receive_assist", "assist_received", pgettext_lazy("step", "Receive as assisting unit"), {S.DISPATCHED, S.HANDLING}, None,
         ASSISTING),
    row("answer_assist", "assist_answered", pgettext_lazy("step", "Answer as assisting unit"), {S.DISPATCHED, S.HANDLING}, None,
         ASSISTING),
    row("answer", "answered", pgettext_lazy("step", "Answer"), {S.HANDLING}, S.FEEDBACK, LEAD,
         stops=(K.HANDLE,), cancels=_ASKS, starts=(K.VERIFY,), why="after all assisting units; after-photo where demanded"),
    row("ask_extension", "extension_asked", pgettext_lazy("step", "Ask for an extension"), {S.HANDLING}, None, LEAD,
         starts=(K.ASK,)),
    row("ask_suspension", "suspension_asked", pgettext_lazy("step", "Ask for a suspension"), {S.HANDLING}, None, LEAD,
         starts=(K.ASK,)),
    row("drop_ask", "ask_dropped", pgettext_lazy("step", "Drop the request"), {S.HANDLING}, None, LEAD, cancels=_ASKS),
    row("approve_ask", "ask_approved", pgettext_lazy("step", "Approve the request"), {S.HANDLING}, None, LEADER,
         stops=(K.ASK,), starts=(K.ASK_ABOVE,)),
    row("refuse_ask", "ask_refused", pgettext_lazy("step", "Refuse the request"), {S.HANDLING}, None, LEADER, DISPATCHER,
         stops=_ASKS, why="the leader while it is asked, the dispatcher once it is approved"),
    row("grant_extension", "extended", pgettext_lazy("step", "Grant the extension"), {S.HANDLING}, None, DISPATCHER,
         stops=(K.ASK_ABOVE,), extends=(K.HANDLE,), why="twice at most"),
    row("grant_suspension", "suspended", pgettext_lazy("step", "Grant the suspension"), {S.HANDLING}, S.SUSPENDED, DISPATCHER,
         stops=(K.ASK_ABOVE,), pauses=(K.HANDLE,), why="once, for a year at most"),
    row("resume", "resumed", pgettext_lazy("step", "Resume"), {S.SUSPENDED}, S.HANDLING, DISPATCHER, by_time=True,
         resumes=(K.HANDLE,), why="by itself on the date"),
    # --- review
    row("send_check", "check_sent", pgettext_lazy("step", "Send to verify"), {S.FEEDBACK}, S.VERIFYING, DISPATCHER),
    row("change_checker", "checker_changed", pgettext_lazy("step", "Send somebody else"), {S.PRECHECKING, S.VERIFYING}, None,
         CLERK, DISPATCHER),
    row("pass_check", "check_passed", pgettext_lazy("step", "Solved on the spot"), {S.VERIFYING}, None, CHECKER,
         stops=(K.VERIFY,), starts=(K.FEEDBACK,)),
    row("rework", "reworked", pgettext_lazy("step", "Not solved on the spot"), {S.VERIFYING}, S.HANDLING, CHECKER,
         stops=(K.VERIFY,), reopens=(K.HANDLE,), why="what was done is kept; the original due time stays"),
    row("send_back", "sent_back", pgettext_lazy("step", "Send back to the unit"), {S.FEEDBACK, S.VERIFYING}, S.HANDLING, DISPATCHER,
         stops=(K.VERIFY,), cancels=(K.FEEDBACK,), reopens=(K.HANDLE,), why="the answer will not do; as rework"),
    row("inform", "informed", pgettext_lazy("step", "Tell the reporter"), {S.FEEDBACK, S.VERIFYING}, None, DISPATCHER),
    row("close", "closed", pgettext_lazy("step", "Close"), {S.FEEDBACK, S.VERIFYING}, S.CLOSED, DISPATCHER,
         stops=(K.VERIFY, K.FEEDBACK), why="checked where the rules ask for it, and the reporter told"),
    row("rate", "rated", pgettext_lazy("step", "Rate"), {S.CLOSED}, S.EVALUATED, REPORTER, DISPATCHER,
         why="the dispatcher writes down what the reporter said"),
    row("reopen", "reopened", pgettext_lazy("step", "Not solved: reopen"), {S.CLOSED}, S.HANDLING, REPORTER, DISPATCHER,
         cancels=_ASKS, starts=(K.HANDLE,), why="once, when the reporter is not satisfied"),
    row("evaluate", "evaluated", pgettext_lazy("step", "Evaluate"), {S.CLOSED}, S.EVALUATED, by_time=True, why="no answer for seven days"),
    # --- overdue appeal (domain section 2.4, A)
    row("appeal", "appealed", pgettext_lazy("step", "Appeal against the lateness"), _DONE, None, LEAD, starts=(K.ASK,),
         why="once, where the unit was late"),
    row("support_appeal", "appeal_supported", pgettext_lazy("step", "Support the appeal"), _DONE, None, DISPATCHER,
         stops=(K.ASK,), starts=(K.ASK_ABOVE,), why="the first of two reviews"),
    row("grant_appeal", "appeal_granted", pgettext_lazy("step", "Grant the appeal"), _DONE, None, CLERK,
         stops=(K.ASK_ABOVE,), why="the lateness stays a fact and is exempted from the figures"),
    row("refuse_appeal", "appeal_refused", pgettext_lazy("step", "Refuse the appeal"), _DONE, None, DISPATCHER, CLERK,
         stops=_ASKS, why="the dispatcher while it is asked, the clerk once it is supported"),
    # --- at any time
    row("withdraw", "withdrawn", pgettext_lazy("step", "Void"), OPEN, S.WITHDRAWN, CLERK, cancels=tuple(Stage),
         why="never deleted; the reason is kept"),
    row("take_back", "taken_back", pgettext_lazy("step", "Take back"), {S.REPORTED, S.PRECHECKING}, S.WITHDRAWN, REPORTER,
         cancels=tuple(Stage)),
    row("urge", "urged", pgettext_lazy("step", "Urge"), OPEN, None, WATCHER, whatever_version=True),
    row("raise", "raised", pgettext_lazy("step", "Push up a level"), OPEN, None, RAISER,
         why="by one level, with a reason; by whoever is on the case's level or above it"),
    row("take_over", "taken_over", pgettext_lazy("step", "Take over"), OPEN, None, TAKER,
         why="to one's own level, from below, with a reason"),
    row("hand_back", "handed_back", pgettext_lazy("step", "Hand back"), OPEN, None, TAKER,
         why="down again, with a reason; by the level that has it, or one above"),
    row("climb", "climbed", pgettext_lazy("step", "Climb"), OPEN, None, by_time=True,
         why="the ladder's doing (docs/escalation.md); never past a level that has it already"),
    row("comment", "commented", pgettext_lazy("step", "Comment"), OPEN | {S.CLOSED}, None, INSIDER, REPORTER,
        whatever_version=True),
)
# fmt: on
