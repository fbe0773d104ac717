"""A small town for tests of cases: its centre, two units, people of every role, a catalogue of four items.

Cases are brought to a state by the real actions, at real working hours.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from PIL import Image

from accounts.actor import Actor
from accounts.identity import actor_of, client_actor
from accounts.models import Organisation, User
from accounts.roles import Role
from grids.locate import look_again
from grids.models import Duty, Staffing
from incidents.choices import PhotoKind, Source, State
from incidents.models import Incident
from incidents.photos import Examined, add, examine
from incidents.report import Position, report
from incidents.taking import take
from journal.models import Event
from tests.clocks.calendars import local
from tests.factories import ABROAD, HOME, api_client, organisation, person_with
from tests.grids.factories import FOUNDED, district
from tests.incidents.catalogue.factories import edition

GRID, NEIGHBOUR = "120103001001001", "120103001001002"
IN_GRID, IN_NEIGHBOUR = (117.205, 39.005), (117.215, 39.005)
START = local("2026-03-09 09:00")  # a Monday
GARBAGE, RUBBLE, COVER = (
    "010101",
    "010102",
    "020101",
)  # harmless and self-handled; harmless; dangerous


@dataclass
class Town:
    """Everybody there is. Actors are made anew at each use, as each request makes them."""

    centre: Organisation
    sanitation: Organisation
    water: Organisation
    people: dict[str, User] = field(default_factory=dict)
    now: datetime = START

    def __getattr__(self, name: str) -> Actor:
        people = self.__dict__.get("people", {})
        if name not in people:
            raise AttributeError(name)
        return actor_of(people[name])

    def later(self, minutes: float = 5) -> datetime:
        """The next moment: every step happens a little after the last."""
        self.now += timedelta(minutes=minutes)
        return self.now


def town() -> Town:
    """Build it. Two grids side by side; the first has a worker, the second has one too."""
    district()
    look_again()
    edition()
    centre = organisation(HOME, kind="centre", name="河西区网格化中心", code="CENTRE")
    sanitation = organisation(
        HOME, kind="department", department_kind="sanitation", name="环卫所", code="SAN"
    )
    water = organisation(
        HOME, kind="department", department_kind="water_drainage", name="排水所", code="WATER"
    )
    built = Town(centre, sanitation, water)
    abroad = organisation(ABROAD, kind="department", name="南开环卫所", code="NK-SAN")
    roles: dict[str, tuple[Role, str, Organisation | None]] = {
        "clerk": (Role.CLERK, HOME, centre),
        "dispatcher": (Role.DISPATCHER, HOME, centre),
        "second_dispatcher": (Role.DISPATCHER, HOME, centre),
        "worker": (Role.GRID_WORKER, GRID, None),
        "neighbour": (Role.GRID_WORKER, NEIGHBOUR, None),
        "chief": (Role.GRID_CHIEF, "120103001001", None),
        "handler": (Role.DEPARTMENT, HOME, sanitation),
        "leader": (Role.UNIT_LEADER, HOME, sanitation),
        "helper": (Role.DEPARTMENT, HOME, water),
        "supervisor": (Role.SUPERVISOR, HOME, None),
        "commander": (Role.COMMANDER, HOME, None),
        "citizen": (Role.CITIZEN, "", None),
        "other_citizen": (Role.CITIZEN, "", None),
        "system_admin": (Role.SYSTEM_ADMIN, HOME, None),
        "security_admin": (Role.SECURITY_ADMIN, HOME, None),
        "audit_admin": (Role.AUDIT_ADMIN, HOME, None),
        "foreign_clerk": (Role.CLERK, ABROAD, None),
        "foreign_dispatcher": (Role.DISPATCHER, ABROAD, None),
        "foreign_handler": (Role.DEPARTMENT, ABROAD, abroad),
    }
    built.people = {name: person_with(*post) for name, post in roles.items()}
    for name, grid in (("worker", GRID), ("neighbour", NEIGHBOUR)):
        Staffing.objects.create(
            grid_id=grid, person=built.people[name], duty=Duty.FULL_TIME, valid_from=FOUNDED
        )
    return built


def partner(area_code: str = HOME, **fields: Any) -> Actor:
    """A partner system that may read and write cases; `roles` and `organisation` as given."""
    scopes = ["incidents:read", "incidents:write"]
    client = api_client(area_code, allowed_scopes=scopes, **fields)
    return client_actor(client, scopes)


@lru_cache
def picture(colour: str = "red", name: str = "a.jpg") -> Examined:
    """A sound photo; another colour is another photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    out.seek(0)
    return examine(out, name)


