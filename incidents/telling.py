"""Who is told what: a reading of the journal that fills people's bells, each exactly once.

Whose turn it is hears of a deadline from one side only: where an upper room reminds at that very moment, this one
is silent (docs/decisions/escalation.md).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db.models import Q
from django.urls import reverse

from accounts.models import Post
from accounts.roles import RULES, May, Role
from clocks.calendar import SHANGHAI
from clocks.marks import AMBER, OVERDUE
from incidents.choices import ASKS, Level, Risk, Satisfaction, Stage, State, Urgency
from incidents.deadlines import SUBJECT
from incidents.levels import area_at, role_in_charge
from incidents.models import Incident
from journal.models import Event
from journal.readers import follow
from notices.tell import tell_each

READER = "incidents.telling"

# Of these events of clocks, those (ids) at whose moment the asked room reminds whose turn it is.
Reminds = Callable[[Sequence[Event]], Collection[int]]
_reminding: list[Reminds] = []


def register_reminder(reminds: Reminds) -> None:
    """An upper room reminds by itself when a deadline comes near, or passes."""
    _reminding.append(reminds)


class Staff:
    """Who holds which post on a day; each question is asked once per batch of events."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._known: dict[tuple[object, ...], frozenset[int]] = {}

    def of_unit(self, unit_id: int | None, may: May = May.HANDLE) -> frozenset[int]:
        """The people of a unit whose role gives `may`."""
        if unit_id is None:
            return frozenset()
        return self._ask(("unit", unit_id, may), Q(organisation_id=unit_id), may)

    def of_centre(self, incident: Incident, may: May) -> frozenset[int]:
        """Those of the case's centre; where it has nobody, the nearest above the case in the tree of areas."""
        own = Q(organisation_id=incident.centre_id) & Q(area_code__in=_above(incident.area_code))
        found = self._ask(("centre", incident.centre_id, incident.area_code[:9], may), own, may)
        return found or self._nearest(incident.area_code, may)

    def in_charge(self, area_code: str, role: Role | May) -> frozenset[int]:
        """Who holds `role` over the area, as near above it as anybody does."""
        return self._nearest(area_code, role)

    def _nearest(self, area_code: str, who: May | Role) -> frozenset[int]:
        levels = (
            self._ask(("area", code, who), Q(area_code=code), who) for code in _above(area_code)
        )
        return next((people for people in levels if people), frozenset())

    def _ask(self, key: tuple[object, ...], where: Q, who: May | Role) -> frozenset[int]:
        if key not in self._known:
            roles = [role for role, rule in RULES.items() if who == role or who in rule.may]
            posts = Post.objects.held_on(self._day).filter(where, role__in=roles)
            people = posts.filter(user__is_active=True).values_list("user_id", flat=True)
            self._known[key] = frozenset(people)
        return self._known[key]


def _above(area_code: str) -> list[str]:
    """The area and all above it, the nearest first."""
    return [area_code[:length] for length in range(len(area_code), -1, -1)]


@dataclass(frozen=True)
class Told:
    """An event about a case, as the rules below see it. `reminded`: whose turn it is hears of it from elsewhere."""

    event: Event
    case: Incident
    staff: Staff
    reminded: bool = False

    def unit(self, may: May = May.HANDLE) -> frozenset[int]:
        """The people of the unit that the event names, else of the lead unit."""
        return self.staff.of_unit(self.event.data.get("unit") or self.case.unit_id, may)

    def units(self, fact: str) -> frozenset[int]:
        ids = self.event.data.get(fact) or []
        return frozenset().union(*(self.staff.of_unit(unit) for unit in ids))

    def centre(self, may: May = May.DISPATCH) -> frozenset[int]:
        return self.staff.of_centre(self.case, may)

    def checker(self) -> frozenset[int]:
        return _one(self.event.data.get("checker") or self.case.checker_id)

    def reporter(self) -> frozenset[int]:
        return _one(self.case.reporter_id)

    def in_charge(self, level: int) -> frozenset[int]:
        """Who answers for the case on a level; where nobody does, the nearest above."""
        levels = (one for one in Level if one >= level)
        found = (
            self.staff.in_charge(area_at(self.case, one), role_in_charge(one)) for one in levels
        )
        return next((people for people in found if people), frozenset())

    def whose_turn(self) -> frozenset[int]:
        """Whoever must act now; of a request's own deadline, whoever must answer it."""
        if (stage := self.event.data.get("stage")) in ASKS:
            return _approvers(Stage(stage), self)
        match State(self.case.state):
            case State.REPORTED:
                return self.centre(May.ACCEPT)
            case State.PRECHECKING:
                return self.checker()
            case State.DISPATCHED | State.HANDLING | State.SUSPENDED:
                return self.unit()
            case State.VERIFYING if self.case.check_passed is None:
                return self.checker() | self.centre()
        return self.centre()


