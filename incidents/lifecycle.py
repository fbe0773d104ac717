"""The life of a case in one table: step, from, to, who, and what it does to the clocks.

Pages, API, permissions and the drawn diagram (`docs/lifecycle.md`) are read off `STEPS`.
Source: domain section 2.2; requests for time: section 2.4, default A.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import May
from incidents.choices import OPEN, Stage, State


class Who(StrEnum):
    """Whose hands a step is in, beside the permission it needs."""

    ANYONE = "anyone"  # with the permission over the area
    CENTRE = "centre"  # an area post covering the case
    CHECKER = "checker"  # the grid worker sent there; never somebody of the handling unit
    LEAD = "lead"  # the lead unit
    UNIT = "unit"  # the lead or an assisting unit
    REPORTER = "reporter"  # who reported it
    SYSTEM = "system"  # time itself


@dataclass(frozen=True)
class Step:
    """One row: `to` is None where the state stays. Stages name the clocks that stop, start, pause, resume."""

    code: str
    label: Promise
    sources: frozenset[State]
    to: State | None
    may: May | None
    who: Who
    stops: tuple[Stage, ...] = ()
    starts: tuple[Stage, ...] = ()
    pauses: tuple[Stage, ...] = ()
    resumes: tuple[Stage, ...] = ()
    why: str = ""

    @property
    def verb(self) -> str:
        return f"incident.{self.code}"


S, K, M = State, Stage, May


def _row(
    code: str,
    label: Promise,
    sources: set[State] | frozenset[State],
    to: State | None,
    may: May | None,
    who: Who,
    **clocks: object,
) -> Step:
    return Step(code, label, frozenset(sources), to, may, who, **clocks)  # type: ignore[arg-type]


STEPS: dict[str, Step] = {
    step.code: step
    for step in (
        # fmt: off
        # --- discovery
        _row("place", _("Place"), {S.REPORTED}, None, M.ACCEPT, Who.CENTRE),
        _row("classify", _("Classify"), {S.REPORTED, S.FILED}, None, M.ACCEPT, Who.CENTRE,
             why="before dispatch only; limits are computed again from filing"),
        _row("link", _("Link to main case"), {S.REPORTED, S.FILED}, None, M.ACCEPT, Who.CENTRE),
        _row("precheck", _("Send to check"), {S.REPORTED}, S.PRECHECKING, M.ACCEPT, Who.CENTRE,
             pauses=(K.FILING,), starts=(K.PRECHECK,)),
        _row("answer_precheck", _("Report what is there"), {S.PRECHECKING}, S.REPORTED, M.CHECK, Who.CHECKER,
             stops=(K.PRECHECK,), resumes=(K.FILING,)),
        _row("refuse", _("Do not accept"), {S.REPORTED}, S.NOT_ACCEPTED, M.ACCEPT, Who.CENTRE,
             stops=(K.FILING,), why="a reason of four kinds; the reporter is told"),
        _row("self_close", _("Self-handle"), {S.REPORTED}, S.SELF_CLOSED, M.SELF_HANDLE, Who.REPORTER,
             stops=(K.FILING,), why="items that allow it, with before and after photo"),
        # --- filing and dispatch
        _row("file", _("File"), {S.REPORTED}, S.FILED, M.ACCEPT, Who.CENTRE,
             stops=(K.FILING,), starts=(K.DISPATCH,), why="item, place and standards fix the limit"),
        _row("dispatch", _("Dispatch"), {S.FILED}, S.DISPATCHED, M.DISPATCH, Who.CENTRE,
             stops=(K.DISPATCH,), starts=(K.RECEIVE, K.HANDLE), resumes=(K.HANDLE,)),
        _row("receive", _("Receive"), {S.DISPATCHED}, S.HANDLING, M.HANDLE, Who.LEAD, stops=(K.RECEIVE,)),
        _row("return", _("Return"), {S.DISPATCHED, S.HANDLING}, S.FILED, M.HANDLE, Who.LEAD,
             stops=(K.RECEIVE,), pauses=(K.HANDLE,), starts=(K.DISPATCH,),
             why="only a wrong dispatch; elapsed time is kept; within half the receive limit"),
        _row("recall", _("Recall dispatch"), {S.DISPATCHED}, S.FILED, M.DISPATCH, Who.CENTRE,
             stops=(K.RECEIVE,), pauses=(K.HANDLE,), starts=(K.DISPATCH,)),
        # --- handling
        _row("receive_assist", _("Receive as assisting unit"), {S.DISPATCHED, S.HANDLING}, None, M.HANDLE, Who.UNIT),
        _row("answer_assist", _("Answer as assisting unit"), {S.DISPATCHED, S.HANDLING}, None, M.HANDLE, Who.UNIT),
        _row("answer", _("Answer"), {S.HANDLING}, S.FEEDBACK, M.HANDLE, Who.LEAD,
             stops=(K.HANDLE,), starts=(K.VERIFY,), why="after all assisting units; with after-photo"),
        _row("ask_extension", _("Ask for an extension"), {S.HANDLING}, None, M.HANDLE, Who.LEAD),
        _row("ask_suspension", _("Ask for a suspension"), {S.HANDLING}, None, M.HANDLE, Who.LEAD),
        _row("approve_ask", _("Approve the request"), {S.HANDLING}, None, M.APPROVE, Who.LEAD),
        _row("refuse_ask", _("Refuse the request"), {S.HANDLING}, None, None, Who.ANYONE,
             why="the unit's leader while asked, the dispatcher once approved"),
        _row("grant_extension", _("Grant the extension"), {S.HANDLING}, None, M.DISPATCH, Who.CENTRE),
        _row("grant_suspension", _("Grant the suspension"), {S.HANDLING}, S.SUSPENDED, M.DISPATCH, Who.CENTRE,
             pauses=(K.HANDLE,)),
        _row("resume", _("Resume"), {S.SUSPENDED}, S.HANDLING, M.DISPATCH, Who.CENTRE,
             resumes=(K.HANDLE,), why="also by itself on the date"),
        # --- review
        _row("send_check", _("Send to verify"), {S.FEEDBACK}, S.VERIFYING, M.DISPATCH, Who.CENTRE),
        _row("pass_check", _("Passed on site"), {S.VERIFYING}, None, M.CHECK, Who.CHECKER,
             stops=(K.VERIFY,), starts=(K.FEEDBACK,)),
        _row("rework", _("Rework"), {S.VERIFYING}, S.HANDLING, M.CHECK, Who.CHECKER,
             stops=(K.VERIFY,), why="the original due time stays"),
        _row("inform", _("Tell the reporter"), {S.FEEDBACK, S.VERIFYING, S.REPORTED}, None, M.DISPATCH, Who.CENTRE),
        _row("close", _("Close"), {S.FEEDBACK, S.VERIFYING}, S.CLOSED, M.DISPATCH, Who.CENTRE,
             stops=(K.VERIFY, K.FEEDBACK), why="checked where the rules ask for it, and the reporter told"),
        _row("rate", _("Rate"), {S.CLOSED}, S.EVALUATED, None, Who.REPORTER),
        _row("record_rating", _("Record the reporter's rating"), {S.CLOSED}, S.EVALUATED, M.DISPATCH, Who.CENTRE),
        _row("reopen", _("Reopen"), {S.CLOSED}, S.HANDLING, M.DISPATCH, Who.CENTRE,
             starts=(K.HANDLE,), why="once, when the reporter is not satisfied"),
        _row("evaluate", _("Evaluate"), {S.CLOSED}, S.EVALUATED, None, Who.SYSTEM,
             why="no answer for seven days"),
        # --- at any time
        _row("withdraw", _("Void"), OPEN, S.WITHDRAWN, M.ACCEPT, Who.CENTRE, stops=tuple(Stage),
             why="never deleted; a reason is kept"),
        _row("take_back", _("Take back"), {S.REPORTED, S.PRECHECKING}, S.WITHDRAWN, None, Who.REPORTER,
             stops=tuple(Stage)),
        _row("comment", _("Comment"), OPEN | {S.CLOSED}, None, M.SEE_CASES, Who.ANYONE),
        _row("urge", _("Urge"), OPEN, None, M.URGE, Who.CENTRE),
        # fmt: on
    )
}
