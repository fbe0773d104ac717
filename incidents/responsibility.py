"""Which unit must act on an item in an area, and why: the most specific rule wins.

The ladder: item before subclass before class before any item; on one rung the longer area code, then the
higher priority. Only rules in force that day and active organisations count. Where no rule matches, the
unit is found by the item's department kind, then by the units that the city's standard names.
`why` is JSON: it is stored with the dispatch, and `said` turns it into a sentence in either language.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation, OrganisationKind
from grids.models import Area
from incidents.catalogue_departments import department_label
from incidents.catalogue_words import spoken
from incidents.models import CatalogueItem, Incident, ResponsibilityRule

# A unit of the city's own comes before a firm that works for it.
_HIRED = frozenset({OrganisationKind.CONTRACTOR, OrganisationKind.COMPANY})
# How standards name the office of whichever subdistrict the place lies in.
_LOCAL_OFFICE = frozenset({"所属街办", "属地街办", "所属街道办事处", "属地街道"})


@dataclass(frozen=True)
class Choice:
    """A unit, and the facts that speak for it (JSON: ids, codes and names as they were that day)."""

    organisation: Organisation
    why: dict[str, Any]

    @property
    def reason(self) -> str:
        """The reason as a sentence in the reader's language."""
        return said(self.why)


def choose(item: CatalogueItem, area_code: str, on: date) -> Choice | None:
    """The unit that must act on `item` in the area `area_code` on the local day `on`; None where none does.

    An empty `area_code` (a case that waits to be placed) is matched by rules and units of the whole country
    only. At most four queries; for many cases load one `RuleBook`.
    """
    return RuleBook.for_one(item, area_code, on).choose(item, area_code)


Claim = Callable[[Incident], Choice | None]
Saying = Callable[[Mapping[str, Any]], str]

_claims: list[Claim] = []
_sayings: dict[str, Saying] = {}


def register_claim(by: str, claim: Claim, say: Saying) -> None:
    """An upper room knows places that rules over areas cannot name. Its `claim` comes before the rules: the unit that
    must act on this very case, with a `why` whose `by` is this one; `say` makes a sentence of it."""
    if claim not in _claims:
        _claims.append(claim)
        _sayings[by] = say


def suggest(incident: Incident, on: date) -> Choice | None:
    """The unit that must act on a case on the local day `on`: by a claim on its place, else as `choose`."""
    if incident.item is None:
        return None
    claimed = (choice for claim in _claims if (choice := claim(incident)) is not None)
    return next(claimed, None) or choose(incident.item, incident.area_code, on)


def candidates(item: CatalogueItem, area_code: str, on: date, limit: int = 5) -> list[Choice]:
    """The chosen unit first, then the next best ones, each once, with its reason."""
    return RuleBook.for_one(item, area_code, on).candidates(item, area_code)[:limit]


