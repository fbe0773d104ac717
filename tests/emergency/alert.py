"""A town that can be put on alert: commanders of district and street, officers, people with and without accounts."""

from importlib import import_module
from typing import Any

from django.apps import apps

from accounts.actor import Actor
from accounts.roles import Role
from clocks.sweep import sweep
from emergency.declaring import declare
from emergency.doors import ACTIVATIONS, CALL_UPS, CALLED, ENROLMENTS
from emergency.enrolling import enrol
from emergency.models import Activation, Called, CallUp, Enrolment
from emergency.moving_up import move_up
from emergency.telling import tell_people
from tests.factories import ABROAD, organisation, person_with
from tests.incidents.town import Town, town
from tests.journal.factories import settle

STREET, COMMUNITY, OTHER_COMMUNITY = "120103001", "120103001001", "120103001002"
IN_COMMUNITY = (117.21, 39.005)


def seed_paces() -> None:
    """The times of levels, also after a test that emptied the tables."""
    import_module("emergency.migrations.0002_numbers_and_paces").seed(apps, None)


def alert_town() -> Town:
    """The town of cases, with everybody whom an emergency needs."""
    here = town()
    office = organisation(STREET, kind="subdistrict", name="大营门街道办事处", code="OFFICE")
    for name, role, area in (
        ("secretary", Role.COMMANDER, STREET),
        ("second_secretary", Role.COMMANDER, STREET),
        ("officer", Role.COMMUNITY, COMMUNITY),
        ("second_officer", Role.COMMUNITY, COMMUNITY),
        ("cadre", Role.VOLUNTEER, COMMUNITY),
        ("volunteer", Role.VOLUNTEER, COMMUNITY),
        ("second_volunteer", Role.VOLUNTEER, OTHER_COMMUNITY),
        ("foreign_commander", Role.COMMANDER, ABROAD),
    ):
        here.people[name] = person_with(role, area, office)
    return here


def enrolled(here: Town, name: str = "volunteer", **facts: Any) -> Enrolment:
    """Somebody with an account, enrolled in the first community as a volunteer unless said otherwise."""
    given = {"username": here.people[name].username, "area": COMMUNITY, "kind": "volunteer"}
    return _enrol(here, given | facts)


def stranger(
    here: Town, name: str = "王大山", phone: str = "13800000001", **facts: Any
) -> Enrolment:
    """Somebody without an account."""
    return _enrol(
        here, {"name": name, "phone": phone, "area": COMMUNITY, "kind": "volunteer"} | facts
    )


def _enrol(here: Town, facts: dict[str, Any]) -> Enrolment:
    terms = {"skills": [], "required_per": "month", "valid_from": "2026-01-01"}
    return enrol(by=here.commander, now=here.now, facts=terms | facts)


def three(here: Town) -> None:
    """A cadre and a volunteer of the first community, and a stranger there."""
    enrolled(here, "cadre", kind="cadre")
    enrolled(here)
    stranger(here)


def declared(here: Town, area: str = STREET, by: Actor | None = None, **facts: Any) -> Activation:
    given = {"area": area, "kind": "flood", "level": "orange", "reason": "持续强降雨"} | facts
    return declare(by=by or here.secretary, now=here.later(), facts=given)


def act(
    here: Town, step: str, activation: Activation, facts: Any = None, by: Actor | None = None
) -> Activation:
    now = here.later(1)
    return ACTIVATIONS.take(
        step, number=activation.number, by=by or here.secretary, now=now, facts=facts or {}
    )


def called_up(here: Town, activation: Activation | None = None, **facts: Any) -> CallUp:
    """Everybody who fits, in teams by community."""
    activation = activation or declared(here)
    act(here, "call_up", activation, {"grouping": "community"} | facts)
    return CallUp.objects.filter(activation=activation).latest("id")


def board_step(
    here: Town, step: str, call_up: CallUp, facts: Any = None, minutes: float = 1
) -> CallUp:
    now = here.later(minutes)
    return CALL_UPS.take(step, number=call_up.number, by=here.secretary, now=now, facts=facts or {})


def called(call_up: CallUp, here: Town, name: str) -> Called:
    """The row of somebody with an account."""
    return Called.objects.get(call_up=call_up, person=here.people[name])


def answer(
    here: Town, step: str, one: Called, by: Actor, facts: Any = None, minutes: float = 1
) -> Called:
    now = here.later(minutes)
    return CALLED.take(step, number=one.number, by=by, now=now, facts=facts or {})


def enrolment_step(
    here: Town, step: str, one: Enrolment, by: Actor, facts: Any = None
) -> Enrolment:
    now = here.later(1)
    return ENROLMENTS.take(step, number=one.number, by=by, now=now, facts=facts or {})


def time_passes(here: Town, minutes: float) -> None:
    """What the workers do in the background by then."""
    here.later(minutes)
    settle()
    sweep(here.now)
    settle()
    move_up(here.now)
    settle()
    tell_people(here.now)
