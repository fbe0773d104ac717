"""The life of a case in one table: step, from, to, who, and what it does to the clocks.

Pages, API, permissions and the drawn diagram (`docs/lifecycle.md`) are read off `STEPS`; `taking.take` is
the only door through which a case moves. Source: domain section 2.2; requests for time: section 2.4, A.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict, Unpack

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import May
from incidents.choices import OPEN, Stage, State


class Who(StrEnum):
    """What binds a person to this very case, beside the permission."""

    AREA = "area"  # a post over the case's area
    CHECKER = "checker"  # sent to look at the spot; never somebody of the handling unit
    LEAD = "lead"  # of the lead unit
    ASSISTING = "assisting"  # of an assisting unit
    REPORTER = "reporter"  # who reported it
    INSIDER = "insider"  # anybody who may see the case
    SYSTEM = "system"  # time itself


@dataclass(frozen=True)
class Hand:
    """A hand that a step can be in: a permission (None: none is needed), and a bond to the case."""

    may: May | None
    who: Who
    label: Promise


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
TIME = Hand(None, Who.SYSTEM, _("the system, when the time has come"))


class Moves(TypedDict, total=False):
    """What a step does to the clocks of stages. Nothing named here stays as it is."""

    stops: tuple[Stage, ...]  # met or missed
    cancels: tuple[Stage, ...]  # no longer counts
    pauses: tuple[Stage, ...]
    resumes: tuple[Stage, ...]
    starts: tuple[Stage, ...]  # a new clock with its full allowance
    goes_on: tuple[Stage, ...]  # the paused one, or else a new one
    reopens: tuple[Stage, ...]  # a new round that keeps the original due time
    extends: tuple[Stage, ...]  # by one original limit


@dataclass(frozen=True)
class Step:
    """One row. `to` is None where the state stays. `verb` is the journal's word for it."""

    code: str
    verb: str
    label: Promise
    sources: frozenset[State]
    to: State | None
    hands: tuple[Hand, ...]
    moves: Moves
    why: str = ""


S, K = State, Stage
_ASKS = (K.ASK, K.ASK_ABOVE)
_DONE = frozenset({S.CLOSED, S.EVALUATED})


def _row(
    code: str,
    verb: str,
    label: Promise,
    sources: set[State] | frozenset[State],
    to: State | None,
    *hands: Hand,
    why: str = "",
    **moves: Unpack[Moves],
) -> Step:
    return Step(code, f"incident.{verb}", label, frozenset(sources), to, hands, moves, why)


