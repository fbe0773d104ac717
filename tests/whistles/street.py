"""A street that blows, for tests of whistles: the town of cases, its streets' people, three units that may be summoned.

Whistles are brought to a state by the real actions, at real working hours.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.apps import apps

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.roles import Role
from clocks.sweep import sweep
from tests.factories import ABROAD, HOME, organisation, person_with
from tests.incidents.town import IN_GRID, Town, town
from whistles.choices import State
from whistles.drafting import draft
from whistles.models import Summons, Whistle
from whistles.moving_up import move_up
from whistles.taking import take
from whistles.telling import tell_people

STREET, COMMUNITY = "120103001", "120103001001"
GOOD = {"grade": "good", "text": "处置得力"}


def types() -> None:
    """The kinds of whistle, also after a test that emptied the tables."""
    import_module("whistles.migrations.0002_numbers_and_types").seed(apps, None)


def street() -> Town:
    """The town with a street office, its secretary and community officer; fire brigade and police under the
    emergency bureau; each with a handler and a leader; an organisation department."""
    types()
    here = town()
    office = organisation(STREET, kind="subdistrict", name="大营门街道办事处", code="OFFICE")
    bureau = organisation(HOME, kind="department", name="应急局", code="BUREAU")
    under: dict[str, Any] = {"kind": "department", "administrative_parent": bureau}
    fire = organisation(HOME, name="消防支队", code="FIRE", **under)
    police = organisation(HOME, name="公安分局", code="POLICE", **under)
    people: dict[str, tuple[Role, str, Organisation | None]] = {
        "secretary": (Role.COMMANDER, STREET, office),
        "second_secretary": (Role.COMMANDER, STREET, office),
        "officer": (Role.COMMUNITY, COMMUNITY, office),
        "fire_one": (Role.DEPARTMENT, HOME, fire),
        "fire_two": (Role.DEPARTMENT, HOME, fire),
        "fire_leader": (Role.UNIT_LEADER, HOME, fire),
        "police_one": (Role.DEPARTMENT, HOME, police),
        "police_leader": (Role.UNIT_LEADER, HOME, police),
        "bureau_leader": (Role.UNIT_LEADER, HOME, bureau),
        "personnel": (Role.PERSONNEL_OFFICER, HOME, None),
        "foreign_commander": (Role.COMMANDER, ABROAD, None),
        "foreign_personnel": (Role.PERSONNEL_OFFICER, ABROAD, None),
    }
    here.people.update({name: person_with(*post) for name, post in people.items()})
    return here


def facts(**more: Any) -> dict[str, Any]:
    """An emergency at a point of the first grid: fire leads, police and sanitation help."""
    return {
        "type": "emergency",
        "text": "沿街商铺起火，需疏散群众",
        "lon": IN_GRID[0],
        "lat": IN_GRID[1],
        "lead": "FIRE",
        "units": ["POLICE", "SAN"],
        "stay": True,
        **more,
    }


def drafted(here: Town, by: Actor | None = None, **more: Any) -> Whistle:
    return draft(by=by or here.secretary, now=here.later(), facts=facts(**more))


def step(
    here: Town,
    code: str,
    whistle: Whistle,
    by: Actor,
    given: Mapping[str, Any] | None = None,
    **more: Any,
) -> Whistle:
    """Take a step a little later."""
    now = here.later(more.pop("minutes", 1))
    return take(code, number=whistle.number, by=by, now=now, facts=given or {}, **more)


def blown(here: Town, **more: Any) -> Whistle:
    whistle = step(here, "approve", drafted(here, **more), here.secretary)
    return step(here, "blow", whistle, here.secretary)


ACTORS = {"FIRE": "fire_one", "POLICE": "police_one", "SAN": "handler"}


def everyone(
    here: Town, code: str, whistle: Whistle, given: Mapping[str, Any] | None = None
) -> Whistle:
    """Every unit that stands takes the step, the lead last."""
    parts = list(whistle.summonses.order_by("lead", "id").select_related("unit"))
    for part in parts:
        if part.stands:
            whistle = step(here, code, whistle, getattr(here, ACTORS[part.unit.code]), given)
    return whistle


def grades(whistle: Whistle) -> dict[str, str]:
    """The same grade for every unit that stands."""
    codes = [part.unit.code for part in whistle.summonses.select_related("unit") if part.stands]
    return {f"{name}_{code}": value for code in codes for name, value in GOOD.items()}


_ROAD: dict[State, Any] = {
    State.APPROVED: lambda h, w: step(h, "approve", w, h.secretary),
    State.BLOWN: lambda h, w: step(h, "blow", w, h.secretary),
    State.SIGNED: lambda h, w: everyone(h, "sign", w),
    State.CONTACTED: lambda h, w: everyone(h, "contact", w),
    State.CHECKED_IN: lambda h, w: everyone(h, "check_in", w),
    State.HANDLING: lambda h, w: everyone(h, "start", w),
    State.DELIVERED: lambda h, w: step(
        h, "confirm", everyone(h, "deliver", w, {"result": "明火已扑灭"}), h.secretary
    ),
    State.EVALUATED: lambda h, w: step(h, "evaluate", w, h.secretary, grades(w)),
    State.CLOSED: lambda h, w: step(h, "close", w, h.secretary),
}


def a_whistle(here: Town, state: State = State.BLOWN, **more: Any) -> Whistle:
    """A whistle that the real actions brought into `state`."""
    whistle = drafted(here, **more)
    if state is State.CANCELLED:
        return step(here, "cancel", whistle, here.secretary, {"reason": "误报"})
    for reached, road in _ROAD.items():
        if whistle.state == state:
            break
        whistle = road(here, whistle)
        assert whistle.state == reached
    assert whistle.state == state
    return whistle


def part_of(whistle: Whistle, code: str) -> Summons:
    return Summons.objects.select_related("unit").get(whistle=whistle, unit__code=code)


def time_passes(here: Town, minutes: float) -> None:
    """What the workers do as time passes: sweep, carry up, tell."""
    now = here.later(minutes)
    sweep(now)
    move_up(now)
    tell_people(now)
