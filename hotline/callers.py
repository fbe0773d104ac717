"""Who called: encrypted, found by a keyed hash, masked on every page, shown on request with a reason.

The unit that must act may see whom to call back, while it must act and unless the caller asked that it must not: the
response rate counts whether it did (docs/decisions/hotline.md). Units that only help, and those that gave the order
back, may not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor, HeldPost
from accounts.personal import keyed_hash, mask_name, mask_phone
from accounts.reveal import Kind, Sealed
from accounts.roles import May, Scope
from hotline.choices import ENDS, WITH_UNIT
from hotline.limits import HISTORY_SHOWN
from hotline.models import Order
from hotline.phones import number_of
from hotline.querysets import visible_to


@dataclass(frozen=True)
class Caller:
    """Name and number, masked."""

    name: str
    phone: str

    def __str__(self) -> str:
        return f"{self.name} {self.phone}".strip()


def masked(order: Order) -> Caller:
    """For pages: `张*`, `138****1234`."""
    return Caller(mask_name(order.caller_name), mask_phone(order.caller_phone))


def post_that_may_call(actor: Actor, order: Order) -> HeldPost | None:
    """The post under which the actor may know who called, or None."""
    for may in (May.TAKE_CALLS, May.VISIT):
        for post in actor.posts_with(may):
            if post.rule_scope is Scope.AREA and post.covers(order.area_code):
                return post
    if order.confidential or order.state not in WITH_UNIT:
        return None
    units = (post for post in actor.posts_with(May.HANDLE) if post.organisation_id == order.unit_id)
    return next(units, None)


def _find(actor: Actor, ident: str, now: datetime) -> Sealed | None:
    order = visible_to(actor).filter(number=ident).first()
    if order is None or not (order.caller_name or order.caller_phone):
        return None
    post = post_that_may_call(actor, order)
    if post is None:
        raise PermissionDenied(str(May.SEE_REPORTER))
    value = f"{order.caller_name} {order.caller_phone}".strip()
    return Sealed(value, order.subject, order.area_code, post)


def _mask(value: str) -> str:
    name, _space, phone = value.rpartition(" ")
    return f"{mask_name(name)} {mask_phone(phone)}".strip()


CALLER = Kind(
    name="hotline.caller",
    label=_("Caller"),
    find=_find,
    mask=_mask,
    back=lambda ident: reverse("hotline:order", args=[ident]),
)


@dataclass(frozen=True)
class History:
    """What the same number asked for before: open orders first, then the newest."""

    known: bool
    orders: Sequence[Order]

    @property
    def open_count(self) -> int:
        return sum(order.state not in ENDS for order in self.orders)


def history_of(actor: Actor, said: str) -> History:
    """The orders of a number that the actor sees, found by its keyed hash; one query."""
    phone = number_of(said)
    if not phone:
        return History(False, [])
    mine = visible_to(actor).filter(caller_hash=keyed_hash(phone))
    found = list(mine.select_related("unit", "item", "tier").order_by("-taken_at")[:HISTORY_SHOWN])
    return History(True, sorted(found, key=lambda order: order.state in ENDS))