def _one(person: int | None) -> frozenset[int]:
    return frozenset() if person is None else frozenset({person})


People = frozenset[int]
Rule = Callable[[Told], Iterable[tuple[str, People]]]


def _if_urgent(may: May, told: Told) -> Iterable[tuple[str, People]]:
    """Ordinary work waits in the inbox; for urgent work people are called."""
    if told.case.urgency == Urgency.URGENT:
        yield "case.urgent", told.centre(may)


def _filed(told: Told) -> Iterable[tuple[str, People]]:
    """A red risk calls whoever is in charge, an orange one is copied to the community (domain section 6)."""
    yield from _if_urgent(May.DISPATCH, told)
    area_code = told.case.area_code
    if told.case.risk == Risk.RED:
        yield "case.paged", told.staff.in_charge(area_code, Role.COMMANDER)
    elif told.case.risk == Risk.ORANGE:
        yield "case.copied", told.staff.in_charge(area_code, Role.COMMUNITY)


def _rated(told: Told) -> Iterable[tuple[str, People]]:
    if told.event.data.get("satisfaction") == Satisfaction.NOT:
        yield "case.unhappy", told.centre() | told.unit()


def _near(told: Told) -> Iterable[tuple[str, People]]:
    """The early warning is for whose turn it is: not beside a reminder of the same moment."""
    return () if told.reminded else _late("case.amber", told)


def _overdue(told: Told) -> Iterable[tuple[str, People]]:
    """Who is reminded at this moment hears it there; everybody else, the centre above all, here."""
    spared = told.whose_turn() if told.reminded else frozenset()
    return [(kind, people - spared) for kind, people in _late("case.overdue", told)]


def _late(kind: str, told: Told) -> Iterable[tuple[str, People]]:
    """The one whose stage it is, and always the centre."""
    match told.event.data.get("stage"):
        case Stage.FILING:
            yield kind, told.centre(May.ACCEPT)
        case Stage.PRECHECK:
            yield kind, told.checker() | told.centre(May.ACCEPT)
        case Stage.RECEIVE | Stage.HANDLE:
            yield kind, told.unit() | told.centre()
        case Stage.ASK | Stage.ASK_ABOVE as stage:
            yield kind, _approvers(Stage(stage), told)
        case Stage.VERIFY:
            yield kind, told.checker() | told.centre()
        case _:
            yield kind, told.centre()


def _approvers(stage: Stage, told: Told) -> People:
    """Who must answer a request, and one above: leader and dispatcher for time that is asked for, dispatcher and clerk
    for an appeal; above the second level whoever supervises the area."""
    first = stage is Stage.ASK
    supervisors = told.staff.in_charge(told.case.area_code, Role.SUPERVISOR)
    if told.case.state in (State.CLOSED, State.EVALUATED):
        return (
            told.centre() | told.centre(May.ACCEPT)
            if first
            else told.centre(May.ACCEPT) | supervisors
        )
    return told.unit(May.APPROVE) | told.centre() if first else told.centre() | supervisors


def _dispatched(told: Told) -> Iterable[tuple[str, People]]:
    yield "case.sent", told.unit()
    yield "case.assist", told.units("assisting")


def _reopened(told: Told) -> Iterable[tuple[str, People]]:
    yield "case.again", told.unit()
    yield "case.reopened", told.centre()


def _at_level(kind: str, told: Told) -> Iterable[tuple[str, People]]:
    """Whoever answers for the level that the case is with now, and whose turn it is."""
    yield kind, told.in_charge(told.event.data["level"])
    yield kind, told.whose_turn()


def _taken_over(told: Told) -> Iterable[tuple[str, People]]:
    """Whoever had it, and whose turn it is."""
    yield "case.taken_over", told.in_charge(told.event.data["level_before"]) | told.whose_turn()


def _void(told: Told) -> Iterable[tuple[str, People]]:
    people = told.unit() | told.reporter()
    yield (
        "case.void",
        people | (told.checker() if told.event.data.get("from") in _ON_THE_WAY else _one(None)),
    )


_ON_THE_WAY = (State.PRECHECKING, State.VERIFYING)