def a_report(town: Town, by: Actor | None = None, **facts: Any) -> Incident:
    """A grid worker's report of exposed garbage in the first grid, unless said otherwise."""
    facts.setdefault("source", Source.GRID)
    facts.setdefault("text", "路边有暴露垃圾，无人清理")
    facts.setdefault("item_code", GARBAGE)
    facts.setdefault("position", Position(*IN_GRID))
    facts.setdefault("photos", (picture(),))
    return report(by=by or town.worker, now=town.later(), **facts).incident


def step(
    town: Town,
    code: str,
    case: Incident,
    by: Actor,
    facts: Mapping[str, Any] | None = None,
    **more: Any,
) -> Incident:
    """Take a step a little later."""
    return take(code, number=case.number, by=by, now=town.later(), facts=facts or {}, **more)


def a_photo(town: Town, case: Incident, by: Actor, kind: PhotoKind, colour: str = "blue") -> None:
    add(number=case.number, by=by, now=town.later(1), kind=kind, photo=picture(colour))


def last_event(case: Incident) -> Event:
    """What happened to the case last."""
    return Event.objects.filter(subject_kind="incident", subject_id=str(case.pk)).latest("seq")


def ticked(case: Incident, moment: str = "filing") -> list[int]:
    """Every line of the item's standard."""
    case = Incident.objects.select_related("item", "limit").get(pk=case.pk)
    assert case.item is not None
    lines = case.item.filing_standards if moment == "filing" else case.item.closing_standards
    return list(range(1, len(lines) + 1))


# --- the road of a case, one state after another --------------------------------------------------


def filed(town: Town, case: Incident) -> Incident:
    return step(town, "file", case, town.clerk, {"standards": ticked(case)})


def dispatched(town: Town, case: Incident, **facts: Any) -> Incident:
    return step(town, "dispatch", case, town.dispatcher, facts)


def received(town: Town, case: Incident) -> Incident:
    return step(town, "receive", case, town.handler)


def answered(town: Town, case: Incident) -> Incident:
    a_photo(town, case, town.handler, PhotoKind.AFTER, "green")
    return step(town, "answer", case, town.handler, {"text": "已清理"})


def sent_to_check(town: Town, case: Incident) -> Incident:
    return step(town, "send_check", case, town.dispatcher)


def passed(town: Town, case: Incident) -> Incident:
    a_photo(town, case, town.worker, PhotoKind.CHECK, "yellow")
    return step(town, "pass_check", case, town.worker)


def closed(town: Town, case: Incident) -> Incident:
    return step(town, "close", case, town.dispatcher, {"standards": ticked(case, "closing")})


def suspended(town: Town, case: Incident, days: int = 30) -> Incident:
    until = (town.now + timedelta(days=days)).date().isoformat()
    facts = {"suspension_reason": "season", "until": until, "reason": "冬季不能施工"}
    step(town, "ask_suspension", case, town.handler, facts)
    step(town, "approve_ask", case, town.leader)
    return step(town, "grant_suspension", case, town.dispatcher)


def self_closed(town: Town, case: Incident) -> Incident:
    a_photo(town, case, town.worker, PhotoKind.BEFORE)
    a_photo(town, case, town.worker, PhotoKind.AFTER, "green")
    return step(town, "self_close", case, town.worker, {"text": "当场清理"})


GOOD: dict[str, Any] = {"satisfaction": "satisfied", "solved": True}
Road = Callable[[Town, Incident], Incident]
_MAIN: tuple[tuple[State, Road], ...] = (
    (State.FILED, filed),
    (State.DISPATCHED, dispatched),
    (State.HANDLING, received),
    (State.FEEDBACK, answered),
    (State.VERIFYING, sent_to_check),
    (State.CLOSED, lambda town, case: closed(town, passed(town, case))),
    (State.EVALUATED, lambda town, case: step(town, "rate", case, town.worker, GOOD)),
)
_ASIDE: dict[State, tuple[State, Road]] = {
    State.PRECHECKING: (State.REPORTED, lambda t, c: step(t, "precheck", c, t.clerk)),
    State.NOT_ACCEPTED: (
        State.REPORTED,
        lambda t, c: step(
            t, "refuse", c, t.clerk, {"ground": "outside_catalogue", "note": "不属于网格事项"}
        ),
    ),
    State.SELF_CLOSED: (State.REPORTED, self_closed),
    State.SUSPENDED: (State.HANDLING, suspended),
    State.WITHDRAWN: (
        State.REPORTED,
        lambda t, c: step(t, "withdraw", c, t.clerk, {"reason": "误报"}),
    ),
}


def a_case(town: Town, state: State = State.REPORTED, **facts: Any) -> Incident:
    """A case that the real actions brought into `state`."""
    case = a_report(town, **facts)
    aside = _ASIDE.get(state)
    target = aside[0] if aside else state
    for reached, road in _MAIN:
        if case.state == target:
            break
        case = road(town, case)
        assert case.state == reached
    if aside:
        case = aside[1](town, case)
    assert case.state == state
    return case
