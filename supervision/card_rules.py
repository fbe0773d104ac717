"""The rules that draw cards: rows that an administrator edits."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.edits import write_over
from accounts.roles import May
from config.refusal import Refused
from journal.append import append
from supervision.choices import Colour, Counted
from supervision.models import CardRule


def rules_for(by: Actor) -> "QuerySet[CardRule]":
    """All rules, for who may edit them and for who watches units."""
    allowed = by.posts_with(May.MANAGE_CARDS) or by.posts_with(May.SUPERVISE)
    return CardRule.objects.all() if allowed else CardRule.objects.none()


def add_rule(
    *, colour: str, counted: str, threshold: int, within_days: int, by: Actor, now: datetime
) -> CardRule:
    """A new rule. Raises PermissionDenied, Refused `rule_exists` (409), `rule_cannot_be` (422)."""
    post = by.require(May.MANAGE_CARDS)
    _demand_sense(colour, counted, threshold, within_days)
    facts = {"threshold": threshold, "within_days": within_days}
    try:
        with transaction.atomic():
            rule = CardRule.objects.create(
                colour=colour, counted=counted, changed_at=now, changed_by=by.label, **facts
            )
            append(
                "card_rule.added", subject=("card_rule", rule.pk), area_code="", by=by, now=now, post=post,
                data=_told(rule),
            )  # fmt: skip
    except IntegrityError as fault:
        raise _exists() from fault
    return rule


def change_rule(
    *,
    rule_id: int,
    threshold: int,
    within_days: int,
    active: bool,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> CardRule:
    """Change a rule; what was missed before counts by the new figures from the next miss on. Raises
    CardRule.DoesNotExist, PermissionDenied, SomebodyWasFirst, Refused as `add_rule`."""
    post = by.require(May.MANAGE_CARDS)
    rule = rules_for(by).get(pk=rule_id)
    _demand_sense(rule.colour, rule.counted, threshold, within_days)
    before = _told(rule)
    facts = {"threshold": threshold, "within_days": within_days, "active": active}
    try:
        with transaction.atomic():
            rule = write_over(rule, version=version, by=by, now=now, **facts)
            append(
                "card_rule.changed", subject=("card_rule", rule.pk), area_code="", by=by, now=now, post=post,
                data=_told(rule) | {"before": before},
            )  # fmt: skip
    except IntegrityError as fault:
        raise _exists() from fault
    return rule


def _demand_sense(colour: str, counted: str, threshold: int, within_days: int) -> None:
    if colour == Colour.YELLOW and counted == Counted.YELLOW_CARD:
        sentence = _("Yellow cards draw red ones, never yellow ones.")
        raise Refused("rule_cannot_be", sentence, field="counted")
    if not 1 <= threshold <= 1000:
        raise Refused("rule_cannot_be", _("The number must be 1 to 1000."), field="threshold")
    if not 1 <= within_days <= 366:
        raise Refused("rule_cannot_be", _("The days must be 1 to 366."), field="within_days")


def _exists() -> Refused:
    sentence = _("There is a rule in force for this colour and this kind of miss. Change that one.")
    return Refused("rule_exists", sentence, 409)


def _told(rule: CardRule) -> dict[str, object]:
    return {
        "card_colour": rule.colour,
        "counted": rule.counted,
        "threshold": rule.threshold,
        "days": rule.within_days,
        "active": rule.active,
    }
