"""The piles of work on a desk: which cases wait for a clerk, a dispatcher, a unit or somebody on the street."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.roles import May
from incidents.choices import AppealState, AskState, State
from incidents.models import Assignment, Incident

# A pile is counted up to here and no further; the page then says "99+".
MOST = 99


@dataclass(frozen=True)
class Queue:
    """A pile: whose it is, what lies on it, and the step that takes a case off it."""

    code: str
    label: Promise
    may: May
    waits: Q
    next_step: str
    empty: Promise
    assisting: bool = False  # the unit's part is to assist, not to lead


DESK: tuple[Queue, ...] = (
    Queue(
        "to_file", _("To file"), May.ACCEPT, Q(state=State.REPORTED) & ~Q(grid_code=""), "file",
        _("Every report has been looked at."),
    ),
    Queue(
        "to_place", _("To place"), May.ACCEPT, Q(state=State.REPORTED, grid_code=""), "place",
        _("Every report has a place."),
    ),
    Queue(
        "being_checked", _("Being checked"), May.ACCEPT, Q(state=State.PRECHECKING), "",
        _("Nobody is out to check before filing."),
    ),
    Queue(
        "to_dispatch", _("To dispatch"), May.DISPATCH, Q(state=State.FILED, returned_last=False),
        "dispatch", _("Every filed case has its unit."),
    ),
    Queue(
        "returned", _("Returned"), May.DISPATCH, Q(state=State.FILED, returned_last=True),
        "dispatch", _("No unit has sent a case back."),
    ),
    Queue(
        "requests", _("Requests for time"), May.DISPATCH,
        Q(state=State.HANDLING, asks__state=AskState.APPROVED), "",
        _("No unit waits for an answer about time."),
    ),
    Queue(
        "to_verify", _("Answered"), May.DISPATCH, Q(state=State.FEEDBACK), "send_check",
        _("No answer waits for verification."),
    ),
    Queue(
        "to_close", _("To close"), May.DISPATCH, Q(state=State.VERIFYING, check_passed=True),
        "close", _("Nothing verified waits to be closed."),
    ),
    Queue(
        "being_verified", _("Being verified"), May.DISPATCH,
        Q(state=State.VERIFYING) & ~Q(check_passed=True), "",
        _("Nobody is out to verify."),
    ),
    Queue(
        "appeals", _("Appeals"), May.DISPATCH,
        Q(state__in=[State.CLOSED, State.EVALUATED], appeals__state=AppealState.ASKED),
        "support_appeal", _("No unit appeals against its lateness."),
    ),
    Queue(
        "appeals_supported", _("Appeals, second review"), May.ACCEPT,
        Q(state__in=[State.CLOSED, State.EVALUATED], appeals__state=AppealState.SUPPORTED),
        "grant_appeal", _("No appeal waits for a second review."),
    ),
    Queue(
        "with_units", _("With units"), May.DISPATCH,
        Q(state__in=[State.DISPATCHED, State.HANDLING, State.SUSPENDED]), "",
        _("No case is with a unit."),
    ),
)  # fmt: skip

UNIT: tuple[Queue, ...] = (
    Queue(
        "to_receive", _("To receive"), May.HANDLE, Q(state=State.DISPATCHED), "receive",
        _("Nothing new has been sent."),
    ),
    Queue(
        "to_handle", _("To handle"), May.HANDLE, Q(state=State.HANDLING), "answer",
        _("Nothing is being handled."),
    ),
    Queue(
        "to_approve", _("To approve"), May.APPROVE,
        Q(state=State.HANDLING, asks__state=AskState.ASKED), "approve_ask",
        _("Nobody asks for time."),
    ),
    Queue(
        "to_assist", _("To assist"), May.HANDLE, Q(state__in=[State.DISPATCHED, State.HANDLING]),
        "answer_assist", _("No lead unit waits for your part."), assisting=True,
    ),
    Queue(
        "suspended", _("Suspended"), May.HANDLE, Q(state=State.SUSPENDED), "",
        _("Nothing is suspended."),
    ),
    Queue(
        "answered", _("Answered, under review"), May.HANDLE,
        Q(state__in=[State.FEEDBACK, State.VERIFYING]), "",
        _("No answer is under review."),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Pile:
    """A queue as one actor sees it now."""

    queue: Queue
    count: int

    @property
    def shown(self) -> str:
        return f"{MOST}+" if self.count > MOST else str(self.count)


def open_to(actor: Actor, queues: tuple[Queue, ...]) -> tuple[Queue, ...]:
    """The queues that the actor's posts give."""
    return tuple(queue for queue in queues if actor.posts_with(queue.may))


def waiting(cases: QuerySet[Incident], queue: Queue, actor: Actor) -> QuerySet[Incident]:
    """The cases of the queue that lie in the actor's own hands: in the area of the post, or of its unit."""
    return cases.filter(queue.waits).filter(_in_the_hands_of(actor, queue))


def _in_the_hands_of(actor: Actor, queue: Queue) -> Q:
    units = actor.organisation_ids(queue.may)
    if queue.assisting:
        pending = Assignment.objects.filter(
            unit_id__in=units, lead=False, replied_at=None, returned_at=None, withdrawn_at=None
        )
        return Q(pk__in=pending.values("incident_id"))
    hands = Q(unit_id__in=units) if units else Q(pk__in=())
    for prefix in actor.area_prefixes(queue.may):
        hands |= Q(area_code__startswith=prefix)
    return hands


def piles(cases: QuerySet[Incident], queues: tuple[Queue, ...], actor: Actor) -> list[Pile]:
    """Each queue with its capped count: one bounded index read a queue, however many cases there are."""
    return [Pile(q, waiting(cases, q, actor).order_by()[: MOST + 1].count()) for q in queues]
