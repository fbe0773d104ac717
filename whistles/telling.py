"""Who is told what of a whistle: a reading of the journal that fills people's bells, each exactly once."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.urls import reverse

from accounts.roles import May, Role
from clocks.calendar import SHANGHAI
from clocks.marks import AMBER
from incidents.telling import Staff
from journal.models import Event
from journal.readers import follow
from notices.tell import tell_each
from whistles.choices import HEARD, Stage
from whistles.deadlines import SUBJECT as CLOCKS
from whistles.models import Summons, Whistle
from whistles.taking import SUBJECT
from whistles.wording import kind_for

READER = "whistles.telling"
People = Collection[int]


@dataclass(frozen=True)
class Told:
    """An event about a whistle, as the rules below see it."""

    event: Event
    whistle: Whistle
    staff: Staff

    def street(self) -> frozenset[int]:
        """Who drafted and who blew it, and the street's commander."""
        named = {self.whistle.drafted_by_id, self.whistle.blown_by_id} - {None}
        return frozenset(pk for pk in named if pk) | self.commander()

    def commander(self) -> frozenset[int]:
        return self.staff.in_charge(self.whistle.street_code, Role.COMMANDER)

    def unit(self) -> frozenset[int]:
        """The people of the unit that the event names."""
        return self.staff.of_unit(self.event.data.get("unit"), May.COME)

    def units(self) -> frozenset[int]:
        """Those of all units that the event names."""
        ids = self.event.data.get("units") or []
        return frozenset().union(*(self.staff.of_unit(unit, May.COME) for unit in ids))


Rule = Callable[[Told], Iterable[tuple[str, People]]]


def _summoned(told: Told) -> Iterable[tuple[str, People]]:
    """An emergency is danger: it is told as one."""
    yield ("whistle.alarm" if told.whistle.type.is_emergency else "whistle.heard"), told.units()


def _to_street(kind: str) -> Rule:
    return lambda told: [(kind, told.street())]


def _to_unit(kind: str) -> Rule:
    return lambda told: [(kind, told.unit())]


def _to_units(kind: str) -> Rule:
    return lambda told: [(kind, told.units())]


def _near(told: Told) -> Iterable[tuple[str, People]]:
    if told.event.data.get("stage") == Stage.OBJECTION:
        yield "whistle.near", told.street()
    else:
        yield "whistle.near", told.unit()


RULES_OF_TELLING: dict[str, Rule] = {
    "whistle.drafted": lambda told: [("whistle.to_approve", told.commander())],
    "whistle.approved": _to_street("whistle.may_blow"),
    "whistle.blown": _summoned,
    "whistle.unit_called_in": _summoned,
    "whistle.signed": _to_street("whistle.was_signed"),
    "whistle.checked_in": _to_street("whistle.arrived"),
    "whistle.delivered": _to_street("whistle.result"),
    "whistle.objected": _to_street("whistle.objection"),
    "whistle.upheld": _to_unit("whistle.must_come"),
    "whistle.released": _to_unit("whistle.need_not_come"),
    "whistle.sent_back": _to_unit("whistle.again"),
    "whistle.evaluated": _to_units("whistle.graded"),
    "whistle.cancelled": _to_units("whistle.off"),
    "whistle.unsigned": _to_street("whistle.unsigned"),
    "whistle.absent": _to_street("whistle.absent"),
    AMBER: _near,
}


def tell_people(now: datetime, limit: int = 500) -> int:
    """Read the next events of the journal and fill the bells; the number of events read.

    Any number of workers may call it: one reads at a time, and cursor and notices move together.
    """
    return follow(READER, partial(_tell_all, now), verbs=RULES_OF_TELLING.keys(), limit=limit)


def _tell_all(now: datetime, events: Sequence[Event]) -> None:
    about = [event for event in events if event.subject_kind in (SUBJECT, CLOCKS)]
    parts = Summons.objects.in_bulk([int(e.subject_id) for e in about if e.subject_kind == CLOCKS])
    wanted = {int(e.subject_id) for e in about if e.subject_kind == SUBJECT}
    wanted |= {part.whistle_id for part in parts.values()}
    whistles = Whistle.objects.select_related("type").in_bulk(wanted)
    staff = Staff(now.astimezone(SHANGHAI).date())
    for event in about:
        key = int(event.subject_id)
        if event.subject_kind == CLOCKS:
            part = parts.get(key)
            key = part.whistle_id if part is not None and part.stands else 0
        if key in whistles:
            _tell(Told(event, whistles[key], staff), now)


def _tell(told: Told, now: datetime) -> None:
    """One bell per person and event. Nobody is told of their own doing."""
    urgent = told.whistle.type.is_emergency
    groups = [
        (kind_for(kind, emergency=urgent), people)
        for kind, people in RULES_OF_TELLING[told.event.verb](told)
    ]
    tell_each(told.event, groups, facts=_facts(told), link=_link(told), now=now)


def _link(told: Told) -> str:
    """Units are led to the page on which they sign and check in."""
    comes = told.event.verb in ("whistle.blown", "whistle.unit_called_in", AMBER)
    page = "whistles:come" if comes and told.whistle.state in HEARD else "whistles:whistle"
    return reverse(page, args=[told.whistle.number])


def _facts(told: Told) -> dict[str, object]:
    data = told.event.data
    facts: dict[str, object] = {
        "number": told.whistle.number,
        "whistle_type": told.whistle.type_id,
        "street": told.whistle.street_code,
    }
    return facts | {name: data[name] for name in ("unit", "stage", "due") if data.get(name)}
