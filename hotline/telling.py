"""Who is told what of a hotline order: a reading of the journal that fills people's bells, each exactly once."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.urls import reverse

from accounts.roles import Role
from clocks.calendar import SHANGHAI
from clocks.marks import AMBER, OVERDUE
from hotline.choices import Stage, State
from hotline.models import SUBJECT, Order
from incidents.telling import Staff
from journal.models import Event
from journal.readers import follow
from notices.tell import tell_each

READER = "hotline.telling"
People = Collection[int]


@dataclass(frozen=True)
class Told:
    """An event about an order, as the rules below see it."""

    event: Event
    order: Order
    staff: Staff

    def hotline(self) -> frozenset[int]:
        return self.staff.in_charge(self.order.area_code, Role.HOTLINE_OPERATOR)

    def visitors(self) -> frozenset[int]:
        return self.staff.in_charge(self.order.area_code, Role.RETURN_VISITOR)

    def unit(self) -> frozenset[int]:
        """The people of the unit that must act."""
        return self.staff.of_unit(self.order.unit_id)

    def units(self) -> frozenset[int]:
        """Those of all units that the event names."""
        ids = self.event.data.get("units") or []
        return frozenset().union(*(self.staff.of_unit(unit) for unit in ids))


Rule = Callable[[Told], Iterable[tuple[str, People]]]


def _sent(told: Told) -> Iterable[tuple[str, People]]:
    """Danger is told as danger: it breaks quiet hours."""
    yield ("hotline.danger" if told.order.tier.urgent else "hotline.sent"), told.unit()


def _visited(told: Told) -> Iterable[tuple[str, People]]:
    if told.event.data.get("again"):
        if told.event.data.get("to") == State.RECEIVED:
            yield "hotline.decide_again", told.hotline()
        else:
            yield "hotline.again", told.unit()


def _clock(kind: str) -> Rule:
    """Whoever has the order by this clock; that silence accepts it is told when it does."""

    def rule(told: Told) -> Iterable[tuple[str, People]]:
        match told.event.data.get("stage"):
            case Stage.DISPATCH:
                yield kind, told.hotline()
            case Stage.VISIT:
                yield kind, told.visitors()
            case Stage.RECEIVE | Stage.HANDLE:
                yield kind, told.unit()

    return rule


def _to_unit(kind: str) -> Rule:
    return lambda told: [(kind, told.unit())]


def _to_hotline(kind: str) -> Rule:
    return lambda told: [(kind, told.hotline())]


RULES_OF_TELLING: dict[str, Rule] = {
    "hotline_order.dispatched": _sent,
    "hotline_order.designated": _to_unit("hotline.must"),
    "hotline_order.upheld": _to_unit("hotline.must"),
    "hotline_order.accepted_silently": _to_unit("hotline.silent"),
    "hotline_order.unit_called_in": lambda told: [("hotline.called_in", told.units())],
    "hotline_order.returned": _to_hotline("hotline.came_back"),
    "hotline_order.case_fell": _to_hotline("hotline.decide_again"),
    "hotline_order.extension_asked": _to_hotline("hotline.asks_time"),
    "hotline_order.extended": _to_unit("hotline.time"),
    "hotline_order.extension_refused": _to_unit("hotline.time"),
    "hotline_order.visited": _visited,
    "hotline_order.noted": lambda told: [("hotline.noted", told.hotline() | told.unit())],
    AMBER: _clock("hotline.near"),
    OVERDUE: _clock("hotline.late"),
}


def tell_people(now: datetime, limit: int = 500) -> int:
    """Read the next events of the journal and fill the bells; the number of events read.

    Any number of workers may call it: one reads at a time, and cursor and notices move together.
    """
    return follow(READER, partial(_tell_all, now), verbs=RULES_OF_TELLING.keys(), limit=limit)


def _tell_all(now: datetime, events: Sequence[Event]) -> None:
    about = [event for event in events if event.subject_kind == SUBJECT]
    orders = Order.objects.select_related("tier").in_bulk({int(e.subject_id) for e in about})
    staff = Staff(now.astimezone(SHANGHAI).date())
    for event in about:
        order = orders.get(int(event.subject_id))
        if order is not None:
            _tell(Told(event, order, staff), now)


def _tell(told: Told, now: datetime) -> None:
    """One bell per person and event. Nobody is told of their own doing."""
    groups = RULES_OF_TELLING[told.event.verb](told)
    link = reverse("hotline:order", args=[told.order.number])
    tell_each(told.event, groups, facts=_facts(told), link=link, now=now)


def _facts(told: Told) -> dict[str, object]:
    data = told.event.data
    facts: dict[str, object] = {"number": told.order.number, "tier": told.order.tier_id}
    return facts | {name: data[name] for name in ("unit", "stage", "due") if data.get(name)}