RULES_OF_TELLING: dict[str, Rule] = {
    "incident.reported": partial(_if_urgent, May.ACCEPT),
    "incident.filed": _filed,
    "incident.precheck_sent": lambda t: [("case.look", t.checker())],
    "incident.check_sent": lambda t: [("case.look", t.checker())],
    "incident.checker_changed": lambda t: [("case.look", t.checker())],
    "incident.prechecked": lambda t: [("case.looked", t.centre(May.ACCEPT))],
    "incident.not_accepted": lambda t: [("case.refused", t.reporter())],
    "incident.dispatched": _dispatched,
    "incident.unit_called_in": lambda t: [("case.assist", t.units("units"))],
    "incident.unit_released": lambda t: [("case.released", t.unit())],
    "incident.recalled": lambda t: [("case.released", t.unit())],
    "incident.returned": lambda t: [("case.returned", t.centre())],
    "incident.assist_answered": lambda t: [("case.assisted", t.staff.of_unit(t.case.unit_id))],
    "incident.answered": lambda t: [("case.answered", t.centre())],
    "incident.extension_asked": lambda t: [("case.asked", t.unit(May.APPROVE))],
    "incident.suspension_asked": lambda t: [("case.asked", t.unit(May.APPROVE))],
    "incident.ask_approved": lambda t: [("case.asked", t.centre())],
    "incident.ask_refused": lambda t: [("case.decided", t.unit())],
    "incident.extended": lambda t: [("case.decided", t.unit())],
    "incident.suspended": lambda t: [("case.decided", t.unit())],
    "incident.appealed": lambda t: [("case.appealed", t.centre())],
    "incident.appeal_supported": lambda t: [("case.appealed", t.centre(May.ACCEPT))],
    "incident.appeal_granted": lambda t: [("case.appeal_granted", t.unit())],
    "incident.appeal_refused": lambda t: [("case.appeal_refused", t.unit())],
    "incident.resumed": lambda t: [("case.goes_on", t.unit())],
    "incident.check_passed": lambda t: [("case.passed", t.centre())],
    "incident.reworked": lambda t: [("case.again", t.unit())],
    "incident.sent_back": lambda t: [("case.again", t.unit())],
    "incident.closed": lambda t: [("case.ended", t.reporter())],
    "incident.rated": _rated,
    "incident.reopened": _reopened,
    "incident.withdrawn": _void,
    "incident.taken_back": lambda t: [("case.void", t.checker())],
    "incident.urged": lambda t: [("case.urged", t.whose_turn())],
    "incident.raised": partial(_at_level, "case.raised"),
    "incident.taken_over": _taken_over,
    "incident.handed_back": partial(_at_level, "case.handed_back"),
    "incident.climbed": partial(_at_level, "case.climbed"),
    "incident.commented": lambda t: [("case.comment", t.whose_turn())],
    AMBER: _near,
    OVERDUE: _overdue,
}


def tell_people(now: datetime, limit: int = 500) -> int:
    """Read the next events of the journal and fill the bells; the number of events read.

    Any number of workers may call it: one reads at a time, and cursor and notices move together.
    """
    return follow(READER, partial(_tell_all, now), verbs=RULES_OF_TELLING.keys(), limit=limit)


def _tell_all(now: datetime, events: Sequence[Event]) -> None:
    about = [event for event in events if event.subject_kind == SUBJECT]
    cases = Incident.objects.select_related("item").in_bulk({int(e.subject_id) for e in about})
    staff = Staff(now.astimezone(SHANGHAI).date())
    reminded = _reminded([event for event in about if event.verb in (AMBER, OVERDUE)])
    for event in about:
        case = cases.get(int(event.subject_id))
        if case is not None:
            _tell(Told(event, case, staff, event.pk in reminded), now)


def _reminded(marks: Sequence[Event]) -> frozenset[int]:
    """Of these marks of clocks those (ids) at whose moment whose turn it is is reminded by an upper room."""
    return frozenset().union(*(reminds(marks) for reminds in _reminding)) if marks else frozenset()


def _tell(told: Told, now: datetime) -> None:
    """One bell per person and event: whom two rules name hears the first. Nobody is told of their own doing."""
    groups = RULES_OF_TELLING[told.event.verb](told)
    link = reverse("incidents:case", args=[told.case.number])
    tell_each(told.event, groups, facts=_facts(told), link=link, now=now)


_FACTS = ("unit", "level", "ask_kind", "stage", "due")


def _facts(told: Told) -> dict[str, object]:
    case, data = told.case, told.event.data
    facts: dict[str, object] = {"number": case.number, "item": case.item.code if case.item else ""}
    facts.update({name: data[name] for name in _FACTS if data.get(name) is not None})
    facts.setdefault("unit", case.unit_id)
    return facts
