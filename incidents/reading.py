"""Reading cases for a face: what a row shows and what the case page shows, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.actor import Actor
from clocks.lamps import Lamp, lamp, lamp_of
from clocks.models import Clock
from grids.queries import ancestors, area_names, codes_above
from incidents.choices import STEP_OF_STATE, SixSteps, Stage, State
from incidents.models import Ask, Assignment, Incident, Photo

SHORT = 90


def with_row_facts(cases: QuerySet[Incident]) -> QuerySet[Incident]:
    """The cases with all that a row of a list shows, and nothing heavy."""
    return cases.select_related("item", "unit").defer(
        "search", "reporter_name", "reporter_phone", "rating_text", "suspension_note"
    )


@dataclass(frozen=True)
class Row:
    """A case as one line of a list."""

    case: Incident
    lamp: Lamp
    area: str  # where it lies, in words: subdistrict and grid
    summary: str


def rows(cases: Sequence[Incident], now: datetime) -> list[Row]:
    """The lines of a list. One query for all the names of areas."""
    names = area_names({code for case in cases for code in _named(case.area_code)})
    return [
        Row(
            case,
            lamp(case.due_at, case.amber_at, now),
            " ".join(filter(None, (names.get(code, "") for code in _named(case.area_code)))),
            case.text if len(case.text) <= SHORT else f"{case.text[:SHORT]}…",
        )
        for case in cases
    ]


def _named(code: str) -> tuple[str, ...]:
    """The codes that say where a case lies: from the subdistrict down."""
    return tuple(c for c in (*codes_above(code), code) if len(c) >= 9) or (code,)


@dataclass(frozen=True)
class Lit:
    """A clock with its lamp now."""

    clock: Clock
    stage: str
    lamp: Lamp


@dataclass(frozen=True)
class Stop:
    """One of the six steps in the progress bar: done, current, or still to come."""

    label: str
    mark: str


class CaseReading:
    """All that the case page shows of one case to one actor. Parts the actor may not see are not read."""

    def __init__(self, case: Incident, actor: Actor, now: datetime) -> None:
        self.case = case
        self.actor = actor
        self.now = now
        self.lamp = lamp(case.due_at, case.amber_at, now)

    @property
    def clocks(self) -> list[Lit]:
        """Every clock of the case, the newest round last."""
        mine = Clock.objects.filter(subject_kind="incident", subject_id=self.case.pk)
        return [
            Lit(clock, Stage(clock.stage).label, lamp_of(clock, self.now))
            for clock in mine.select_related("unit").order_by("started_at", "id")
        ]

    @property
    def assignments(self) -> QuerySet[Assignment]:
        return self.case.assignments.select_related("unit", "handler").order_by("round", "-lead")

    @property
    def asks(self) -> QuerySet[Ask]:
        return self.case.asks.select_related("unit", "asked_by")

    @property
    def photos(self) -> QuerySet[Photo]:
        return self.case.photos.order_by("id")

    @property
    def place(self) -> list[str]:
        """Names from the district down to the grid."""
        names = [str(area) for area in ancestors(self.case.area_code)]
        own = area_names([self.case.area_code]).get(self.case.area_code)
        return [*names[1:], own] if own else names[1:]

    @property
    def stops(self) -> list[Stop]:
        """The six steps (with handling between) as a progress bar; empty for a case that ended on the way."""
        here = STEP_OF_STATE[State(self.case.state)]
        if here is None:
            return []
        order = list(SixSteps)
        at = order.index(here)
        ended = self.case.state == State.EVALUATED
        return [
            Stop(
                str(step.label),
                "done" if i < at or ended else "current" if i == at else "ahead",
            )
            for i, step in enumerate(order)
        ]
