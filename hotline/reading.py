"""Reading hotline orders for a face: what a row shows and what the page shows, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse

from accounts.actor import Actor
from accounts.roles import May
from clocks.lamps import Lamp, lamp, lamp_of
from clocks.models import Clock
from grids.queries import area_names, codes_above
from hotline.callers import Caller, History, masked, post_that_may_call
from hotline.choices import Stage, State
from hotline.door import DOOR
from hotline.models import Order, OrderPhoto, Part, Visit
from hotline.photos import may_add
from hotline.querysets import visible_to
from incidents.querysets import visible_to as cases_visible_to
from incidents.reading import Stop, time_left
from incidents.responsibility import said
from steps.door import Offer
from steps.history import Line, timeline

SHORT = 90
_ROAD: tuple[tuple[frozenset[State], State], ...] = (
    (frozenset({State.RECEIVED, State.RETURNED}), State.RECEIVED),
    (frozenset({State.DISPATCHED}), State.DISPATCHED),
    (frozenset({State.ACCEPTED, State.DESIGNATED}), State.ACCEPTED),
    (frozenset({State.HANDLING, State.EXTENDED, State.IN_CASE}), State.HANDLING),
    (frozenset({State.REPLIED}), State.REPLIED),
    (frozenset({State.VISITED}), State.VISITED),
    (frozenset({State.CLOSED}), State.CLOSED),
)
# Steps that end, undo or stand beside the road never stand first.
_LAST = ("note", "return", "other_way", "refuse_extension", "unreachable", "amend", "call_in")


@dataclass(frozen=True)
class Row:
    """An order as one line of a list."""

    order: Order
    lamp: Lamp
    left: str
    place: str

    @property
    def summary(self) -> str:
        text = self.order.text
        return text if len(text) <= SHORT else f"{text[:SHORT]}…"


def rows(orders: Sequence[Order], now: datetime) -> list[Row]:
    """The lines of a list made with `querysets.for_list`. One query for all names of areas."""
    names = area_names({code for one in orders for code in (one.area_code[:9], one.area_code)})
    return [
        Row(
            one,
            lamp(one.due_at, one.amber_at, now),
            time_left(one.due_at, now),
            " ".join(
                names[code]
                for code in dict.fromkeys((one.area_code[:9], one.area_code))
                if code in names
            ),
        )
        for one in orders
    ]


@dataclass(frozen=True)
class Lit:
    """A clock with its lamp now; `left` is empty once it stopped."""

    clock: Clock
    stage: str
    lamp: Lamp
    left: str


@dataclass(frozen=True)
class Shown:
    """A photo as a page shows it."""

    url: str
    thumbnail: str
    alt: str
    note: str = ""


class OrderReading:
    """One order as one actor reads it now."""

    def __init__(self, order: Order, actor: Actor, now: datetime) -> None:
        self.order, self.actor, self.now = order, actor, now
        self.meeting = DOOR.meet(order, actor, now)

    @property
    def lamp(self) -> Lamp:
        return lamp(self.order.due_at, self.order.amber_at, self.now)

    @property
    def left(self) -> str:
        return time_left(self.order.due_at, self.now)

    @cached_property
    def offers(self) -> list[Offer]:
        return DOOR.available(self.order, self.actor, self.now)

    @property
    def can(self) -> list[Offer]:
        """What may be pressed, what brings the order forward first."""
        allowed = [offer for offer in self.offers if offer.allowed]
        return sorted(allowed, key=lambda o: (o.step.code in _LAST, o.step.to is None))

    @property
    def cannot(self) -> list[Offer]:
        """What may not, and why; not what lies behind or far ahead."""
        return [o for o in self.offers if not o.allowed and o.kind == "guard"]

    @cached_property
    def clocks(self) -> list[Lit]:
        kind, pk = self.order.subject
        found = Clock.objects.filter(subject_kind=kind, subject_id=pk).order_by("started_at", "id")
        return [self._lit(clock) for clock in found]

    def _lit(self, clock: Clock) -> Lit:
        left = time_left(clock.due_at, self.now) if clock.stopped_at is None else ""
        return Lit(clock, str(Stage(clock.stage).label), lamp_of(clock, self.now), left)

    @cached_property
    def parts(self) -> list[Part]:
        return self.meeting.all_parts

    @property
    def why_unit(self) -> str:
        """Why this unit has it."""
        return said(self.order.unit_why) if self.order.unit_id else ""

    @cached_property
    def visits(self) -> list[Visit]:
        return list(self.order.visits.all())

    @cached_property
    def caller(self) -> Caller | None:
        """Who called, masked; nothing for those who may not know, or where nobody is named."""
        named = self.order.caller_name or self.order.caller_phone
        return masked(self.order) if named and self.may_call else None

    @cached_property
    def may_call(self) -> bool:
        return post_that_may_call(self.actor, self.order) is not None

    @cached_property
    def history(self) -> History:
        """What the same caller asked for besides; for the hotline only."""
        if not self.order.caller_hash or not self.actor.posts_with(May.SEE_ORDERS):
            return History(False, [])
        mine = visible_to(self.actor).filter(caller_hash=self.order.caller_hash)
        others = mine.exclude(pk=self.order.pk).select_related("unit", "item", "tier")
        return History(True, list(others.order_by("-taken_at")[:5]))

    @cached_property
    def case_is_seen(self) -> bool:
        """Whether the actor may open the case that the order became."""
        case = self.order.case_id
        return case is not None and cases_visible_to(self.actor).filter(pk=case).exists()

    @property
    def may_add_photos(self) -> bool:
        return may_add(self.meeting)

    @cached_property
    def photos(self) -> list[Shown]:
        return [self._shown(photo) for photo in self.order.photos.all()]

    def _shown(self, photo: OrderPhoto) -> Shown:
        def address(size: str) -> str:
            return reverse("hotline:photo", args=[self.order.number, photo.pk, size])

        return Shown(address("full"), address("thumb"), self.order.number)

    @cached_property
    def place(self) -> list[str]:
        """Names from the district down to the most exact area known."""
        codes = [*codes_above(self.order.area_code), self.order.area_code]
        names = area_names(set(codes))
        return [names[code] for code in codes if code in names and len(code) >= 6]

    @property
    def stops(self) -> list[Stop]:
        """The states as a progress bar; empty for an order that was settled without a unit."""
        here = State(self.order.state)
        at = next((n for n, (states, _name) in enumerate(_ROAD) if here in states), None)
        if at is None:
            return []
        ended = here is State.CLOSED
        return [
            Stop(str(name.label), "done" if n < at or ended else "now" if n == at else "")
            for n, (_states, name) in enumerate(_ROAD)
        ]

    @cached_property
    def timeline(self) -> list[Line]:
        """What happened, the newest first."""
        return list(reversed(timeline(self.order.subject)))
