"""Who is told what of matters and enclaves: a reading of the journal that fills people's bells, each exactly once."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse

from accounts.roles import May, Role
from borders.choices import Stage
from borders.lifecycle import ENCLAVE, MATTER
from borders.models import Enclave, Matter
from clocks.calendar import SHANGHAI
from clocks.marks import AMBER, OVERDUE
from grids.queries import codes_above
from incidents.telling import Staff
from journal.models import Event
from journal.readers import follow
from notices.tell import tell_each

READER = "borders.telling"
People = Collection[int]
Told = Iterable[tuple[str, People]]


@dataclass(frozen=True)
class About:
    """An event about a matter or an enclave, as the rules below see it."""

    event: Event
    record: Any
    staff: Staff

    @property
    def data(self) -> Mapping[str, Any]:
        facts: Mapping[str, Any] = self.event.data
        return facts

    def rulers(self) -> frozenset[int]:
        """Whoever rules where it lies, as near as anybody does."""
        return self.staff.in_charge(self.record.area_code, Role.COMMANDER)

    def above(self) -> frozenset[int]:
        """Who is in charge one level above those, and the supervisors there: silence goes upward."""
        codes = [*codes_above(self.record.area_code), self.record.area_code]
        found: list[frozenset[int]] = []
        for code in reversed(codes):
            people = self.staff.in_charge(code, Role.COMMANDER)
            if people not in found:
                found.append(people)
        higher = found[1] if len(found) > 1 else frozenset()
        return higher | self.staff.in_charge(self.record.area_code, Role.SUPERVISOR)

    def unit(self, unit: int | None, may: May = May.SEE_BORDERS) -> frozenset[int]:
        return self.staff.of_unit(unit, may)

    def units(self, fact: str) -> frozenset[int]:
        """The people of all units that the event names."""
        found = (self.unit(one) for one in self.data.get(fact) or [])
        return frozenset().union(*found)

    def raiser(self) -> frozenset[int]:
        person = self.record.raised_by_id
        return frozenset({person}) if person else frozenset()

    def asked(self, *, silent: bool = False) -> frozenset[int]:
        """The people of the units that were asked; only of those that have not answered, where `silent`."""
        opinions = self.record.opinions.filter(given_at=None) if silent else self.record.opinions
        found = (self.unit(pk) for pk in opinions.values_list("unit_id", flat=True))
        return frozenset().union(*found)

    def sides(self, may: May = May.SEE_BORDERS) -> frozenset[int]:
        """Both sides of a handover."""
        return self.unit(self.record.owner_id, may) | self.unit(self.record.manager_id, may)

    def checkers(self) -> frozenset[int]:
        return self.staff.in_charge(self.record.area_code, Role.SUPERVISOR) | self.rulers()


# --- matters -----------------------------------------------------------------------------------


def _opinion(about: About) -> Told:
    """Rulers wait for the last one, not for each."""
    if about.data.get("silent") == 0:
        yield "unowned.all_heard", about.rulers()


def _lead_named(about: About) -> Told:
    yield "unowned.you_lead", about.unit(about.record.lead_id)
    helpers = about.record.assisting.values_list("pk", flat=True)
    yield "unowned.you_assist", frozenset().union(*(about.unit(pk) for pk in helpers))
    yield "unowned.decided", about.raiser() | about.asked()


def _has_lead(about: About) -> Told:
    yield "unowned.has_lead", about.raiser() | about.unit(about.record.lead_id)


def _matter_near(about: About) -> Told:
    hearing = about.data.get("stage") == Stage.HEAR
    yield "border.near", about.asked(silent=True) if hearing else about.rulers()


def _matter_late(about: About) -> Told:
    """An adjudication that is overdue is told upward; silent units are told to whoever rules."""
    if about.data.get("stage") == Stage.HEAR:
        yield "unowned.silent", about.rulers() | about.asked(silent=True)
    else:
        yield "border.late", about.rulers() | about.above()


# --- enclaves ----------------------------------------------------------------------------------


def _registered(about: About) -> Told:
    """Hundreds that came from one table ring no bells."""
    if not about.data.get("imported"):
        yield "enclave.new", about.rulers() | about.sides(May.SIGN_HANDOVER)


def _worded(about: About) -> Told:
    voided = bool(about.data.get("voided"))
    kind = "enclave.sign_anew" if voided else "enclave.to_sign"
    yield kind, about.sides(May.SIGN_HANDOVER)


def _signed(about: About) -> Told:
    if about.data.get("both"):
        yield "enclave.to_check", about.checkers()
        yield "enclave.passed_over", about.sides()
    else:
        yield "enclave.sign_too", about.sides(May.SIGN_HANDOVER)


def _checked(about: About) -> Told:
    if about.data.get("accepted"):
        yield "enclave.accepted", about.sides() | about.rulers()
    elif not about.data.get("passed"):
        yield "enclave.failed", about.unit(about.record.manager_id)


def _enclave_whose_turn(about: About) -> frozenset[int]:
    match about.data.get("stage"):
        case Stage.HAND_OVER:
            return about.sides(May.SIGN_HANDOVER)
        case Stage.MEND:
            return about.unit(about.record.manager_id)
        case Stage.ACCEPT:
            return about.checkers()
    return about.rulers()


_MATTER_RULES: dict[str, Callable[[About], Told]] = {
    "unowned.raised": lambda a: [("unowned.to_rule", a.rulers())],
    "unowned.opinions_asked": lambda a: [("unowned.asked", a.units("units"))],
    "unowned.opinion_given": _opinion,
    "unowned.adjudicated": _lead_named,
    "unowned.ruled": _lead_named,
    "unowned.written": lambda a: [("unowned.in_rules", a.unit(a.record.lead_id) | a.raiser())],
    "unowned.refused": _has_lead,
    "unowned.withdrawn": lambda a: [("unowned.off", a.rulers() | a.asked(silent=True))],
    AMBER: _matter_near,
    OVERDUE: _matter_late,
}
_ENCLAVE_RULES: dict[str, Callable[[About], Told]] = {
    "enclave.registered": _registered,
    "enclave.investigated": lambda a: [("enclave.to_attribute", a.rulers())],
    "enclave.attributed": lambda a: [("enclave.to_word", a.sides(May.SIGN_HANDOVER))],
    "enclave.handover_worded": _worded,
    "enclave.handover_signed": _signed,
    "enclave.problem_listed": lambda a: [("enclave.problem", a.unit(a.data.get("unit")))],
    "enclave.problem_solved": lambda a: [("enclave.solved", a.unit(a.record.manager_id))],
    "enclave.problem_reopened": lambda a: [("enclave.problem", a.unit(a.data.get("unit")))],
    "enclave.checked": _checked,
    "enclave.mended": lambda a: [("enclave.check_again", a.checkers())],
    AMBER: lambda a: [("border.near", _enclave_whose_turn(a))],
    OVERDUE: lambda a: [("border.late", _enclave_whose_turn(a) | a.above())],
}
RULES: dict[str, dict[str, Callable[[About], Told]]] = {
    MATTER: _MATTER_RULES,
    ENCLAVE: _ENCLAVE_RULES,
}
_PAGES = {MATTER: "borders:matter", ENCLAVE: "borders:enclave"}


def tell_people(now: datetime, limit: int = 500) -> int:
    """Read the next events of the journal and fill the bells; the number of events read.

    Any number of workers may call it: one reads at a time, and cursor and notices move together.
    """
    verbs = _MATTER_RULES.keys() | _ENCLAVE_RULES.keys()
    return follow(READER, partial(_tell_all, now), verbs=verbs, limit=limit)


def _tell_all(now: datetime, events: Sequence[Event]) -> None:
    staff = Staff(now.astimezone(SHANGHAI).date())
    records: dict[str, Mapping[int, Any]] = {
        kind: model._default_manager.in_bulk(
            {int(e.subject_id) for e in events if e.subject_kind == kind}
        )
        for kind, model in ((MATTER, Matter), (ENCLAVE, Enclave))
    }
    for event in events:
        record = records.get(event.subject_kind, {}).get(int(event.subject_id))
        if record is not None:
            _tell(About(event, record, staff), now)


def _tell(about: About, now: datetime) -> None:
    """One bell per person and event: whom two rules name hears the first. Nobody is told of their own doing."""
    event = about.event
    groups = RULES[event.subject_kind][event.verb](about)
    link = reverse(_PAGES[event.subject_kind], args=[about.record.number])
    tell_each(event, groups, facts=_facts(about), link=link, now=now)


def _facts(about: About) -> dict[str, object]:
    named = about.record.title if about.event.subject_kind == MATTER else about.record.name
    facts: dict[str, object] = {"number": about.record.number, "name": named}
    kept = ("unit", "stage", "due", "until", "check")
    facts |= {name: about.data[name] for name in kept if about.data.get(name)}
    if about.event.subject_kind == MATTER and about.record.lead_id:
        facts["unit"] = about.record.lead_id
    return facts
