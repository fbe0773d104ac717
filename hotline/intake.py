"""An order is taken in: numbered, placed, its caller kept apart; what was decided at once is done at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor, ActorKind, HeldPost
from accounts.personal import keyed_hash
from accounts.roles import May
from config.refusal import Refused
from hotline.choices import Channel, Decision, Stage, State
from hotline.door import DOOR
from hotline.intake_form import Intake
from hotline.models import SUBJECT, Call, Order
from hotline.placing import home_of, place
from hotline.querysets import WRITE, visible_to
from journal.append import append
from steps.door import show_open
from steps.forms import FactsRefused
from steps.numbering import next_number


@dataclass(frozen=True)
class TakenIn:
    """An order as it was taken in. `created` is False where it had come before; `notes` say what was kept how."""

    order: Order
    created: bool
    notes: tuple[str | Promise, ...] = ()


def take_in(
    *, by: Actor, now: datetime, facts: Mapping[str, Any], call: Call | None = None
) -> TakenIn:
    """Take an order in. `facts` is what was typed or sent (see `intake_form.Intake`); `now` is aware.

    It is never refused for its caller or its place. Raises PermissionDenied, FactsRefused (422), Refused.
    """
    post = _demand_permission(by)
    form = Intake(facts, by=by)
    if not form.is_valid():
        raise FactsRefused(form)
    known = _sent_before(form.cleaned_data, by)
    if known is not None:
        return TakenIn(known, created=False)
    with transaction.atomic():
        order, notes = _write(form.cleaned_data, by, now, post, call)
        order = _decide(order, form, by, now)
    return TakenIn(order, True, notes)


def _demand_permission(by: Actor) -> HeldPost:
    if by.kind is ActorKind.CLIENT and WRITE not in by.scopes:
        raise PermissionDenied(str(May.TAKE_CALLS))
    return by.require(May.TAKE_CALLS)


def _sent_before(facts: Mapping[str, Any], by: Actor) -> Order | None:
    """The order that this very message became before. Raises Refused where it is somebody else's."""
    if not facts["external_id"]:
        return None
    client_id = by.id if by.kind is ActorKind.CLIENT else None
    same = Order.objects.filter(external_id=facts["external_id"], client_id=client_id)
    found = same.first()
    if found is not None and not visible_to(by).filter(pk=found.pk).exists():
        said = _("Another order has this number of the sender already.")
        raise Refused("external_id_taken", said, 409, field="external_id")
    return found


def _write(
    facts: Mapping[str, Any], by: Actor, now: datetime, post: HeldPost, call: Call | None
) -> tuple[Order, tuple[str | Promise, ...]]:
    order = Order(state=State.RECEIVED, taken_at=now, updated_at=now, taken_by_id=by.user_id)
    for name in ("caller_name", "caller_phone", "confidential", "text", "item", "tier"):
        setattr(order, name, facts[name])
    order.channel, order.external_id = Channel(facts["channel"]), facts["external_id"]
    order.client_id = by.id if by.kind is ActorKind.CLIENT else None
    order.caller_hash, order.call = keyed_hash(order.caller_phone), call
    notes = _place(order, facts, by)
    order.number = next_number("H", "hotline_order_number", now, digits=6)
    order.save(force_insert=True)
    _begin(order, by, now, post)
    return order, notes


def _place(order: Order, facts: Mapping[str, Any], by: Actor) -> tuple[str | Promise, ...]:
    """Any window takes anything (一口通办): what lies elsewhere waits with the hotline that was called."""
    home = home_of(by)
    place(order, facts, home)
    if any(order.area_code.startswith(area) for area in by.area_prefixes(May.TAKE_CALLS)):
        return ()
    order.area_code = home
    return (_("The place lies outside your area. The order was kept with you, to be handed on."),)


def _begin(order: Order, by: Actor, now: datetime, post: HeldPost) -> None:
    """The first clock, and the first event."""
    DOOR.start_clock(DOOR.meet(order, by, now), Stage.DISPATCH)
    show_open(order, order.subject)
    order.save(update_fields=["due_at", "amber_at"])
    append(
        "hotline_order.taken_in",
        subject=(SUBJECT, order.pk),
        area_code=order.area_code,
        by=by,
        now=now,
        post=post,
        data={
            "number": order.number,
            "to": order.state,
            "version": 1,
            "intake_channel": order.channel,
            "tier": order.tier_id,
        },
    )


# The facts of a step, and the field of the intake in which they stand.
_STANDS_IN: dict[Decision, dict[str, str]] = {
    Decision.ANSWER: {"text": "said"},
    Decision.OTHER_WAY: {"way": "way", "line": "line", "repeats": "repeats", "text": "said"},
    Decision.DISPATCH: {"unit": "unit", "reason": "reason"},
    Decision.CASE: {"case": "case", "note": "said"},
}


def _decide(order: Order, form: Intake, by: Actor, now: datetime) -> Order:
    """Take the step that was chosen; what stands against it is said beside the field of the intake."""
    decision = Decision(form.cleaned_data["decision"])
    if decision is Decision.KEEP:
        return order
    stands_in = _STANDS_IN[decision]
    facts = {fact: form.data.get(field, "") for fact, field in stands_in.items()}
    try:
        return DOOR.take(str(decision), number=order.number, by=by, now=now, facts=facts)
    except FactsRefused as refused:
        for error in refused.errors:
            form.add_to(stands_in.get(error["field"], "decision"), error["message"], error["code"])
        raise FactsRefused(form) from None