class RuleBook:
    """Rules and units of one day, in memory: choosing for many cases costs no more queries."""

    def __init__(
        self,
        rules: Iterable[ResponsibilityRule],
        organisations: Iterable[Organisation],
        on: date,
    ) -> None:
        self.on = on
        self._rules: dict[str, list[ResponsibilityRule]] = {}
        for rule in rules:
            self._rules.setdefault(rule.item_code, []).append(rule)
        self._organisations = list(organisations)

    @classmethod
    def load(cls, on: date) -> "RuleBook":
        """Everything in force on the local day `on`: two queries."""
        return cls(_in_force(on), Organisation.objects.filter(active=True), on)

    @classmethod
    def for_one(cls, item: CatalogueItem, area_code: str, on: date) -> "RuleBook":
        """Only what can match one item in one area."""
        areas = prefixes(area_code)
        rules = _in_force(on).filter(item_code__in=item_ladder(item), area_code__in=areas)
        named = named_units(item)
        by_kind = Q(department_kind=item.department_kind) if item.department_kind else Q(pk__in=[])
        organisations = Organisation.objects.filter(
            by_kind | Q(name__in=named) | Q(kind=OrganisationKind.SUBDISTRICT),
            active=True,
            area_code__in=areas,
        )
        return cls(rules, organisations, on)

    def choose(self, item: CatalogueItem, area_code: str) -> Choice | None:
        """As the function `choose`, from this book."""
        found = self.candidates(item, area_code)
        return found[0] if found else None

    def matching(self, item: CatalogueItem, area_code: str) -> list[ResponsibilityRule]:
        """The rules that match, the winner first: the ladder that the tester page shows."""
        ladder = item_ladder(item)
        rung = {code: len(ladder) - place for place, code in enumerate(ladder)}
        areas = set(prefixes(area_code))
        return sorted(
            (r for code in ladder for r in self._rules.get(code, ()) if r.area_code in areas),
            key=lambda r: (
                -rung[r.item_code],
                -len(r.area_code),
                -r.priority,
                r.pk or 0,
            ),
        )

    def candidates(self, item: CatalogueItem, area_code: str) -> list[Choice]:
        """Every unit that something speaks for, best first, each once."""
        found: dict[int, Choice] = {}
        for choice in self._all(item, area_code):
            found.setdefault(choice.organisation.pk, choice)
        return list(found.values())

    def _all(self, item: CatalogueItem, area_code: str) -> Iterable[Choice]:
        matching = self.matching(item, area_code)
        for place, rule in enumerate(matching):
            lost = len(matching) - place - 1
            yield Choice(rule.organisation, self._why_rule(rule, item, lost))
        yield from self._by_department(item, area_code)
        yield from self._by_name(item, area_code)

    def _why_rule(self, rule: ResponsibilityRule, item: CatalogueItem, lost: int) -> dict[str, Any]:
        return {
            "by": "rule",
            "rule": rule.pk,
            "level": level_of(rule.item_code, item),
            **_matter(rule.item_code, item),
            **self._place(rule.area_code),
            "priority": rule.priority,
            "lost": lost,
            "on": self.on.isoformat(),
        }

    def _by_department(self, item: CatalogueItem, area_code: str) -> Iterable[Choice]:
        kind = item.department_kind
        if not kind:
            return
        fitting = [
            o
            for o in self._organisations
            if area_code.startswith(o.area_code)
            and (
                o.department_kind == kind
                or (kind == "subdistrict" and o.kind == OrganisationKind.SUBDISTRICT)
            )
        ]
        fitting.sort(key=lambda o: (-len(o.area_code), o.kind in _HIRED, o.code))
        for organisation in fitting:
            equal = sum(
                (o.area_code, o.kind in _HIRED)
                == (organisation.area_code, organisation.kind in _HIRED)
                for o in fitting
            )
            yield Choice(
                organisation,
                {
                    "by": "department_kind",
                    "department_kind": kind,
                    **self._place(organisation.area_code),
                    "equal": equal,
                    "on": self.on.isoformat(),
                },
            )

    def _by_name(self, item: CatalogueItem, area_code: str) -> Iterable[Choice]:
        names = named_units(item)
        local = next((name for name in names if name in _LOCAL_OFFICE), None)
        here = [o for o in self._organisations if area_code.startswith(o.area_code)]
        here.sort(key=lambda o: (-len(o.area_code), o.code))
        for organisation in here:
            called = organisation.name if organisation.name in names else None
            if called is None and local and organisation.kind == OrganisationKind.SUBDISTRICT:
                called = local
            if called is not None:
                yield Choice(
                    organisation,
                    {
                        "by": "standard",
                        "named": called,
                        **self._place(organisation.area_code),
                        "on": self.on.isoformat(),
                    },
                )

    @cached_property
    def _area_names(self) -> dict[str, tuple[str, str]]:
        codes = {rule.area_code for rules in self._rules.values() for rule in rules}
        codes.update(o.area_code for o in self._organisations)
        rows = Area.objects.filter(code__in=codes - {""}).values_list("code", "name", "name_en")
        return {code: (name, name_en) for code, name, name_en in rows}

    def _place(self, area_code: str) -> dict[str, str]:
        name, name_en = self._area_names.get(area_code, (area_code, ""))
        return {"area_code": area_code, "area": name, "area_en": name_en}


