"""Reading matters and enclaves for a face: what a row shows and what a page shows, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from accounts.actor import Actor
from accounts.roles import May
from borders.adjudicating import plain_ruling
from borders.beside import rules_beside
from borders.carrying import waiting_cases
from borders.choices import UNRULED, CheckKind, EnclaveState, MatterState, ProblemState, Side, Stage
from borders.doors import ENCLAVES, MATTERS
from borders.lifecycle import ENCLAVE, MATTER
from borders.models import Check, Enclave, Matter, Opinion, Problem, Signature
from clocks.choices import Outcome
from clocks.lamps import Lamp, lamp, lamp_of
from clocks.models import Clock
from config.refusal import Refused
from grids.queries import area_names, codes_above
from incidents.catalogue import code_names, item_coded
from incidents.models import Incident
from incidents.querysets import visible_to as cases_visible_to
from incidents.reading import Stop, time_left
from incidents.responsibility import Choice, candidates
from steps.door import Door, Offer
from steps.history import Line, timeline
from steps.models import Moving

MOST_WAITING = 8


@dataclass(frozen=True)
class Lit:
    """A clock with its lamp now; `words` say what is left, or how it ended."""

    clock: Clock
    stage: str
    lamp: Lamp
    words: str


def clocks_of(subject: str, record: Moving, now: datetime) -> list[Lit]:
    """Every clock of the record, as they were started."""
    mine = Clock.objects.filter(subject_kind=subject, subject_id=record.pk)
    return [_lit(clock, now) for clock in mine.order_by("started_at", "id")]


def _lit(clock: Clock, now: datetime) -> Lit:
    late = clock.missed_at is not None and clock.outcome != Outcome.CANCELLED
    ended = Outcome.MISSED if late else Outcome(clock.outcome)
    words = time_left(clock.due_at, now) if clock.stopped_at is None else str(ended.label)
    return Lit(clock, str(Stage(clock.stage).label), lamp_of(clock, now), words)


def place_of(area_code: str) -> list[str]:
    """Names from the district down to the most exact area known."""
    codes = [code for code in (*codes_above(area_code), area_code) if len(code) >= 6]
    names = area_names(codes)
    return [names[code] for code in codes if code in names]


_BESIDE = ("word", "attribute", "list_problem", "link_case", "solve_problem")
_UNDOING = ("amend", "reopen_problem", "refuse", "withdraw", "strike")
_RANK = {code: place for place, code in enumerate((*_BESIDE, *_UNDOING), 1)}


class _Reading:
    """What both pages share."""

    door: Door[Any, Any]
    subject: str

    def __init__(self, record: Any, actor: Actor, now: datetime) -> None:
        self.record = record
        self.actor = actor
        self.now = now
        self.meeting = self.door.meet(record, actor, now)
        self.lamp = lamp(record.due_at, record.amber_at, now)
        self.left = time_left(record.due_at, now)

    @cached_property
    def offers(self) -> list[Offer]:
        return self.door.available(self.record, self.actor, self.now)

    @property
    def can(self) -> list[Offer]:
        """Steps that may be taken now: those that bring it forward first, those that end or undo last."""
        allowed = [offer for offer in self.offers if offer.allowed]
        return sorted(allowed, key=lambda offer: _RANK.get(offer.step.code, 0))

    @property
    def cannot(self) -> list[Offer]:
        return [o for o in self.offers if not o.allowed and o.kind in ("guard", "hands")]

    @cached_property
    def clocks(self) -> list[Lit]:
        return clocks_of(self.subject, self.record, self.now)

    @cached_property
    def place(self) -> list[str]:
        return place_of(self.record.area_code)

    @cached_property
    def timeline(self) -> list[Line]:
        """What happened, the newest first."""
        return list(reversed(timeline((self.subject, self.record.pk))))


def stops_of(road: Sequence[Any], state: str) -> list[Stop]:
    """The states as a progress bar; empty where the record left the road."""
    if state not in [stop.value for stop in road]:
        return []
    at = [stop.value for stop in road].index(state)
    ended = at == len(road) - 1
    marks = ["done" if n < at or ended else "now" if n == at else "" for n in range(len(road))]
    return [Stop(str(stop.label), mark) for stop, mark in zip(road, marks, strict=True)]


# --- matters -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class MatterRow:
    """A matter as one line of a list. `plain` is the unit that could be named lead with one press."""

    matter: Matter
    lamp: Lamp
    left: str
    place: str
    item: str
    answered: int
    asked: int
    plain: str


def matter_rows(matters: Sequence[Matter], actor: Actor, now: datetime) -> list[MatterRow]:
    """The lines of a list made with `querysets.matters_for_list`. Two queries more, however many there are."""
    areas = area_names({one.area_code for one in matters})
    items = code_names(one.item_code for one in matters)
    return [_matter_row(one, areas, items, actor, now) for one in matters]


def _matter_row(
    one: Matter, areas: dict[str, str], items: dict[str, str], actor: Actor, now: datetime
) -> MatterRow:
    opinions = list(one.opinions.all())
    return MatterRow(
        one,
        lamp(one.due_at, one.amber_at, now),
        time_left(one.due_at, now),
        areas.get(one.area_code, one.area_code),
        items.get(one.item_code, one.item_code),
        sum(opinion.given_at is not None for opinion in opinions),
        len(opinions),
        _plain_unit(one, opinions, actor),
    )


def _plain_unit(matter: Matter, opinions: list[Opinion], actor: Actor) -> str:
    rules = any(post.covers(matter.area_code) for post in actor.posts_with(May.RULE_ON_LEAD))
    if not rules or matter.state not in UNRULED:
        return ""
    plain = plain_ruling(matter, opinions)
    found = (one.unit.shown_name for one in opinions if plain and one.unit.code == plain["lead"])
    return next(found, "")


_MATTER_ROAD = [
    MatterState.RAISED,
    MatterState.HEARING,
    MatterState.ADJUDICATED,
    MatterState.WRITTEN,
]


class MatterReading(_Reading):
    """All that the page of a matter shows to one actor at one moment."""

    door, subject = MATTERS, MATTER
    record: Matter

    @property
    def stops(self) -> list[Stop]:
        return stops_of(_MATTER_ROAD, self.record.state)

    @property
    def opinions(self) -> list[Opinion]:
        return list(self.meeting.opinions)

    @cached_property
    def cases(self) -> list[Incident]:
        """Those in which it showed, as far as the actor sees them."""
        seen = cases_visible_to(self.actor).filter(unowned_matters=self.record)
        return list(seen.select_related("item").distinct())

    @cached_property
    def item_name(self) -> str:
        return code_names([self.record.item_code]).get(self.record.item_code, "")

    @cached_property
    def standing(self) -> list[Choice]:
        """Whom the rules name today, best first; for items only, not for branches of the catalogue."""
        try:
            item = item_coded(self.record.item_code)
        except Refused:
            return []
        return candidates(item, self.record.area_code, self.meeting.today, limit=3)

    @cached_property
    def ties(self) -> list[str]:
        """What a new rule for this very matter and area would tie with, as sentences."""
        return rules_beside(self.record)

    @property
    def unruled(self) -> bool:
        return self.record.state in UNRULED or self.record.state == MatterState.ADJUDICATED

    @cached_property
    def waiting(self) -> list[Incident]:
        """Open cases of the matter without a unit: each is suggested the lead once the rule is written."""
        return list(waiting_cases(self.record, self.actor)[:MOST_WAITING])

    @cached_property
    def assisting(self) -> list[str]:
        return [unit.shown_name for unit in self.record.assisting.all()]


# --- enclaves ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Marked:
    """One of the three checks as it stands: passed, failed, mended, or not entered yet (all false)."""

    kind: CheckKind
    check: Check | None

    @property
    def passed(self) -> bool:
        return self.check is not None and self.check.passed

    @property
    def failed(self) -> bool:
        return self.check is not None and not self.check.passed and self.check.mended_at is None

    @property
    def mended(self) -> bool:
        return self.check is not None and not self.check.passed and self.check.mended_at is not None


def marked(checks: Sequence[Check]) -> list[Marked]:
    """The three, by the newest check of each kind."""
    newest = {one.kind: one for one in sorted(checks, key=lambda one: one.pk)}
    return [Marked(kind, newest.get(kind)) for kind in CheckKind]


@dataclass(frozen=True)
class EnclaveRow:
    """An enclave as one line of a list."""

    enclave: Enclave
    lamp: Lamp
    left: str
    place: str
    checks: list[Marked]
    problems: int


def enclave_rows(enclaves: Sequence[Enclave], now: datetime) -> list[EnclaveRow]:
    """The lines of a list made with `querysets.enclaves_for_list`. One query more for all names."""
    codes = {code for one in enclaves for code in (one.area_code[:6], one.area_code[:9])}
    names = area_names(codes)
    return [
        EnclaveRow(
            one,
            lamp(one.due_at, one.amber_at, now),
            time_left(one.due_at, now),
            " ".join(
                names.get(c, "") for c in dict.fromkeys((one.area_code[:6], one.area_code[:9]))
            ),
            marked(list(one.checks.all())),
            sum(problem.state == ProblemState.OPEN for problem in one.problems.all()),
        )
        for one in enclaves
    ]


@dataclass(frozen=True)
class Signed:
    """One side of the handover: its unit, and its signature under the present wording."""

    side: Side
    unit: Any
    signature: Signature | None


_ENCLAVE_ROAD = [
    EnclaveState.REGISTERED,
    EnclaveState.INVESTIGATED,
    EnclaveState.ATTRIBUTED,
    EnclaveState.HANDED_OVER,
    EnclaveState.ACCEPTED,
]


class EnclaveReading(_Reading):
    """All that the page of an enclave shows to one actor at one moment."""

    door, subject = ENCLAVES, ENCLAVE
    record: Enclave

    @property
    def stops(self) -> list[Stop]:
        mending = self.record.state == EnclaveState.MENDING
        return stops_of(_ENCLAVE_ROAD, EnclaveState.HANDED_OVER if mending else self.record.state)

    @property
    def checks(self) -> list[Marked]:
        return [Marked(kind, self.meeting.checks.get(kind)) for kind in CheckKind]

    @property
    def to_mend(self) -> list[Check]:
        return list(self.meeting.to_mend)

    @cached_property
    def past_checks(self) -> list[Check]:
        """Those that failed and were checked again."""
        every = self.record.checks.select_related("checked_by")
        counting = {one.pk for one in self.meeting.checks.values()}
        return [one for one in every if one.pk not in counting]

    @cached_property
    def sides(self) -> list[Signed]:
        under = self.meeting.signatures
        units = {Side.OWNER: self.record.owner, Side.MANAGER: self.record.manager}
        return [Signed(side, units[side], under.get(side)) for side in Side]

    @cached_property
    def problems(self) -> list[tuple[Problem, list[Incident], str]]:
        """Old problems, each with the cases that the actor sees, and its matter in words."""
        listed = list(self.record.problems.select_related("owner"))
        names = code_names(one.item_code for one in listed)
        seen = cases_visible_to(self.actor).filter(old_problems__in=listed).distinct()
        linked = Problem.cases.through.objects.filter(problem__in=listed)
        by_case = {case.pk: case for case in seen}
        pairs = list(linked.values_list("problem_id", "incident_id"))
        return [
            (
                one,
                [by_case[case] for of, case in pairs if of == one.pk and case in by_case],
                names.get(one.item_code, ""),
            )
            for one in listed
        ]

    @cached_property
    def owner_place(self) -> str:
        return area_names([self.record.owner_code]).get(self.record.owner_code, "")
