"""Reading orders and cards for a face, in a constant number of queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.post_words import posts_told
from accounts.roles import May
from clocks.lamps import Lamp, lamp
from config.refusal import Refused
from incidents.choices import OPEN
from incidents.models import Incident
from incidents.panels import Drawn
from incidents.querysets import visible_to as cases_visible_to
from incidents.reading import time_left
from journal.models import Event
from journal.queries import timeline
from journal.wording import Line, lines
from supervision.choices import SUBJECT, TO_ANSWER, Colour
from supervision.filters import PILE_STATES
from supervision.models import Card, Miss, Order
from supervision.querysets import visible_to
from supervision.questions import question_of

# A pile is counted up to here and no further; the page then says "99+".
MOST = 99


@dataclass(frozen=True)
class Row:
    """An order as one line: its lamp and the time left while it waits for an answer."""

    order: Order
    lamp: Lamp
    left: str
    post: str  # under which it was ordered, in the reader's language

    @property
    def question(self) -> str:
        return question_of(self.order)

    @property
    def item(self) -> str:
        item = self.order.incident.item
        return item.shown_name if item else ""


def for_list(orders: "QuerySet[Order]") -> "QuerySet[Order]":
    """The orders with what a line shows, in one query."""
    return orders.select_related("unit", "incident__item", "opened_by")


def rows(orders: Sequence[Order], now: datetime) -> list[Row]:
    """The lines of a list made with `for_list`."""
    posts = posts_told(order.from_post for order in orders)
    return [_row(order, now, posts.get(order.from_post, "")) for order in orders]


def row(order: Order, now: datetime) -> Row:
    """One line."""
    return rows([order], now)[0]


def _row(order: Order, now: datetime, post: str) -> Row:
    if order.state not in TO_ANSWER:
        return Row(order, Lamp.NONE, "", post)
    return Row(order, lamp(order.due_at, order.amber_at, now), time_left(order.due_at, now), post)


def pile_counts(orders: "QuerySet[Order]") -> dict[str, str]:
    """How many lie on each pile that somebody must act on, each counted to `MOST` at most."""
    found = {}
    for code in ("to_answer", "to_judge", "watched"):
        count = orders.filter(state__in=PILE_STATES[code]).order_by()[: MOST + 1].count()
        found[code] = f"{MOST}+" if count > MOST else str(count)
    return found


def story(order: Order) -> list[Line]:
    """What happened to an order, the newest first."""
    return list(reversed(lines(timeline(SUBJECT, order.pk))))


def seen_case(order: Order, actor: Actor) -> bool:
    """Whether the actor may open the case that the order stands on."""
    return cases_visible_to(actor).filter(pk=order.incident_id).exists()


def cases_numbered(actor: Actor, numbers: Sequence[str]) -> list[Incident]:
    """The cases of these numbers that the actor sees, in the given order."""
    seen = cases_visible_to(actor).select_related("item", "unit", "centre")
    found = {case.number: case for case in seen.filter(number__in=numbers)}
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def units_of(case: Incident) -> "QuerySet[Organisation]":
    """Who can be ordered to answer for a case: its centre, and every unit that was ever sent it."""
    known = (case.centre_id, case.unit_id, *case.units)
    ids = {one for one in known if one is not None}
    return Organisation.objects.filter(pk__in=ids)


def orders_panel(case: Incident, actor: Actor, now: datetime) -> Drawn | None:
    """The orders on a case that the actor sees, and whether a further one may be opened."""
    may = case.state in OPEN and bool(actor.may(May.SUPERVISE, area_code=case.area_code))
    if not may and not actor.posts_with(May.ANSWER_ORDER):
        return None
    found = rows(list(for_list(visible_to(actor).filter(incident=case))), now)
    if not found and not may:
        return None
    new = f"{reverse('supervision:new_order')}?number={case.number}" if may else ""
    return Drawn("supervision/_panel.html", {"rows": found, "new": new})


def unit_coded(code: str) -> Organisation | None:
    """The organisation with this code; None for an empty one. Raises Refused `unknown_unit` (422)."""
    found = Organisation.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise Refused("unknown_unit", _("There is no unit with this code."), field="unit")
    return found


# --- cards ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitCards:
    """A unit with its cards that stand."""

    unit: Organisation
    yellow: int
    red: int
    last: datetime


def cards_by_unit(cards: "QuerySet[Card]") -> list[UnitCards]:
    """The units that have cards which were not lifted, those with red ones first. Cards are few."""
    standing = cards.filter(lifted_at=None).order_by()
    counted = list(
        standing.values("unit_id").annotate(
            yellow=Count("id", filter=Q(colour=Colour.YELLOW)),
            red=Count("id", filter=Q(colour=Colour.RED)),
            last=Max("drawn_at"),
        )
    )
    units = Organisation.objects.in_bulk([each["unit_id"] for each in counted])
    found = [
        UnitCards(units[each["unit_id"]], each["yellow"], each["red"], each["last"])
        for each in counted
    ]
    return sorted(found, key=lambda each: (-each.red, -each.yellow, each.unit.code))


@dataclass(frozen=True)
class Ground:
    """Something that a card was drawn for. `about` names what is neither a case nor a card, such as a whistle."""

    miss: Miss
    about: str


def grounds(card: Card) -> list[Ground]:
    """What a card was drawn for, the oldest first."""
    standing = Miss.objects.filter(pk__in=card.grounds.values("miss_id"))
    misses = list(standing.select_related("incident", "through", "card"))
    others = [one.event_id for one in misses if one.incident is None and one.card is None]
    names = _subjects_of(others) if others else {}
    return [Ground(miss, names.get(miss.event_id, "")) for miss in misses]


def _subjects_of(event_ids: Collection[int]) -> dict[int, str]:
    """What these events are about, in words."""
    found = lines(Event.objects.filter(pk__in=event_ids), with_subjects=True)
    return {line.event.pk: line.subject for line in found}
