"""Yellow and red cards (黄牌/红牌): drawn for a unit that missed too much, by rules that an administrator edits.

Misses are read off the journal, each once. A contractor's lateness counts for the department above it too (domain
row B11). A rule uses up the misses that it drew a card for, so each crossing of its threshold draws one card.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import SYSTEM, Actor
from accounts.models import Organisation, OrganisationKind
from accounts.roles import May
from config.refusal import Refused, SomebodyWasFirst
from incidents.deadlines import SUBJECT as CASE
from journal.append import append
from journal.models import Event
from journal.readers import follow
from supervision import counting
from supervision.choices import SUBJECT, Colour, Counted
from supervision.models import Card, CardRule, Ground, Miss, Order
from supervision.querysets import cards_of
from supervision.telling import CARD

READER = "supervision.cards"


def count_misses(limit: int = 500) -> int:
    """Read what was missed since, and draw the cards that are due; the number of events read."""
    return follow(READER, _count_all, verbs=counting.verbs(), limit=limit)


def _count_all(events: Sequence[Event]) -> None:
    rules = list(CardRule.objects.filter(active=True))
    for event in events:
        if counting.forgives(event):
            _forgive(event.data.get("clocks") or [], event.at)
        elif (counted := counting.counted_as(event)) is not None:
            _count(event, counted, rules)


def _forgive(clocks: Collection[int], at: datetime) -> None:
    """The deadline was missed in fact, and does not count (domain section 2.4, appeal). A card drawn for it stays,
    until somebody lifts it."""
    Miss.objects.filter(clock_id__in=clocks, forgiven_at=None).update(forgiven_at=at)


def _count(event: Event, counted: Counted, rules: Sequence[CardRule]) -> None:
    unit = Organisation.objects.get(pk=event.data["unit"])
    above = unit.administrative_parent_id if unit.kind == OrganisationKind.CONTRACTOR else None
    for unit_id, through in ((unit.pk, None), (above, unit.pk)):
        if unit_id is not None:
            miss = Miss(unit_id=unit_id, counted=counted, through_id=through)
            miss.event_id, miss.clock_id, miss.at = event.pk, event.data.get("clock"), event.at
            miss.incident_id = _case_of(event)
            miss.save()
            _draw_for(miss, rules)


def _case_of(event: Event) -> int | None:
    if event.subject_kind == CASE:
        return int(event.subject_id)
    if event.subject_kind != SUBJECT:
        return None
    return Order.objects.filter(pk=event.subject_id).values_list("incident_id", flat=True).first()


def _draw_for(miss: Miss, rules: Sequence[CardRule]) -> None:
    for rule in rules:
        if rule.counted == miss.counted:
            standing = list(_not_used_up(rule, miss))
            if len(standing) >= rule.threshold:
                _draw(rule, miss, standing, rules)


def _not_used_up(rule: CardRule, last: Miss) -> Sequence[Miss]:
    """What counts against the unit within the rule's days, up to the last miss."""
    since = last.at - timedelta(days=rule.within_days)
    within = Miss.objects.filter(
        unit_id=last.unit_id, counted=rule.counted, at__gt=since, at__lte=last.at, forgiven_at=None
    )
    used = Ground.objects.filter(rule=rule, miss__in=within).values_list("miss_id", flat=True)
    return [miss for miss in within if miss.pk not in set(used)]


def _draw(rule: CardRule, last: Miss, for_: Sequence[Miss], rules: Sequence[CardRule]) -> None:
    card = Card.objects.create(
        unit_id=last.unit_id, rule=rule, colour=rule.colour, drawn_at=last.at
    )
    Ground.objects.bulk_create(Ground(card=card, rule=rule, miss=miss) for miss in for_)
    drawn = append(
        "card.drawn",
        subject=(CARD, card.pk),
        area_code=card.unit.area_code,
        by=SYSTEM,
        now=last.at,
        data=_facts(card)
        | {"misses": len(for_), "counted": rule.counted, "days": rule.within_days},
    )
    if card.colour == Colour.YELLOW:
        miss = Miss.objects.create(
            unit_id=card.unit_id,
            counted=Counted.YELLOW_CARD,
            event_id=drawn.pk,
            card=card,
            at=last.at,
        )
        _draw_for(miss, rules)


def _facts(card: Card) -> dict[str, object]:
    return {"unit": card.unit_id, "card_colour": card.colour, "rule": card.rule_id}


def lift_card(
    *, card_id: int, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Card:
    """Take a card back; it stays on record with its reason, and a yellow one does not count for a red one any more.

    Raises Card.DoesNotExist where it is not seen, PermissionDenied, SomebodyWasFirst, Refused `lifted_already` (409),
    `text_missing` (422).
    """
    with transaction.atomic():
        seen = cards_of(by).get(pk=card_id)
        card = Card.objects.select_for_update(of=("self",)).select_related("unit").get(pk=seen.pk)
        post = by.require(May.LIFT_CARD, area_code=card.unit.area_code)
        _demand_liftable(card, reason, version)
        card.lifted_at, card.lifted_by_id, card.lift_reason = now, by.user_id, reason.strip()
        card.version += 1
        card.save()
        Miss.objects.filter(card=card).update(forgiven_at=now)
        append(
            "card.lifted",
            subject=(CARD, card.pk),
            area_code=card.unit.area_code,
            by=by,
            now=now,
            post=post,
            data=_facts(card),
        )
    return card


def _demand_liftable(card: Card, reason: str, version: int | None) -> None:
    if version is not None and card.version != version:
        raise SomebodyWasFirst
    if card.lifted_at is not None:
        raise Refused("lifted_already", _("This card has been lifted already."), 409)
    if not reason.strip():
        raise Refused("text_missing", _("Write down why the card is lifted."), field="reason")
