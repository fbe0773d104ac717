"""Who reaches what of campaigns. The rights are written down here once more, by hand."""

from typing import Any

from django.utils import timezone

from accounts.roles import Role
from campaigns.door import ASSIGNMENTS, CAMPAIGNS
from campaigns.drafting import draft
from grids.locate import look_again
from grids.models import Area
from tests.factories import HOME, actor
from tests.grids.factories import district
from tests.matrix.row import FORBIDDEN, HIDDEN, IN, Outcome, Row
from tests.matrix.world import World

COMMANDER = frozenset({Role.COMMANDER})
WATCHES = COMMANDER | {Role.SUPERVISOR}
LEADS = frozenset({Role.COMMANDER, Role.COMMUNITY, Role.UNIT_LEADER})
UNIT = frozenset({Role.DEPARTMENT, Role.UNIT_LEADER})
# Posts of area scope lie over the district here, and see what goes to it; an organisation sees what goes to it.
SEES = WATCHES | UNIT | {Role.COMMUNITY}
SWEEPS = frozenset({Role.GRID_WORKER, Role.GRID_CHIEF, Role.COMMUNITY}) | UNIT
SEES_TARGETS = SEES | SWEEPS

OF_SENDER = frozenset({"urge", "accept", "send_back", "delist", "withdraw"})
GOES = frozenset({"visit", "visit_again", "make_case"})


def build(world: World) -> None:
    """A campaign of the home district, sent to the unit of these people, with one target."""
    if not Area.objects.filter(code=HOME).exists():
        district()
    look_again()
    now, commander = timezone.now(), actor(Role.COMMANDER)
    unit = world.organisations[HOME]
    facts = {
        "kind": "sweep",
        "title": "消防筛查",
        "text": "逐户筛查",
        "limit_value": 3,
        "limit_kind": "natural_day",
    }
    made = draft(by=commander, now=now, facts=facts)
    for step, said in (
        ("assign", {"units": [unit.code]}),
        ("add_targets", {"lines": "五金店,友谊路1号"}),
        ("launch", {}),
    ):
        made = CAMPAIGNS.take(step, number=made.number, by=commander, now=now, facts=said)
    assignment = made.assignments.get()
    leader = actor(Role.UNIT_LEADER, HOME, unit)
    ASSIGNMENTS.take("receive", number=assignment.number, by=leader, now=now)
    world.records["campaign"] = made
    world.records["campaign_assignment"] = assignment
    world.records["campaign_target"] = assignment.targets.get()


def _number(record: str) -> Any:
    return lambda world: {"number": world.records[record].number}


def _step(record: str, code: str) -> Any:
    return lambda world: {"number": world.records[record].number, "code": code}


def _of(record: str, url: str, seen: frozenset[Role], may: frozenset[Role], **more: Any) -> Row:
    """To whom the record is not shown there is none; who sees it without the right is refused."""
    exceptions: dict[Role, Outcome] = dict.fromkeys(seen - may, FORBIDDEN)
    said = {"kwargs": _number(record), "others": HIDDEN, "exceptions": exceptions}
    return Row(url=url, may=may, **{**said, **more})


def _campaign(url: str, may: frozenset[Role] = SEES, **more: Any) -> Row:
    return _of("campaign", url, SEES, may, **more)


def _assignment(url: str, may: frozenset[Role] = SEES, **more: Any) -> Row:
    return _of("campaign_assignment", url, SEES, may, **more)


def _target(url: str, may: frozenset[Role] = SEES_TARGETS, **more: Any) -> Row:
    return _of("campaign_target", url, SEES_TARGETS, may, **more)


def _hands(code: str) -> frozenset[Role]:
    """Who could ever take a step of an assignment. Checking in is for the cadres of a zone, and here is none."""
    if code in OF_SENDER:
        return COMMANDER
    if code == "arrive":
        return frozenset()
    return (
        LEADS | UNIT if code == "receive" else LEADS
    )  # the department is told first that it is received


ROWS = [
    Row(url="campaigns:board", may=WATCHES | LEADS),
    Row(url="campaigns:list", may=WATCHES | LEADS),
    Row(url="campaigns:new", may=COMMANDER),
    Row(url="campaigns:new", method="post", may=COMMANDER),
    Row(url="campaigns:mine", may=frozenset(Role)),
    _campaign("campaigns:campaign"),
    Row(
        url="campaigns:urge",
        method="post",
        may=COMMANDER,
        kwargs=_number("campaign"),
    ),
    _of("campaign", "campaigns:targets", SEES_TARGETS, SEES_TARGETS),
    _campaign("campaigns:add_targets", COMMANDER),
    _campaign("campaigns:add_targets", COMMANDER, method="post"),
    _campaign("campaigns:campaign_step", COMMANDER, kwargs=_step("campaign", "close")),
    _campaign(
        "campaigns:campaign_step", COMMANDER, kwargs=_step("campaign", "close"), method="post"
    ),
    _assignment("campaigns:assignment"),
    _assignment(
        "campaigns:assignment_step", COMMANDER, kwargs=_step("campaign_assignment", "urge")
    ),
    _assignment(
        "campaigns:assignment_step",
        COMMANDER,
        kwargs=_step("campaign_assignment", "urge"),
        method="post",
    ),
    _target("campaigns:target"),
    _target(
        "campaigns:target_step",
        SWEEPS | LEADS,
        kwargs=_step("campaign_target", "visit"),
    ),
    _target(
        "campaigns:target_step",
        SWEEPS | LEADS,
        kwargs=_step("campaign_target", "visit"),
        method="post",
    ),
    Row(url="api_campaigns", may=WATCHES | LEADS, partner=IN),
    Row(url="api_campaigns", method="post", may=COMMANDER, partner=IN),
    Row(url="api_campaign_board", may=WATCHES | LEADS, partner=IN),
    _campaign("api_campaign", partner=IN),
    _campaign("api_campaign_steps", partner=IN),
    _campaign("api_campaign_timeline", partner=IN),
    _campaign("api_campaign_check_targets", COMMANDER, method="post", partner=IN),
    _campaign("api_campaign_urge", COMMANDER, method="post", partner=IN),
    *[
        _campaign(f"api_campaign_step_{code}", COMMANDER, method="post", partner=IN)
        for code in CAMPAIGNS.table
    ],
    Row(url="api_assignments", may=frozenset(Role), partner=IN),
    _assignment("api_assignment", partner=IN),
    _assignment("api_assignment_steps", partner=IN),
    _assignment("api_assignment_timeline", partner=IN),
    *[
        _assignment(
            f"api_assignment_step_{code}",
            _hands(code),
            method="post",
            partner=FORBIDDEN if code == "arrive" else IN,
        )
        for code in ASSIGNMENTS.table
    ],
    Row(url="api_targets", may=frozenset(Role), partner=IN),
    _target("api_target", partner=IN),
    _target("api_target_steps", partner=IN),
    *[
        _target(f"api_target_step_{code}", SWEEPS | LEADS, method="post", partner=IN)
        for code in sorted(GOES)
    ],
    Row(url="api_my_zones", may=frozenset(Role), partner=FORBIDDEN),
]
