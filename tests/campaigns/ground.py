"""A district with a street secretary and a community officer under its commander, and campaigns in it."""

from collections.abc import Mapping
from typing import Any

from accounts.roles import Role
from campaigns.door import ASSIGNMENTS, CAMPAIGNS, TARGETS
from campaigns.drafting import draft
from campaigns.models import Assignment, Campaign, Target, Zone
from tests.factories import ABROAD, person_with
from tests.incidents.town import Town, town

STREET, COMMUNITY = "120103001", "120103001001"
LIST = """名称,地址,归属,类别,经度,纬度
津河五金店,友谊路1号,120103001001001,企业,117.205,39.005
大光明眼镜,友谊路3号,120103001001001,企业,,
春来小饭馆,友谊路5号,120103001001002,企业,,
海河仓储,友谊路7号,120103001001002,场所,,
"""
CHECKLIST: dict[str, Any] = {
    "text_1": "消防通道是否畅通",
    "kind_1": "yes_no",
    "required_1": True,
    "text_2": "灭火器数量",
    "kind_2": "number",
}


def ground() -> Town:
    """The town, and who sends down and leads in it."""
    here = town()
    here.people["secretary"] = person_with(Role.COMMANDER, STREET)
    here.people["officer"] = person_with(Role.COMMUNITY, COMMUNITY)
    here.people["cadre"] = person_with(Role.MEDIATOR, STREET)
    here.people["second_cadre"] = person_with(Role.VOLUNTEER, STREET)
    here.people["foreign_commander"] = person_with(Role.COMMANDER, ABROAD)
    return here


def facts(**said: Any) -> dict[str, Any]:
    due = {} if "limit_value" in said else {"due_on": "2026-03-31"}
    return {"kind": "sweep", "title": "消防隐患扫街筛查", "text": "逐户排查沿街商铺", **due, **said}


def drafted(here: Town, by: str = "commander", **said: Any) -> Campaign:
    return draft(by=getattr(here, by), now=here.later(), facts=facts(**said))


def on_campaign(
    here: Town, step: str, campaign: Campaign, by: str = "commander", **said: Any
) -> Campaign:
    return CAMPAIGNS.take(
        step, number=campaign.number, by=getattr(here, by), now=here.later(), facts=said
    )


def on_assignment(
    here: Town, step: str, assignment: Assignment, by: str = "secretary", **said: Any
) -> Assignment:
    return ASSIGNMENTS.take(
        step, number=assignment.number, by=getattr(here, by), now=here.later(), facts=said
    )


def on_target(
    here: Town,
    step: str,
    target: Target,
    by: str = "cadre",
    said: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Target:
    return TARGETS.take(
        step,
        number=target.number,
        by=getattr(here, by),
        now=here.later(),
        version=version,
        facts=said or {},
    )


def launched(here: Town, lines: str = LIST, **said: Any) -> Assignment:
    """A sweep of the district, sent to one street, with a check-list and four firms."""
    campaign = drafted(here, **said)
    on_campaign(here, "set_checklist", campaign, **CHECKLIST)
    on_campaign(here, "assign", campaign, areas=[STREET])
    on_campaign(here, "add_targets", campaign, lines=lines)
    on_campaign(here, "launch", campaign)
    return Assignment.objects.select_related("campaign").get(campaign=campaign)


def under_way(here: Town, **said: Any) -> Assignment:
    return on_assignment(here, "receive", launched(here, **said))


def zone_of(here: Town, assignment: Assignment, name: str = "第一片区", **said: Any) -> Zone:
    """A zone that `cadre` leads, with everything shared out to it."""
    leader = said.pop("leader", str(here.people["cadre"].pk))
    on_assignment(here, "add_zone", assignment, name=name, leader=leader, **said)
    return assignment.zones.get(name=name)


def swept(here: Town) -> Assignment:
    """Under way, with one zone that has all four targets."""
    assignment = under_way(here)
    zone_of(here, assignment)
    return on_assignment(here, "share_out", assignment, evenly=True)


def target(assignment: Assignment, place: int = 0) -> Target:
    return list(assignment.targets.order_by("pk"))[place]


VISITED = {"found": "visited", "line_1": "true", "line_2": "4"}
ABSENT = {"found": "absent"}
PROBLEM = {"found": "problem", "line_1": "false", "note": "后厨油烟管道积油，灭火器过期"}
