"""The one door through which an order moves: seen, allowed, locked, checked, moved, timed, journaled.

Everything is one transaction; locks are taken case, order, clocks, journal.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor, ActorKind, HeldPost
from clocks import running
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from config.refusal import Refused, SomebodyWasFirst
from incidents.choices import OPEN
from incidents.models import Incident
from incidents.querysets import WRITE
from incidents.supervised import unmark
from journal.append import Happening, append_many
from supervision.choices import STANDS, OrderState
from supervision.models import Order, Reply
from supervision.orders import happening, limit_of, start_clock
from supervision.querysets import visible_to
from supervision.steps import ORDER_STEPS, OrderStep, Who

LONGEST_TEXT = 2000


class NotYours(Refused, PermissionDenied):
    """403: the order may be seen, but the step is in other hands."""

    def __init__(self, step: OrderStep) -> None:
        sentence = (
            gettext_lazy("This is in the hands of the unit that the order names.")
            if step.who is Who.UNIT
            else gettext_lazy(
                "This is in the hands of whoever supervises where the order came from."
            )
        )
        super().__init__("not_in_your_hands", sentence, 403)


@dataclass
class Turn:
    """One step in the middle: the case and the order are locked."""

    step: OrderStep
    order: Order
    case: Incident
    by: Actor
    now: datetime
    text: str
    answer_by: Allowance | datetime | None
    post: HeldPost | None


def take(
    step: str,
    *,
    order_id: int,
    text: str = "",
    answer_by: Allowance | datetime | None = None,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Order:
    """Take one step of the table with an order; the order as it is then.

    `text` is the answer, the reason or the note. `answer_by` is for sending back: how long the unit has now, else as
    long as before. `version` is the one that was seen (None: whatever it is now). Raises Order.DoesNotExist where the
    actor does not see it, NotYours (403), SomebodyWasFirst (409), Refused: `not_in_this_state` (409), `text_missing`,
    `text_too_long` (422), and as `open_orders` for the time.
    """
    row = step_named(step)
    with transaction.atomic():
        case, order = _locked(order_id, by)
        post = _demanded_post(row, order, by)
        _demand_version(order, version)
        _demand_state(row, order)
        turn = Turn(row, order, case, by, now, _words(row, text), answer_by, post)
        events = _done(turn)
        append_many(events)
    return order


def step_named(code: str) -> OrderStep:
    """The row of the table. Raises Refused `unknown_step`."""
    if code not in ORDER_STEPS:
        raise Refused("unknown_step", _("There is no step of this name."), 404)
    return ORDER_STEPS[code]


def steps_for(order: Order, actor: Actor) -> list[OrderStep]:
    """What this actor may do with the order now."""
    return [
        step
        for step in ORDER_STEPS.values()
        if order.state in step.sources and _post(step, order, actor)
    ]


def _locked(order_id: int, by: Actor) -> tuple[Incident, Order]:
    seen = visible_to(by).only("incident_id").get(pk=order_id)
    case = Incident.objects.select_for_update().get(pk=seen.incident_id)
    return case, Order.objects.select_for_update().get(pk=order_id)


# --- may it be done? -------------------------------------------------------------------------------


def _demanded_post(step: OrderStep, order: Order, by: Actor) -> HeldPost | None:
    if by.is_system and step.by_time:
        return None
    post = _post(step, order, by)
    if post is None:
        raise NotYours(step)
    return post


def _post(step: OrderStep, order: Order, by: Actor) -> HeldPost | None:
    if by.kind is ActorKind.CLIENT and WRITE not in by.scopes:
        return None
    return next((post for post in by.posts_with(step.may) if _is_bound(step, order, post)), None)


def _is_bound(step: OrderStep, order: Order, post: HeldPost) -> bool:
    if step.who is Who.UNIT:
        return post.organisation_id == order.unit_id
    return post.covers(order.from_area)


def _demand_version(order: Order, version: int | None) -> None:
    if version is not None and order.version != version:
        raise SomebodyWasFirst


def _demand_state(step: OrderStep, order: Order) -> None:
    if order.state not in step.sources:
        raise Refused(
            "not_in_this_state",
            _("The order is now “%(state)s”: “%(step)s” is not possible.")
            % {"state": order.get_state_display(), "step": step.label},
            409,
        )


def _words(step: OrderStep, text: str) -> str:
    text = text.replace("\x00", "").strip()
    if step.words_needed and not text:
        raise Refused(
            "text_missing", _("Write down: %(what)s.") % {"what": step.words}, field="text"
        )
    if len(text) > LONGEST_TEXT:
        sentence = _("At most %(n)s characters.") % {"n": LONGEST_TEXT}
        raise Refused("text_too_long", sentence, field="text")
    return text


# --- it is done --------------------------------------------------------------------------------------


def _done(turn: Turn) -> list[Happening]:
    match turn.step.code:
        case "answer":
            _answer(turn)
        case "accept":
            _judge(turn)
        case "send_back":
            _send_back(turn)
        case "close":
            _judge(turn)
        case "withdraw":
            running.cancel(subject=turn.order.subject, now=turn.now)
    _write(turn, turn.step.to)
    events = [_event(turn, turn.step.verb)]
    if turn.step.code == "accept" and turn.case.state not in OPEN:
        _write(turn, OrderState.CLOSED)
        events.append(_event(turn, ORDER_STEPS["close"].verb))
    return _mark_of_case(turn) + events


def _answer(turn: Turn) -> None:
    running.stop(subject=turn.order.subject, now=turn.now)
    Reply.objects.create(
        order=turn.order,
        round=turn.order.round,
        text=turn.text,
        replied_by_id=turn.by.user_id,
        replied_at=turn.now,
    )


def _judge(turn: Turn) -> None:
    given = Reply.objects.filter(order=turn.order, round=turn.order.round, judged_at=None)
    given.update(verdict=turn.text, judged_at=turn.now)


def _send_back(turn: Turn) -> None:
    _judge(turn)
    order = turn.order
    before = Allowance(order.allowance_value, AllowanceKind(order.allowance_kind))
    limit, rule = limit_of(turn.answer_by or before, turn.now)
    order.round += 1
    order.allowance_value, order.allowance_kind = limit.value, limit.kind
    start_clock(order, limit, rule, turn.now)


def _write(turn: Turn, state: OrderState) -> None:
    order = turn.order
    order.state, order.version = state, order.version + 1
    if state not in STANDS:
        order.ended_at, order.end_reason = turn.now, turn.text
    order.save()


def _event(turn: Turn, verb: str) -> Happening:
    return happening(verb, turn.order, turn.case, turn.by, turn.post, turn.now)


def _mark_of_case(turn: Turn) -> list[Happening]:
    """The case is supervised as long as one order stands."""
    if turn.order.state in STANDS or not turn.case.supervised:
        return []
    if Order.objects.filter(incident=turn.case, state__in=STANDS).exists():
        return []
    return [unmark(turn.case, by=turn.by, now=turn.now, post=turn.post)]
