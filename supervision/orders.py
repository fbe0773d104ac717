"""Opening orders on cases (督办): a unit must answer a question by a time."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor, HeldPost
from accounts.models import Organisation
from accounts.roles import May
from clocks import running
from clocks.allowance import Allowance, AllowanceError
from clocks.choices import AllowanceKind
from config.refusal import Refused
from incidents.models import Incident
from incidents.supervised import demand_open, locked, mark
from journal.append import Happening, append_many
from supervision.choices import STAGE
from supervision.models import Order

OPENED = "supervision.opened"
# One press orders on so many cases at most.
MOST_CASES = 100


def open_orders(
    *,
    numbers: Collection[str],
    unit_id: int | None = None,
    question: str,
    answer_by: Allowance | datetime,
    by: Actor,
    now: datetime,
    cause: str = "",
) -> list[Order]:
    """Order an answer on each of the cases `numbers`, all or none; the orders that were opened.

    `unit_id` must be on every case or be its centre; without it each case's unit that must act now answers, else its
    centre. `answer_by` is a limit, counted by the case's calendar, or a moment (aware). `cause` is for the
    system's own orders: what has one opens once a case, and a case that has it is passed over.
    Raises Incident.DoesNotExist for a case that is not seen, PermissionDenied without the post, Refused:
    `case_not_open` (409), `nobody_to_answer` (409), `unit_not_on_case`, `too_many_cases`, `answer_by_past` (422).
    """
    limit, rule = limit_of(answer_by, now)
    if len(numbers) > MOST_CASES:
        raise Refused("too_many_cases", _("Choose at most %(n)s cases.") % {"n": MOST_CASES})
    with transaction.atomic():
        cases = _without(cause, locked(numbers, by))
        posts = [_post(case, by) for case in cases]
        demand_open(cases)
        events: list[Happening] = []
        orders = []
        for case, post in zip(cases, posts, strict=True):
            order = _drawn_up(case, _unit(case, unit_id), question, limit, by, post, now)
            order.cause = cause
            order.save(force_insert=True)
            start_clock(order, limit, rule, now)
            orders.append(order)
            events += _events(order, case, by, post, now)
        append_many(events)
    return orders


def limit_of(answer_by: Allowance | datetime, now: datetime) -> tuple[Allowance, str]:
    """The limit and where it comes from. A moment is so many minutes, day and night, away."""
    if isinstance(answer_by, Allowance):
        return answer_by, "order:limit"
    if timezone.is_naive(answer_by) or answer_by <= now:
        sentence = _("The time by which to answer must lie in the future.")
        raise Refused("answer_by_past", sentence, field="answer_by")
    minutes = Decimal((answer_by - now).total_seconds()) / 60
    try:
        limit = Allowance(minutes.quantize(Decimal("0.01")), AllowanceKind.MINUTE_CONT)
    except AllowanceError as fault:
        raise Refused("answer_by_too_far", fault.sentence, field="answer_by") from fault
    return limit, "order:moment"


def _without(cause: str, cases: list[Incident]) -> list[Incident]:
    """The cases (locked, so nobody adds to them now) that this cause has not opened an order on."""
    if not cause:
        return cases
    had = Order.objects.filter(incident__in=cases, cause=cause)
    known = set(had.values_list("incident_id", flat=True))
    return [case for case in cases if case.pk not in known]


def _post(case: Incident, by: Actor) -> HeldPost | None:
    return None if by.is_system else by.require(May.SUPERVISE, area_code=case.area_code)


def _unit(case: Incident, unit_id: int | None) -> int:
    answering = unit_id or case.unit_id or case.centre_id
    if answering is None:
        raise Refused(
            "nobody_to_answer",
            _("Case %(number)s has neither a unit nor a centre that could answer.")
            % {"number": case.number},
            409,
        )
    if answering not in {case.centre_id, case.unit_id, *case.units}:
        raise Refused(
            "unit_not_on_case",
            _("%(unit)s was never sent case %(number)s and is not its centre.")
            % {"unit": Organisation.objects.get(pk=answering), "number": case.number},
            field="unit",
        )
    return answering


def _drawn_up(
    case: Incident,
    unit_id: int,
    question: str,
    limit: Allowance,
    by: Actor,
    post: HeldPost | None,
    now: datetime,
) -> Order:
    return Order(
        incident=case,
        unit_id=unit_id,
        question=question,
        from_post=(post.recorded or post.title) if post else "",
        from_area=post.area_code if post else case.area_code,
        area_code=case.area_code,
        opened_by_id=by.user_id,
        allowance_value=limit.value,
        allowance_kind=limit.kind,
        opened_at=now,
    )


def start_clock(order: Order, limit: Allowance, rule: str, now: datetime) -> None:
    """Start the clock of the order's present round, and copy its deadline onto the order for lists."""
    clock = running.start(
        subject=order.subject,
        stage=STAGE,
        round=order.round,
        allowance=limit,
        rule=rule,
        area_code=order.area_code,
        unit_id=order.unit_id,
        now=now,
    )
    order.due_at, order.amber_at = clock.due_at, clock.amber_at
    order.save(update_fields=["due_at", "amber_at"])


def _events(
    order: Order, case: Incident, by: Actor, post: HeldPost | None, now: datetime
) -> list[Happening]:
    told = mark(
        case, order=order.pk, unit_id=order.unit_id, due=order.due_at, by=by, now=now, post=post
    )
    return [told, happening(OPENED, order, case, by, post, now, cause=order.cause)]


def happening(
    verb: str,
    order: Order,
    case: Incident,
    by: Actor,
    post: HeldPost | None,
    now: datetime,
    **more: object,
) -> Happening:
    """An event of the order: ids and facts, none of the words that were written."""
    return Happening(
        verb=verb,
        subject=order.subject,
        area_code=order.area_code,
        by=by,
        now=now,
        post=post,
        data={
            "number": case.number,
            "unit": order.unit_id,
            "round": order.round,
            "due": order.due_at.isoformat() if order.due_at else None,
            **more,
        },
    )
