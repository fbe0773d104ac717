"""Rules of escalation: which one a case climbs by, and how administrators write them.

The most exact rule wins: item before area, then risk, urgency and stage. So two rules can tie only where all
five conditions are the same, which is refused when the second is saved, here and by the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import authority
from accounts.actor import Actor
from accounts.edits import write_over
from accounts.roles import May
from config.refusal import Refused
from escalation.models import EscalationRule
from escalation.rungs import read_rungs
from incidents.models import Incident
from incidents.responsibility_rules import known_areas, known_item_codes
from journal.append import append

RULE = "escalation_rule"  # the subject in the journal


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a rule says. Empty conditions hold for any; `rungs` as `escalation.rungs` reads them."""

    name: str
    area_code: str = ""
    item_code: str = ""
    risk: str = ""
    urgency: str = ""
    stage: str = ""
    rungs: list[dict[str, Any]]
    active: bool = True

    @property
    def conditions(self) -> dict[str, str]:
        names = ("item_code", "area_code", "risk", "urgency", "stage")
        return {name: getattr(self, name) for name in names}

    def facts(self) -> dict[str, Any]:
        """As JSON, for the journal."""
        return {"name": self.name, **self.conditions, "rungs": self.rungs, "active": self.active}


def wording_of(rule: EscalationRule) -> Wording:
    """What a stored rule says."""
    names = Wording.__dataclass_fields__
    return Wording(**{name: getattr(rule, name) for name in names})


# --- choosing ---------------------------------------------------------------------------------------


class RuleBook:
    """The rules in force, in memory: choosing for many clocks costs one query."""

    def __init__(self, rules: Iterable[EscalationRule] | None = None) -> None:
        known = EscalationRule.objects.filter(active=True) if rules is None else rules
        self._rules = sorted(known, key=_breadth, reverse=True)

    def matching(self, incident: Incident, stage: str) -> list[EscalationRule]:
        """The rules that fit a stage of a case, the winner first."""
        return [rule for rule in self._rules if _fits(rule, incident, stage)]

    def choose(self, incident: Incident, stage: str) -> EscalationRule | None:
        """The rule by which a stage of a case climbs; None where it does not."""
        return next(iter(self.matching(incident, stage)), None)


def _breadth(rule: EscalationRule) -> tuple[int, int, bool, bool, bool]:
    exact = bool(rule.risk), bool(rule.urgency), bool(rule.stage)
    return (len(rule.item_code), len(rule.area_code), *exact)


def _fits(rule: EscalationRule, incident: Incident, stage: str) -> bool:
    code = incident.item.code if incident.item else ""
    return (
        code.startswith(rule.item_code)
        and incident.area_code.startswith(rule.area_code)
        and rule.risk in ("", incident.risk)
        and rule.urgency in ("", incident.urgency)
        and rule.stage in ("", stage)
    )


# --- writing ----------------------------------------------------------------------------------------


def rules_visible_to(actor: Actor) -> QuerySet[EscalationRule]:
    """The rules over the administrator's areas, and those above them, which apply there too."""
    areas = authority.prefixes(actor, May.MANAGE_LADDERS)
    if not areas:
        return EscalationRule.objects.none()
    above = {area[:length] for area in areas for length in range(len(area) + 1)}
    here = reduce(or_, (Q(area_code__startswith=area) for area in areas))
    return EscalationRule.objects.filter(here | Q(area_code__in=above))


def add_rule(*, wording: Wording, by: Actor, now: datetime) -> EscalationRule:
    """Write a new rule, for clocks that begin from now on.

    Raises PermissionDenied outside the administrator's areas, Refused: `bad_rung`, `rule_tie`, `unknown_item`,
    `unknown_area`.
    """
    post = authority.require_over(by, May.MANAGE_LADDERS, wording.area_code)
    with transaction.atomic():
        rule = EscalationRule(**_checked(wording), changed_at=now, changed_by=by.label)
        _save(rule)
        append(
            "escalation_rule.added", subject=(RULE, rule.pk), area_code=wording.area_code,
            by=by, now=now, post=post, data=wording.facts(),
        )  # fmt: skip
    return rule


def change_rule(
    rule: EscalationRule, *, wording: Wording, by: Actor, now: datetime, seen: int | None = None
) -> EscalationRule:
    """Change what a rule says, or switch it off. Ladders that were planned by it stay as they are.

    `seen` is the `version` that the person looked at. Raises as `add_rule`, and SomebodyWasFirst.
    """
    authority.require_over(by, May.MANAGE_LADDERS, rule.area_code)
    post = authority.require_over(by, May.MANAGE_LADDERS, wording.area_code)
    with transaction.atomic():
        before = wording_of(rule).facts()
        values = _checked(wording, but=rule.pk)
        rule = write_over(rule, version=seen, by=by, now=now, **values)
        append(
            "escalation_rule.changed", subject=(RULE, rule.pk), area_code=wording.area_code,
            by=by, now=now, post=post, data={"before": before, "after": wording.facts()},
        )  # fmt: skip
    return rule


def _checked(wording: Wording, but: int = 0) -> dict[str, Any]:
    """What is to be stored. Raises Refused."""
    rungs = [rung.stored() for rung in read_rungs(wording.rungs)]
    if wording.item_code and wording.item_code not in known_item_codes():
        sentence = _("No edition of the catalogue has an item, subclass or class “%(code)s”.")
        raise Refused(
            "unknown_item", sentence % {"code": wording.item_code[:40]}, field="item_code"
        )
    if wording.area_code and not known_areas({wording.area_code}):
        sentence = _("There is no area in use with the code “%(code)s”.")
        raise Refused(
            "unknown_area", sentence % {"code": wording.area_code[:40]}, field="area_code"
        )
    other = EscalationRule.objects.filter(active=True, **wording.conditions).exclude(pk=but).first()
    if wording.active and other is not None:
        raise _tie(other)
    return {**wording.__dict__, "rungs": rungs}


def _tie(other: EscalationRule) -> Refused:
    return Refused(
        "rule_tie",
        _(
            "Rule “%(name)s” has the same conditions, so nobody could say which of the two holds. Change that"
            " one, or switch it off first."
        )
        % {"name": other.shown_name},
        409,
    )


def _save(rule: EscalationRule) -> None:
    """Of two people who write the same at once, the second is told."""
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        names = ("item_code", "area_code", "risk", "urgency", "stage")
        same = {name: getattr(rule, name) for name in names}
        raise _tie(EscalationRule.objects.get(active=True, **same)) from None