# fmt: off
STEPS: dict[str, Step] = {
    step.code: step
    for step in (
        # --- discovery
        _row("place", "placed", pgettext_lazy("step", "Place"), {S.REPORTED, S.FILED}, None, CLERK),
        _row("classify", "classified", pgettext_lazy("step", "Classify"), {S.REPORTED, S.FILED}, None, CLERK,
             why="before dispatch only; the handling limit is fixed again, old and new are logged"),
        _row("link", "linked", pgettext_lazy("step", "Link to main case"), OPEN, None, CLERK, DISPATCHER),
        _row("confide", "confided", pgettext_lazy("step", "Keep confidential"), OPEN, None, CLERK, DISPATCHER),
        _row("precheck", "precheck_sent", pgettext_lazy("step", "Send to check"), {S.REPORTED}, S.PRECHECKING, CLERK,
             pauses=(K.FILING,), starts=(K.PRECHECK,), why="must, where nobody on duty reported it"),
        _row("answer_precheck", "prechecked", pgettext_lazy("step", "Report what is there"), {S.PRECHECKING}, S.REPORTED, CHECKER,
             stops=(K.PRECHECK,), resumes=(K.FILING,)),
        _row("refuse", "not_accepted", pgettext_lazy("step", "Do not accept"), {S.REPORTED}, S.NOT_ACCEPTED, CLERK,
             stops=(K.FILING,), why="a reason of four kinds, and the reporter is told"),
        _row("self_close", "self_closed", pgettext_lazy("step", "Self-handle"), {S.REPORTED}, S.SELF_CLOSED, FINDER,
             stops=(K.FILING,), why="items that allow it, with photos from before and after; never harm 3"),
        # --- filing and dispatch
        _row("file", "filed", pgettext_lazy("step", "File"), {S.REPORTED}, S.FILED, CLERK,
             stops=(K.FILING,), starts=(K.DISPATCH,), why="item and place fix the limit; standards are ticked"),
        _row("dispatch", "dispatched", pgettext_lazy("step", "Dispatch"), {S.FILED}, S.DISPATCHED, DISPATCHER,
             stops=(K.DISPATCH,), starts=(K.RECEIVE,), goes_on=(K.HANDLE,), why="one lead unit, any number assisting"),
        _row("receive", "received", pgettext_lazy("step", "Receive"), {S.DISPATCHED}, S.HANDLING, LEAD, stops=(K.RECEIVE,)),
        _row("return", "returned", pgettext_lazy("step", "Return"), {S.DISPATCHED, S.HANDLING}, S.FILED, LEAD,
             stops=(K.RECEIVE,), cancels=_ASKS, pauses=(K.HANDLE,), starts=(K.DISPATCH,),
             why="only a wrong dispatch, within half the limit for receipt; elapsed time is kept"),
        _row("recall", "recalled", pgettext_lazy("step", "Recall"), {S.DISPATCHED, S.HANDLING}, S.FILED, DISPATCHER,
             cancels=(K.RECEIVE, *_ASKS), pauses=(K.HANDLE,), starts=(K.DISPATCH,)),
        # --- handling
        _row("call_in", "unit_called_in", pgettext_lazy("step", "Call in a unit"), {S.DISPATCHED, S.HANDLING}, None, DISPATCHER),
        _row("release", "unit_released", pgettext_lazy("step", "Release an assisting unit"), {S.DISPATCHED, S.HANDLING}, None,
             DISPATCHER, LEAD, why="before a return, and where a unit has nothing to add"),
        _row("receive_assist", "assist_received", pgettext_lazy("step", "Receive as assisting unit"), {S.DISPATCHED, S.HANDLING}, None,
             ASSISTING),
        _row("answer_assist", "assist_answered", pgettext_lazy("step", "Answer as assisting unit"), {S.DISPATCHED, S.HANDLING}, None,
             ASSISTING),
        _row("answer", "answered", pgettext_lazy("step", "Answer"), {S.HANDLING}, S.FEEDBACK, LEAD,
             stops=(K.HANDLE,), cancels=_ASKS, starts=(K.VERIFY,), why="after all assisting units; after-photo where demanded"),
        _row("ask_extension", "extension_asked", pgettext_lazy("step", "Ask for an extension"), {S.HANDLING}, None, LEAD,
             starts=(K.ASK,)),
        _row("ask_suspension", "suspension_asked", pgettext_lazy("step", "Ask for a suspension"), {S.HANDLING}, None, LEAD,
             starts=(K.ASK,)),
        _row("drop_ask", "ask_dropped", pgettext_lazy("step", "Drop the request"), {S.HANDLING}, None, LEAD, cancels=_ASKS),
        _row("approve_ask", "ask_approved", pgettext_lazy("step", "Approve the request"), {S.HANDLING}, None, LEADER,
             stops=(K.ASK,), starts=(K.ASK_ABOVE,)),
        _row("refuse_ask", "ask_refused", pgettext_lazy("step", "Refuse the request"), {S.HANDLING}, None, LEADER, DISPATCHER,
             stops=_ASKS, why="the leader while it is asked, the dispatcher once it is approved"),
        _row("grant_extension", "extended", pgettext_lazy("step", "Grant the extension"), {S.HANDLING}, None, DISPATCHER,
             stops=(K.ASK_ABOVE,), extends=(K.HANDLE,), why="twice at most"),
        _row("grant_suspension", "suspended", pgettext_lazy("step", "Grant the suspension"), {S.HANDLING}, S.SUSPENDED, DISPATCHER,
             stops=(K.ASK_ABOVE,), pauses=(K.HANDLE,), why="once, for a year at most"),
        _row("resume", "resumed", pgettext_lazy("step", "Resume"), {S.SUSPENDED}, S.HANDLING, DISPATCHER, TIME,
             resumes=(K.HANDLE,), why="by itself on the date"),
        # --- review
        _row("send_check", "check_sent", pgettext_lazy("step", "Send to verify"), {S.FEEDBACK}, S.VERIFYING, DISPATCHER),
        _row("change_checker", "checker_changed", pgettext_lazy("step", "Send somebody else"), {S.PRECHECKING, S.VERIFYING}, None,
             CLERK, DISPATCHER),
        _row("pass_check", "check_passed", pgettext_lazy("step", "Solved on the spot"), {S.VERIFYING}, None, CHECKER,
             stops=(K.VERIFY,), starts=(K.FEEDBACK,)),
        _row("rework", "reworked", pgettext_lazy("step", "Not solved on the spot"), {S.VERIFYING}, S.HANDLING, CHECKER,
             stops=(K.VERIFY,), reopens=(K.HANDLE,), why="what was done is kept; the original due time stays"),
        _row("send_back", "sent_back", pgettext_lazy("step", "Send back to the unit"), {S.FEEDBACK, S.VERIFYING}, S.HANDLING, DISPATCHER,
             stops=(K.VERIFY,), cancels=(K.FEEDBACK,), reopens=(K.HANDLE,), why="the answer will not do; as rework"),
        _row("inform", "informed", pgettext_lazy("step", "Tell the reporter"), {S.FEEDBACK, S.VERIFYING}, None, DISPATCHER),
        _row("close", "closed", pgettext_lazy("step", "Close"), {S.FEEDBACK, S.VERIFYING}, S.CLOSED, DISPATCHER,
             stops=(K.VERIFY, K.FEEDBACK), why="checked where the rules ask for it, and the reporter told"),
        _row("rate", "rated", pgettext_lazy("step", "Rate"), {S.CLOSED}, S.EVALUATED, REPORTER, DISPATCHER,
             why="the dispatcher writes down what the reporter said"),
        _row("reopen", "reopened", pgettext_lazy("step", "Not solved: reopen"), {S.CLOSED}, S.HANDLING, REPORTER, DISPATCHER,
             cancels=_ASKS, starts=(K.HANDLE,), why="once, when the reporter is not satisfied"),
        _row("evaluate", "evaluated", pgettext_lazy("step", "Evaluate"), {S.CLOSED}, S.EVALUATED, TIME, why="no answer for seven days"),
        # --- overdue appeal (domain section 2.4, A)
        _row("appeal", "appealed", pgettext_lazy("step", "Appeal against the lateness"), _DONE, None, LEAD, starts=(K.ASK,),
             why="once, where the unit was late"),
        _row("support_appeal", "appeal_supported", pgettext_lazy("step", "Support the appeal"), _DONE, None, DISPATCHER,
             stops=(K.ASK,), starts=(K.ASK_ABOVE,), why="the first of two reviews"),
        _row("grant_appeal", "appeal_granted", pgettext_lazy("step", "Grant the appeal"), _DONE, None, CLERK,
             stops=(K.ASK_ABOVE,), why="the lateness stays a fact and is exempted from the figures"),
        _row("refuse_appeal", "appeal_refused", pgettext_lazy("step", "Refuse the appeal"), _DONE, None, DISPATCHER, CLERK,
             stops=_ASKS, why="the dispatcher while it is asked, the clerk once it is supported"),
        # --- at any time
        _row("withdraw", "withdrawn", pgettext_lazy("step", "Void"), OPEN, S.WITHDRAWN, CLERK, cancels=tuple(Stage),
             why="never deleted; the reason is kept"),
        _row("take_back", "taken_back", pgettext_lazy("step", "Take back"), {S.REPORTED, S.PRECHECKING}, S.WITHDRAWN, REPORTER,
             cancels=tuple(Stage)),
        _row("urge", "urged", pgettext_lazy("step", "Urge"), OPEN, None, WATCHER),
        _row("raise", "raised", pgettext_lazy("step", "Push up a level"), OPEN, None, RAISER,
             why="by one level, with a reason; by whoever is on the case's level or above it"),
        _row("take_over", "taken_over", pgettext_lazy("step", "Take over"), OPEN, None, TAKER,
             why="to one's own level, from below, with a reason"),
        _row("hand_back", "handed_back", pgettext_lazy("step", "Hand back"), OPEN, None, TAKER,
             why="down again, with a reason; by the level that has it, or one above"),
        _row("climb", "climbed", pgettext_lazy("step", "Climb"), OPEN, None, TIME,
             why="the ladder's doing (docs/escalation.md); never past a level that has it already"),
        _row("comment", "commented", pgettext_lazy("step", "Comment"), OPEN | {S.CLOSED}, None, INSIDER, REPORTER),
    )
}
# fmt: on

# A page that is a little behind does no harm here: these take whatever version the case has.
WHATEVER_VERSION = frozenset({"comment", "urge"})
