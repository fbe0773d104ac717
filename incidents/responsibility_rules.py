"""Rules of responsibility: written, changed, ended. Two rules that tie never name two units."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import authority
from accounts.actor import Actor
from accounts.edits import write_over
from accounts.models import Organisation
from accounts.roles import May
from config.refusal import Refused
from grids.models import Area, AreaStatus
from incidents.models import CatalogueItem, CatalogueStatus, ResponsibilityRule
from journal.append import Happening, append, append_many

RULE = "responsibility_rule"  # the subject in the journal
# Whoever writes rules holds this lock, so that two people cannot write the two halves of a tie.
_WRITING = 0x72756C65
PRIORITIES = range(-1000, 1001)
_FAR = date.max


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a rule says. Empty codes mean any item, any area. Dates are local, both included."""

    item_code: str
    area_code: str
    organisation: Organisation
    priority: int = 0
    valid_from: date
    valid_to: date | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, str, int]:
        """What two rules must share for the ladder not to choose between them."""
        return self.item_code, self.area_code, self.priority

    def overlaps(self, other: "Wording") -> bool:
        """Whether both are in force on some day."""
        return self.valid_from <= (other.valid_to or _FAR) and other.valid_from <= (
            self.valid_to or _FAR
        )

    def ties(self, other: "Wording") -> bool:
        """Whether the ladder could not choose between the two on some day."""
        return (
            self.key == other.key
            and self.organisation.pk != other.organisation.pk
            and self.overlaps(other)
        )

    def repeats(self, other: "Wording") -> bool:
        """Whether the two say one thing twice on some day."""
        return (
            self.key == other.key
            and self.organisation.pk == other.organisation.pk
            and self.overlaps(other)
        )

    def facts(self) -> dict[str, Any]:
        """As JSON, for the journal."""
        return {
            "item_code": self.item_code,
            "area_code": self.area_code,
            "organisation": self.organisation.pk,
            "priority": self.priority,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
        }


def wording_of(rule: ResponsibilityRule) -> Wording:
    """What a stored rule says."""
    return Wording(
        item_code=rule.item_code,
        area_code=rule.area_code,
        organisation=rule.organisation,
        priority=rule.priority,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        note=rule.note,
    )


def rules_visible_to(actor: Actor) -> QuerySet[ResponsibilityRule]:
    """The rules over the administrator's areas, and those above them, which apply there too."""
    if actor.is_system:
        return ResponsibilityRule.objects.select_related("organisation")
    areas = authority.prefixes(actor, May.MANAGE_CATALOGUE)
    if not areas:
        return ResponsibilityRule.objects.none()
    above = {area[:length] for area in areas for length in range(len(area) + 1)}
    here = reduce(or_, (Q(area_code__startswith=area) for area in areas))
    return ResponsibilityRule.objects.filter(here | Q(area_code__in=above)).select_related(
        "organisation"
    )


def add_rule(
    *, wording: Wording, by: Actor, now: datetime, may: May = May.MANAGE_CATALOGUE
) -> ResponsibilityRule:
    """Write a new rule under the permission `may`: an administrator's, or that of whoever rules on a matter without a
    lead. Raises PermissionDenied outside the areas of that post, Refused: `rule_tie`, `rule_twice`, `unknown_item`,
    `unknown_area`, `unit_inactive`, `period_backward`, `bad_priority`."""
    post = authority.require_over(by, may, wording.area_code)
    with transaction.atomic():
        _lock()
        check(wording)
        rule = _new(wording, by, now)
        rule.save()
        append(
            "rule.added",
            subject=(RULE, rule.pk),
            area_code=wording.area_code,
            by=by,
            now=now,
            post=post,
            data=wording.facts(),
        )
    return rule


def add_rules(*, wordings: Sequence[Wording], by: Actor, now: datetime) -> list[ResponsibilityRule]:
    """Write many rules that were checked against each other (`responsibility_import`), all or none."""
    posts = {
        area: authority.require_over(by, May.MANAGE_CATALOGUE, area)
        for area in {wording.area_code for wording in wordings}
    }
    with transaction.atomic():
        _lock()
        _check_all(wordings)
        rules = ResponsibilityRule.objects.bulk_create(_new(w, by, now) for w in wordings)
        append_many(
            [
                Happening(
                    verb="rule.added",
                    subject=(RULE, rule.pk),
                    area_code=wording.area_code,
                    by=by,
                    now=now,
                    post=posts[wording.area_code],
                    data=wording.facts(),
                )
                for rule, wording in zip(rules, wordings, strict=True)
            ]
        )
    return rules