def prefixes(area_code: str) -> list[str]:
    """The code and everything above it, the empty code last."""
    return [area_code[:length] for length in range(len(area_code), -1, -1)]


def item_ladder(item: CatalogueItem) -> list[str]:
    """The codes a rule may name to match the item: its own, its subclass's, its class's, any ("")."""
    return list(dict.fromkeys([item.code, item.sub_code, item.class_code, ""]))


def level_of(item_code: str, item: CatalogueItem) -> str:
    """`item`, `subclass`, `class` or `any`: how exactly a rule names the item."""
    if not item_code:
        return "any"
    if item_code == item.code:
        return "item"
    return "subclass" if item_code == item.sub_code else "class"


def named_units(item: CatalogueItem) -> list[str]:
    """The handling units that the item's limits name, in the standard's own words."""
    if item.department_kind:
        return []  # a catalogue with department kinds names no units
    return list(dict.fromkeys(unit for limit in item.limits.all() for unit in limit.handling_units))


def _in_force(on: date) -> QuerySet[ResponsibilityRule]:
    return ResponsibilityRule.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on),
        valid_from__lte=on,
        organisation__active=True,
    ).select_related("organisation")


def _matter(item_code: str, item: CatalogueItem) -> dict[str, str]:
    names = {
        "item": (item.name, item.name_en),
        "subclass": (item.sub_name, item.sub_name_en),
        "class": (item.class_name, item.class_name_en),
        "any": ("", ""),
    }
    name, name_en = names[level_of(item_code, item)]
    return {"item_code": item_code, "matter": name, "matter_en": name_en}


def said(why: Mapping[str, Any]) -> str:
    """The stored reason as one sentence in the reader's language; empty where nothing is stored."""
    if why.get("by") == "person":
        return _said_person(why)
    place = spoken(why.get("area", ""), why.get("area_en", "")) or _("everywhere")
    match why.get("by"):
        case "rule":
            return _said_rule(why, place)
        case "department_kind":
            return _said_department(why, place)
        case "standard":
            return _("The standard names “%(name)s”; this unit serves %(place)s.") % {
                "name": why["named"],
                "place": place,
            }
    say = _sayings.get(why.get("by", ""))
    return say(why) if say else ""


def _said_person(why: Mapping[str, Any]) -> str:
    reason = why.get("reason")
    sentence = (
        _("Chosen by a person: “%(reason)s”.") % {"reason": reason}
        if reason
        else _("Chosen by a person.")
    )
    over = said((why.get("instead_of") or {}).get("why") or {})
    return f"{sentence} {_('The rules named another unit:')} {over}" if over else sentence


def _said_rule(why: Mapping[str, Any], place: str) -> str:
    matter = spoken(why.get("matter", ""), why.get("matter_en", "")) or _("any matter")
    facts = {"number": why["rule"], "matter": matter, "place": place}
    sentence = {
        "item": _("Rule %(number)s: the item “%(matter)s” in %(place)s."),
        "subclass": _("Rule %(number)s: the subclass “%(matter)s” in %(place)s."),
        "class": _("Rule %(number)s: the class “%(matter)s” in %(place)s."),
        "any": _("Rule %(number)s: any matter in %(place)s."),
    }[why["level"]] % facts
    lost: int = why.get("lost", 0)
    if lost:
        sentence += " " + ngettext(
            "%(count)s rule that is less specific stood back.",
            "%(count)s rules that are less specific stood back.",
            lost,
        ) % {"count": lost}
    return sentence


def _said_department(why: Mapping[str, Any], place: str) -> str:
    sentence = _("By department kind: %(kind)s for %(place)s; no rule says otherwise.") % {
        "kind": department_label(why["department_kind"]),
        "place": place,
    }
    equal: int = why.get("equal", 1)
    if equal > 1:
        sentence += " " + _("%(count)s units fit equally; the first by code was taken.") % {
            "count": equal
        }
    return sentence


def losers(book: RuleBook, item: CatalogueItem, area_code: str) -> Sequence[ResponsibilityRule]:
    """The rules that matched and lost, best first."""
    return book.matching(item, area_code)[1:]
