"""Who reaches what of borders. The rights are written down here once more, by hand."""

import json
from typing import Any

import shapely
from django.utils import timezone

from accounts.roles import Role
from borders.doors import ENCLAVES, MATTERS
from borders.raising import raise_matter
from borders.registering import register
from grids.locate import look_again
from grids.models import Area
from tests.borders.ground import YARD
from tests.factories import HOME, actor, organisation
from tests.grids.factories import district
from tests.matrix.row import FORBIDDEN, HIDDEN, IN, Outcome, Row
from tests.matrix.world import World

RULER = frozenset({Role.COMMANDER})
AREA_RAISERS = frozenset(
    {Role.GRID_CHIEF, Role.COMMUNITY, Role.DISPATCHER, Role.SUPERVISOR, Role.COMMANDER}
)
RAISES = AREA_RAISERS | {Role.UNIT_LEADER}
UNIT = frozenset({Role.DEPARTMENT, Role.UNIT_LEADER})
LEADER = frozenset({Role.UNIT_LEADER})
CHECKER = frozenset({Role.SUPERVISOR, Role.COMMANDER})
SEES = RAISES | UNIT

MATTER_HANDS: dict[str, frozenset[Role]] = {
    "ask": RULER,
    "opine": UNIT,
    "rule": RULER,
    "adjudicate": RULER,
    "write": RULER,
    "refuse": RULER,
    "withdraw": RULER,
}
# Whoever holds the permission learns that the state stands against it; whose unit it is, is asked after that.
ENCLAVE_HANDS: dict[str, frozenset[Role]] = {
    "amend": RAISES,
    "investigate": RAISES,
    "attribute": RULER,
    "word": LEADER | RULER,
    "sign": LEADER,
    "list_problem": AREA_RAISERS | LEADER,
    "link_case": AREA_RAISERS | UNIT,
    "solve_problem": UNIT,
    "reopen_problem": UNIT | CHECKER,
    "check": CHECKER,
    "mend": SEES,
    "strike": RULER,
}


def build(world: World) -> None:
    """A matter on which the unit of these people is asked, and an enclave that it takes from a firm of the city, with
    an old problem that stays with it."""
    if not Area.objects.filter(code=HOME).exists():
        district()
    look_again()
    now, commander, unit = timezone.now(), actor(Role.COMMANDER), world.organisations[HOME]
    facts = {"title": "无人管的路", "text": "相互推诿", "area": HOME, "cases": ""}
    matter = raise_matter(by=commander, now=now, facts=facts)
    asked = {"units": [unit.code]}
    world.records["matter"] = MATTERS.take(
        "ask", number=matter.number, by=commander, now=now, facts=asked
    )
    firm = organisation("1201", kind="company", name="市属企业")
    facts = {
        "name": "企业大院",
        "owner": firm.code,
        "boundary": json.dumps(shapely.geometry.mapping(YARD)),
    }
    made = register(by=commander, now=now, facts=facts)
    to = {"manager": unit.code, "owner": firm.code, "text": "属地管理"}
    for step, given in (("investigate", {"text": "已核查"}), ("attribute", to)):
        made = ENCLAVES.take(step, number=made.number, by=commander, now=now, facts=given)
    made.problems.create(title="遗留问题", owner=unit, listed_at=now)
    world.records["enclave"] = made


def _matter(world: World) -> dict[str, Any]:
    return {"number": world.records["matter"].number}


def _enclave(world: World) -> dict[str, Any]:
    return {"number": world.records["enclave"].number}


def _of(kwargs: Any, url: str, may: frozenset[Role] = SEES, **more: Any) -> Row:
    """To whom it is not shown there is none; who sees it without the right is refused."""
    exceptions: dict[Role, Outcome] = dict.fromkeys(SEES - may, FORBIDDEN)
    return Row(
        url=url, may=may, **{"kwargs": kwargs, "others": HIDDEN, "exceptions": exceptions, **more}
    )


def _step(kwargs: Any, code: str) -> Any:
    return lambda world: {**kwargs(world), "code": code}


ROWS = [
    Row(url="borders:matters", may=SEES),
    Row(url="borders:item_options", may=SEES),
    Row(url="borders:matter_new", may=RAISES),
    Row(url="borders:matter_new", method="post", may=RAISES),
    _of(_matter, "borders:matter"),
    _of(_matter, "borders:matter_rule", RULER, method="post"),
    _of(_step(_matter, "refuse"), "borders:matter_step", RULER),
    _of(_step(_matter, "refuse"), "borders:matter_step", RULER, method="post"),
    Row(url="borders:enclaves", may=SEES),
    Row(url="borders:enclave_map", may=SEES),
    Row(url="borders:enclave_progress", may=SEES),
    Row(url="borders:enclave_new", may=RAISES),
    Row(url="borders:enclave_new", method="post", may=RAISES),
    Row(url="borders:enclave_import", may=RAISES),
    Row(url="borders:enclave_import", method="post", may=RAISES),
    _of(_enclave, "borders:enclave"),
    _of(_step(_enclave, "check"), "borders:enclave_step", CHECKER),
    _of(_step(_enclave, "check"), "borders:enclave_step", CHECKER, method="post"),
    Row(url="api_matters", may=SEES, partner=IN),
    Row(url="api_matters", method="post", may=RAISES, partner=IN),
    _of(_matter, "api_matter", partner=IN),
    _of(_matter, "api_matter_steps", partner=IN),
    _of(_matter, "api_matter_timeline", partner=IN),
    _of(_matter, "api_matter_rule_plainly", RULER, method="post", partner=IN),
    *[
        _of(_matter, f"api_matter_step_{code}", may, method="post", partner=IN)
        for code, may in MATTER_HANDS.items()
    ],
    Row(url="api_enclaves", may=SEES, partner=IN),
    Row(url="api_enclaves", method="post", may=RAISES, partner=IN),
    Row(url="api_enclave_progress", may=SEES, partner=IN),
    Row(url="api_enclave_import", method="post", may=RAISES, partner=IN),
    _of(_enclave, "api_enclave", partner=IN),
    _of(_enclave, "api_enclave_steps", partner=IN),
    _of(_enclave, "api_enclave_timeline", partner=IN),
    *[
        _of(_enclave, f"api_enclave_step_{code}", may, method="post", partner=IN)
        for code, may in ENCLAVE_HANDS.items()
    ],
]