def change_rule(
    rule: ResponsibilityRule, *, wording: Wording, by: Actor, now: datetime, seen: int | None = None
) -> ResponsibilityRule:
    """Change what a rule says. Dispatches already made keep the reason they were made for.

    `seen` is the `version` that the person looked at. Raises as `add_rule`, and SomebodyWasFirst.
    """
    authority.require_over(by, May.MANAGE_CATALOGUE, rule.area_code)
    post = authority.require_over(by, May.MANAGE_CATALOGUE, wording.area_code)
    with transaction.atomic():
        _lock()
        rule = ResponsibilityRule.objects.select_related("organisation").get(pk=rule.pk)
        if seen is not None and rule.version != seen:
            raise rule.overtaken()
        before = wording_of(rule).facts()
        check(wording, but=rule.pk)
        rule = write_over(rule, version=seen, by=by, now=now, **wording.__dict__)
        append(
            "rule.changed",
            subject=(RULE, rule.pk),
            area_code=wording.area_code,
            by=by,
            now=now,
            post=post,
            data={"before": before, "after": wording.facts()},
        )
    return rule


def end_rule(
    rule: ResponsibilityRule, *, last_day: date, by: Actor, now: datetime, seen: int | None = None
) -> ResponsibilityRule:
    """Let a rule end after the local day `last_day`. Rules are never deleted: dispatches refer to them.

    Raises Refused `period_backward` for a day before the rule began, SomebodyWasFirst.
    """
    ended = replace(wording_of(rule), valid_to=last_day)
    return change_rule(rule, wording=ended, by=by, now=now, seen=seen)


def check(wording: Wording, but: int | None = None) -> None:
    """Raise Refused where a rule may not say this. `but` is the rule itself, when it is changed."""
    _check_all([wording], but)


def _check_all(wordings: Sequence[Wording], but: int | None = None) -> None:
    """As `check`, for many: three queries however many there are."""
    items = known_item_codes()
    areas = known_areas({wording.area_code for wording in wordings})
    stored: dict[tuple[str, str, int], list[tuple[int, Wording]]] = defaultdict(list)
    for rule in _beside(wordings):
        if rule.pk != but:
            said = wording_of(rule)
            stored[said.key].append((rule.pk, said))
    for wording in wordings:
        _check_alone(wording, items, areas)
        for number, said in stored[wording.key]:
            if wording.ties(said):
                raise tie(wording, number, said)
            if wording.repeats(said):
                raise Refused(
                    "rule_twice",
                    _("Rule %(rule)s says the same already.") % {"rule": number},
                    409,
                )


def tie(wording: Wording, rule: int, other: Wording) -> Refused:
    """The refusal for a rule that ties with another."""
    return Refused(
        "rule_tie",
        _(
            "This ties with rule %(rule)s, which sends the same to %(unit)s: same item, area and priority, "
            "and both in force from %(day)s. Give one a higher priority, or end one before."
        )
        % {
            "rule": rule,
            "unit": other.organisation.shown_name,
            "day": max(wording.valid_from, other.valid_from).isoformat(),
        },
        409,
        field="priority",
    )


def _check_alone(wording: Wording, items: Collection[str], areas: Collection[str]) -> None:
    if wording.valid_to is not None and wording.valid_to < wording.valid_from:
        raise Refused("period_backward", _("The last day lies before the first."), field="valid_to")
    if wording.priority not in PRIORITIES:
        raise Refused(
            "bad_priority",
            _("The priority must lie between %(least)s and %(most)s.")
            % {"least": PRIORITIES[0], "most": PRIORITIES[-1]},
            field="priority",
        )
    if not wording.organisation.active:
        raise Refused(
            "unit_inactive",
            _("%(unit)s is not active any more.") % {"unit": wording.organisation.shown_name},
            field="organisation",
        )
    if wording.item_code and wording.item_code not in items:
        raise Refused(
            "unknown_item",
            _("No edition of the catalogue has an item, subclass or class “%(code)s”.")
            % {"code": wording.item_code[:40]},
            field="item_code",
        )
    if wording.area_code and wording.area_code not in areas:
        raise Refused(
            "unknown_area",
            _("There is no area in use with the code “%(code)s”.")
            % {"code": wording.area_code[:40]},
            field="area_code",
        )


def known_item_codes() -> set[str]:
    """Codes of items, subclasses and classes in the edition in force and in drafts."""
    rows = CatalogueItem.objects.exclude(version__status=CatalogueStatus.RETIRED)
    return {
        code
        for codes in rows.values_list("code", "sub_code", "class_code").distinct()
        for code in codes
    }


def known_areas(codes: Iterable[str]) -> set[str]:
    """Those of the codes that are areas in use."""
    rows = Area.objects.filter(code__in=list(codes), status=AreaStatus.ACTIVE)
    return set(rows.values_list("code", flat=True))


def _beside(wordings: Sequence[Wording]) -> QuerySet[ResponsibilityRule]:
    return ResponsibilityRule.objects.filter(
        item_code__in={wording.item_code for wording in wordings},
        area_code__in={wording.area_code for wording in wordings},
    ).select_related("organisation")


def _new(wording: Wording, by: Actor, now: datetime) -> ResponsibilityRule:
    return ResponsibilityRule(**wording.__dict__, changed_at=now, changed_by=by.label)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITING])
