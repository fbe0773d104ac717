"""A street with its office, and a place in it that belongs to the housing bureau of the next district.

Matters and enclaves are brought to a state by the real actions, at real working hours.
"""

import json
from collections.abc import Mapping
from typing import Any

import shapely

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.roles import Role
from borders.choices import CheckKind, EnclaveState, MatterState
from borders.doors import ENCLAVES, MATTERS
from borders.models import Enclave, Matter
from borders.raising import raise_matter
from borders.registering import register
from tests.factories import ABROAD, HOME, organisation, person_with
from tests.incidents.town import GARBAGE, Town, town

STREET = "120103001"
# Round the point in which `town` reports its cases.
YARD = shapely.box(117.204, 39.004, 117.206, 39.006)
OUTSIDE = (117.208, 39.008)


def ground() -> Town:
    """The town, the street's office that takes, the bureau abroad that gives, and their people."""
    here = town()
    office = organisation(STREET, kind="subdistrict", name="大营门街道办事处", code="OFFICE")
    bureau = organisation(ABROAD, kind="department", name="南开区房管局", code="NK-HOUSING")
    people: dict[str, tuple[Role, str, Organisation | None]] = {
        "secretary": (Role.COMMANDER, STREET, office),
        "second_commander": (Role.COMMANDER, HOME, None),
        "taker": (Role.UNIT_LEADER, STREET, office),
        "office_handler": (Role.DEPARTMENT, STREET, office),
        "giver": (Role.UNIT_LEADER, ABROAD, bureau),
        "giver_handler": (Role.DEPARTMENT, ABROAD, bureau),
        "helper_leader": (Role.UNIT_LEADER, HOME, here.water),
        "foreign_commander": (Role.COMMANDER, ABROAD, None),
        "city_commander": (Role.COMMANDER, "1201", None),
        "far_commander": (Role.COMMANDER, "120105", None),
    }
    here.people.update({name: person_with(*post) for name, post in people.items()})
    return here


# --- matters -----------------------------------------------------------------------------------


def matter_facts(**more: Any) -> dict[str, Any]:
    facts = {
        "title": "物流园内道路保洁",
        "text": "园区道路无人清扫，环卫与园区互相推诿",
        "item_code": GARBAGE,
        "area": HOME,
        "cases": "",
    }
    return facts | more


def raised(here: Town, by: Actor | None = None, **more: Any) -> Matter:
    return raise_matter(by=by or here.dispatcher, now=here.later(), facts=matter_facts(**more))


def ruling(**more: Any) -> dict[str, Any]:
    return {
        "lead": "SAN", "assisting": ["WATER"], "basis": "三定方案第四条", "item_code": GARBAGE, "area": HOME,
        "priority": 0, **more,
    }  # fmt: skip


def take(
    here: Town,
    step: str,
    matter: Matter,
    by: Actor,
    facts: Mapping[str, Any] | None = None,
    **more: Any,
) -> Matter:
    """Take a step with a matter a little later."""
    return MATTERS.take(
        step, number=matter.number, by=by, now=here.later(), facts=facts or {}, **more
    )


def a_matter(here: Town, state: MatterState = MatterState.RAISED, **more: Any) -> Matter:
    """A matter that the real actions brought into `state`."""
    matter = raised(here, **more)
    match state:
        case MatterState.HEARING:
            return take(here, "ask", matter, here.commander, {"units": ["SAN", "WATER"]})
        case MatterState.ADJUDICATED:
            return take(here, "adjudicate", matter, here.commander, ruling())
        case MatterState.WRITTEN:
            return take(here, "rule", matter, here.commander, ruling())
        case MatterState.REFUSED:
            return take(
                here, "refuse", matter, here.commander, {"lead": "SAN", "reason": "已有规定"}
            )
        case MatterState.WITHDRAWN:
            return take(here, "withdraw", matter, here.commander, {"reason": "重复"})
    return matter


# --- enclaves ----------------------------------------------------------------------------------


def place_facts(**more: Any) -> dict[str, Any]:
    facts = {
        "name": "风屏公寓", "reference": "", "owner": "NK-HOUSING", "text": "自来水管网老化，用水难",
        "address": "大营门街道", "boundary": json.dumps(shapely.geometry.mapping(YARD)), "population": 820,
        "households": 310, "area_m2": 24000,
    }  # fmt: skip
    return facts | more


def registered(here: Town, by: Actor | None = None, **more: Any) -> Enclave:
    return register(by=by or here.dispatcher, now=here.later(), facts=place_facts(**more))


def move(
    here: Town,
    step: str,
    enclave: Enclave,
    by: Actor,
    facts: Mapping[str, Any] | None = None,
    **more: Any,
) -> Enclave:
    """Take a step with an enclave a little later."""
    return ENCLAVES.take(
        step, number=enclave.number, by=by, now=here.later(), facts=facts or {}, **more
    )


ATTRIBUTION = {"manager": "OFFICE", "owner": "NK-HOUSING", "text": "行政区划所在区担起治理"}


def sign(here: Town, enclave: Enclave, name: str, version: int | None = None) -> Enclave:
    """One side signs what it reads now, or the wording `version`."""
    seen = Enclave.objects.get(pk=enclave.pk).handover_version if version is None else version
    return move(here, "sign", enclave, getattr(here, name), {"handover_version": seen})


def checked(
    here: Town, enclave: Enclave, kind: str, passed: bool = True, note: str = ""
) -> Enclave:
    facts = {"check": kind, "passed": passed, "note": note or "现场核实"}
    return move(here, "check", enclave, here.supervisor, facts)


_ROAD: dict[EnclaveState, Any] = {
    EnclaveState.INVESTIGATED: lambda h, e: move(
        h, "investigate", e, h.dispatcher, {"text": "产权不清", "population": 830}
    ),
    EnclaveState.ATTRIBUTED: lambda h, e: move(h, "attribute", e, h.commander, ATTRIBUTION),
    EnclaveState.HANDED_OVER: lambda h, e: sign(
        h, sign(h, move(h, "word", e, h.taker, {"handover": "自签字之日起移交"}), "giver"), "taker"
    ),
}


def an_enclave(here: Town, state: EnclaveState = EnclaveState.REGISTERED, **more: Any) -> Enclave:
    """An enclave that the real actions brought into `state`."""
    enclave = registered(here, **more)
    if state is EnclaveState.STRUCK:
        return move(here, "strike", enclave, here.commander, {"reason": "登记有误"})
    for reached, road in _ROAD.items():
        if enclave.state == state:
            break
        enclave = road(here, enclave)
        assert enclave.state == reached
    if state is EnclaveState.MENDING:
        return checked(here, enclave, "hazards", passed=False, note="消防通道堵塞")
    if state is EnclaveState.ACCEPTED:
        for kind in CheckKind:
            enclave = checked(here, enclave, kind)
    assert enclave.state == state, enclave.state
    return enclave
