"""Reading whistles for a face: what a row shows and what the page shows, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from accounts.actor import Actor
from clocks.calendar import SHANGHAI
from clocks.choices import Outcome
from clocks.lamps import Lamp, lamp, lamp_of
from clocks.models import Clock
from grids.queries import area_names, codes_above
from incidents.models import Incident
from incidents.querysets import visible_to as cases_visible_to
from incidents.reading import Stop, time_left
from steps.door import Offer
from steps.history import Line
from whistles.call import Call
from whistles.choices import Objection, Stage, State
from whistles.coming import metres_from_spot
from whistles.deadlines import clocks_of
from whistles.history import timeline
from whistles.models import Milestone, MovedUp, Summons, Whistle
from whistles.taking import available

SHORT = 90
_ROAD: list[State] = [state for state in State if state is not State.CANCELLED]


@dataclass(frozen=True)
class Row:
    """A whistle as one line of a list."""

    whistle: Whistle
    lamp: Lamp
    left: str
    place: str
    units: list[Summons]

    @property
    def summary(self) -> str:
        text = self.whistle.text
        return text if len(text) <= SHORT else f"{text[:SHORT]}…"


def rows(whistles: Sequence[Whistle], now: datetime) -> list[Row]:
    """The lines of a list made with `querysets.for_list`. One query for all names of areas."""
    names = area_names({code for one in whistles for code in (one.street_code, one.area_code)})
    return [
        Row(
            one,
            lamp(one.due_at, one.amber_at, now),
            time_left(one.due_at, now),
            _place(one, names),
            list(one.summonses.all()),
        )
        for one in whistles
    ]


def _place(whistle: Whistle, names: dict[str, str]) -> str:
    codes = dict.fromkeys((whistle.street_code, whistle.area_code))
    return " ".join(names.get(code, code) for code in codes)


@dataclass(frozen=True)
class Lit:
    """A clock with its lamp now; `left` is empty once it stopped."""

    clock: Clock
    stage: str
    lamp: Lamp
    left: str

    @property
    def words(self) -> str:
        """The time left; once it stopped, whether it was kept."""
        late = self.clock.missed_at is not None
        return self.left or str((Outcome.MISSED if late else Outcome(self.clock.outcome)).label)


@dataclass(frozen=True)
class PartShown:
    """A unit's part as this actor may see it: the grade is the street's alone until the whistle is evaluated."""

    part: Summons
    clocks: list[Lit]
    metres: float | None
    moved_up: list[str]
    offers: list[Offer]
    grade: str
    grade_text: str

    @property
    def objects(self) -> bool:
        return self.part.objection == Objection.OPEN


@dataclass(frozen=True)
class Planned:
    """A milestone; `late` once its day is over and it is not done."""

    milestone: Milestone
    late: bool


class WhistleReading:
    """All that the page shows of one whistle to one actor at one moment (aware). Each part is read once."""

    def __init__(self, whistle: Whistle, actor: Actor, now: datetime) -> None:
        self.whistle, self.actor, self.now = whistle, actor, now
        self.call = Call(whistle, actor, now)
        self.lamp = lamp(whistle.due_at, whistle.amber_at, now)
        self.left = time_left(whistle.due_at, now)

    @cached_property
    def offers(self) -> list[Offer]:
        return available(self.whistle, self.actor, self.now)

    @property
    def can(self) -> list[Offer]:
        """What may be pressed for the whole whistle, or for one's own unit: what brings it forward first."""
        own = {part.pk for part in self.call.own}
        mine = [o for o in self.offers if o.allowed and (o.part is None or o.part.pk in own)]
        return sorted(mine, key=lambda o: (o.step.code == "cancel", o.step.to is None))

    @property
    def cannot(self) -> list[Offer]:
        """What may not, and why: once for each step, and not for what lies behind or far ahead."""
        shown: dict[str, Offer] = {}
        for offer in self.offers:
            if not offer.allowed and offer.kind in ("guard", "hands"):
                shown.setdefault(offer.step.code, offer)
        return list(shown.values())

    @property
    def from_the_street(self) -> bool:
        return self.call.from_the_street

    @cached_property
    def _clocks(self) -> dict[int, list[Lit]]:
        found: dict[int, list[Lit]] = defaultdict(list)
        order = list(Stage)
        for clock in sorted(clocks_of(self.whistle), key=lambda one: order.index(Stage(one.stage))):
            left = time_left(clock.due_at, self.now) if clock.stopped_at is None else ""
            label = str(Stage(clock.stage).label)
            found[clock.subject_id].append(Lit(clock, label, lamp_of(clock, self.now), left))
        return found

    @cached_property
    def parts(self) -> list[PartShown]:
        moved = list(MovedUp.objects.filter(summons__whistle=self.whistle))
        names = area_names({one.level_code for one in moved})
        up: dict[int, list[str]] = defaultdict(list)
        for one in moved:
            up[one.summons_id].append(
                f"{one.get_stage_display()} → {names.get(one.level_code, '')}"
            )
        return [self._part(part, up[part.pk]) for part in self.call.summonses]

    def _part(self, part: Summons, moved_up: list[str]) -> PartShown:
        own = {one.pk for one in self.call.own}
        judged = self.from_the_street or (self.whistle.evaluated_at and part.pk in own)
        offers = [
            o for o in self.offers if o.allowed and o.part is not None and o.part.pk == part.pk
        ]
        return PartShown(
            part,
            self._clocks[part.pk],
            metres_from_spot(self.whistle, part),
            moved_up,
            [o for o in offers if part.pk not in own],
            part.get_grade_display() if judged else "",
            part.grade_text if judged else "",
        )

    @property
    def own(self) -> list[PartShown]:
        """The parts of the actor's own units."""
        mine = {part.pk for part in self.call.own}
        return [shown for shown in self.parts if shown.part.pk in mine]

    @cached_property
    def plan(self) -> list[Planned]:
        today: date = self.now.astimezone(SHANGHAI).date()
        return [Planned(m, m.done_at is None and m.due_on < today) for m in self.call.milestones]

    @cached_property
    def cases(self) -> list[Incident]:
        """The cases that it hangs on, as far as the actor sees them."""
        return list(
            cases_visible_to(self.actor).filter(whistles=self.whistle).select_related("item")
        )

    @cached_property
    def place(self) -> list[str]:
        """Names from the district down to the most exact area known."""
        codes = [*codes_above(self.whistle.area_code), self.whistle.area_code]
        names = area_names(set(codes))
        return [names[code] for code in codes if code in names and len(code) >= 6]

    @property
    def stops(self) -> list[Stop]:
        """The states as a progress bar; empty for a whistle that was cancelled."""
        if self.whistle.state == State.CANCELLED:
            return []
        at = _ROAD.index(State(self.whistle.state))
        ended = self.whistle.state == State.CLOSED
        marks = ["done" if n < at or ended else "now" if n == at else "" for n in range(len(_ROAD))]
        return [Stop(str(state.label), mark) for state, mark in zip(_ROAD, marks, strict=True)]

    @cached_property
    def timeline(self) -> list[Line]:
        """What happened, the newest first."""
        return list(reversed(timeline(self.whistle)))
