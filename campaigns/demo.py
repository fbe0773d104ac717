"""Campaigns of the demonstration district, made by the real actions at past times: a sweep half done, a resolution."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import shapely

from accounts.actor import Actor
from accounts.identity import actor_of
from accounts.models import User
from campaigns.choices import Found
from campaigns.door import ASSIGNMENTS, CAMPAIGNS, TARGETS
from campaigns.drafting import draft
from campaigns.models import Assignment, Campaign, Target
from campaigns.telling import tell_people
from clocks.calendar import SHANGHAI
from clocks.sweep import sweep
from grids.models import Area, Level
from incidents.querysets import within
from notices.models import Notice

STREET = "120103007"  # 友谊路街道
FIRMS = (
    "津利五金", "顺达快印", "老味居饭庄", "春兰理发", "德民大药房", "惠友便利", "鑫源棋牌室", "万家烟酒",
    "小白楼眼镜", "海源水产", "红桥面馆", "永盛粮油", "丽人服饰", "阳光托管", "康健足浴", "博雅书店",
    "宏达汽修", "麦香烘焙", "金鼎宾馆", "四季鲜果蔬", "同乐网吧", "新华文具", "福来火锅", "美居建材",
    "瑞通驿站", "佳佳洗衣", "天天家政", "亿家手机", "云端健身", "欣欣花店", "百姓诊所", "顺意电动车行",
    "民生菜店", "星光影楼", "和记茶庄", "祥云宠物", "利民废品收购点", "悦享咖啡", "恒信房产", "巧手裁缝",
)  # fmt: skip
ROADS = ("友谊路", "平江道", "体院北环湖中道", "宾水道", "紫金山路")
CHECKLIST = (
    ("消防通道、安全出口是否畅通", "yes_no", True),
    ("灭火器是否在有效期内", "yes_no", True),
    ("有无电动车入户充电", "yes_no", False),
    ("从业人数", "number", False),
)
PROBLEMS = (
    "后厨油烟管道积油未清洗，灭火器过期",
    "疏散通道堆放货物，卷帘门内上锁",
    "电动车在店内飞线充电",
)
ZONES = (
    ("第一片区·友谊路", "secretary", ("worker", "department")),
    ("第二片区·平江道", "community", ("chief",)),
    ("第三片区·环湖中道", "chief", ("volunteer", "captain")),
)
DONE = (11, 8, 4)  # how many targets each zone has been to


class Stage:
    """Where the stories are played: people by their accounts, and time that passes."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def actor(self, username: str) -> Actor:
        return actor_of(User.objects.get(username=username))

    def person(self, username: str) -> str:
        return str(User.objects.get(username=username).pk)

    def day(self, days: int) -> str:
        return (self.now.astimezone(SHANGHAI).date() + timedelta(days=days)).isoformat()

    def passes(self, at: datetime) -> None:
        """What the workers would have done by then."""
        for work in (sweep, tell_people):
            while work(at):
                continue

    def take(self, door: Any, step: str, number: str, by: str, at: datetime, **facts: Any) -> Any:
        return door.take(step, number=number, by=self.actor(by), now=at, facts=facts)


def play(now: datetime) -> int:
    """Tell all stories; how many campaigns there are then. `now` is aware; the demonstration must be loaded."""
    stage = Stage(now)
    _a_resolution(stage)
    _a_key_project(stage)
    _a_list(stage)
    _a_sweep(stage)
    _a_draft(stage)
    stage.passes(now)
    old = Notice.objects.filter(
        kind__startswith="campaign.", created_at__lt=now - timedelta(days=3)
    )
    old.update(read_at=now)
    return Campaign.objects.count()


# --- a sweep, half done ------------------------------------------------------------------------------


def _a_sweep(stage: Stage) -> None:
    """Forty firms of a street, three zones, one behind the others; two problems became cases."""
    begin = stage.now - timedelta(days=4)
    facts = {
        "kind": "sweep",
        "title": "沿街商铺消防隐患扫街筛查",
        "text": "逐户筛查沿街商铺：通道是否畅通、灭火器是否有效、有无电动车入户充电。能改的当场改，不能改的转为案件。",
        "due_on": stage.day(3),
        "area": "120103",
    }
    made = draft(by=stage.actor("commander"), now=begin, facts=facts)
    stage.take(CAMPAIGNS, "set_checklist", made.number, "commander", begin, **_lines())
    stage.take(CAMPAIGNS, "assign", made.number, "commander", begin, areas=[STREET])
    stage.take(CAMPAIGNS, "add_targets", made.number, "commander", begin, lines=_firms())
    stage.take(CAMPAIGNS, "launch", made.number, "commander", begin)
    assignment = made.assignments.get()
    stage.take(ASSIGNMENTS, "receive", assignment.number, "secretary", begin + timedelta(hours=1))
    _sweep_zones(stage, assignment, begin + timedelta(hours=2))


def _lines() -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for n, (text, kind, required) in enumerate(CHECKLIST, 1):
        typed |= {f"text_{n}": text, f"kind_{n}": kind, f"required_{n}": required}
    return typed


def _firms() -> str:
    """Forty firms, spread over the street's grids."""
    grids = Area.objects.filter(within(STREET, "code"), level=Level.GRID, boundary__isnull=False)
    spots = [
        (grid.code, shapely.from_wkb(bytes(grid.boundary or b"")).representative_point())
        for grid in grids.order_by("code")[:10]
    ]
    lines = ["名称,地址,归属,类别,经度,纬度"]
    for n, name in enumerate(FIRMS):
        code, point = spots[n * len(spots) // len(FIRMS)]
        road = ROADS[n * len(ROADS) // len(FIRMS)]
        lon, lat = point.x + 0.0002 * (n % 3), point.y + 0.0001 * (n % 4)
        lines.append(f"{name},{road}{n * 2 + 1}号,{code},企业,{lon:.6f},{lat:.6f}")
    return "\n".join(lines)


def _sweep_zones(stage: Stage, assignment: Assignment, at: datetime) -> None:
    number = assignment.number
    for name, leader, members in ZONES:
        people = [stage.person(one) for one in members if _may_serve(stage, assignment, one)]
        stage.take(
            ASSIGNMENTS, "add_zone", number, "secretary", at, name=name, leader=stage.person(leader), members=people
        )  # fmt: skip
    stage.take(ASSIGNMENTS, "share_out", number, "secretary", at, evenly=True)
    for (name, leader, _members), done in zip(ZONES, DONE, strict=True):
        zone = assignment.zones.get(name=name)
        morning = stage.now - timedelta(hours=2)
        if done > min(DONE):
            stage.take(ASSIGNMENTS, "arrive", number, leader, morning, zone=str(zone.pk))
        targets = list(zone.targets.order_by("area_code", "address", "pk")[:done])
        for n, target in enumerate(targets):
            _visit(
                stage, target, leader, morning - timedelta(hours=20) + timedelta(minutes=17 * n), n
            )


def _may_serve(stage: Stage, assignment: Assignment, username: str) -> bool:
    posts = stage.actor(username).posts
    return any(post.area_code.startswith(assignment.area_code) for post in posts)


def _visit(stage: Stage, target: Target, by: str, at: datetime, n: int) -> None:
    """Every fifth is closed, every fourth has something."""
    facts: dict[str, Any] = {
        "found": Found.VISITED,
        "line_1": "true",
        "line_2": "true",
        "line_4": n + 2,
    }
    if n % 5 == 4:
        facts = {"found": Found.ABSENT, "note": "已关门，需晚间再来"}
    elif n % 4 == 2:
        note = PROBLEMS[(n // 4 + target.pk) % len(PROBLEMS)]
        facts |= {"found": Found.PROBLEM, "line_2": "false", "note": note}
    stage.take(TARGETS, "visit", target.number, by, at, **facts)
    if facts["found"] == Found.PROBLEM and n < 4:
        stage.take(TARGETS, "make_case", target.number, by, at + timedelta(minutes=4))


# --- a resolution, a project, a list, a draft -----------------------------------------------------------


def _tasks(
    stage: Stage, made: Campaign, at: datetime, tasks: tuple[tuple[str, str, int], ...]
) -> list[Assignment]:
    """One task after the other: to which unit, what, and so many days from now."""
    for unit, text, days in tasks:
        stage.take(
            CAMPAIGNS, "assign", made.number, "commander", at, units=[unit], text=text, due_on=stage.day(days)
        )  # fmt: skip
    return list(made.assignments.order_by("pk"))


def _a_resolution(stage: Stage) -> None:
    """Three tasks of a meeting; one is late, one lacks this month's note, one is done."""
    begin = stage.now - timedelta(days=40)
    facts: Mapping[str, Any] = {
        "kind": "resolution",
        "title": "平安建设领导小组全体会议议定事项",
        "text": "会议部署年度平安建设任务，各牵头单位按月报送进展。",
        "meeting_name": "平安建设领导小组全体会议",
        "held_on": stage.day(-41),
        "due_on": stage.day(30),
        "area": "120103",
    }
    made = draft(by=stage.actor("commander"), now=begin, facts=facts)
    # What is late now was not when it was sent.
    late, clean, fire = _tasks(
        stage, made, begin,
        (
            ("HX-LE", "完成占道经营回潮点位集中整治，形成长效看护机制", -3),
            ("HX-SAN", "完成背街小巷垃圾清运点位改造", 20),
            ("HX-FR", "完成高层建筑微型消防站达标验收", 12),
        ),
    )  # fmt: skip
    stage.take(CAMPAIGNS, "launch", made.number, "commander", begin)
    for one, by in ((late, "hx-le-leader"), (clean, "leader"), (fire, "hx-fr-leader")):
        stage.take(ASSIGNMENTS, "receive", one.number, by, begin + timedelta(hours=3))
    stage.passes(stage.now - timedelta(days=4))
    stage.take(
        ASSIGNMENTS, "note", clean.number, "leader", stage.now - timedelta(hours=30), text="12处已完成9处", percent=75
    )  # fmt: skip
    stage.take(
        ASSIGNMENTS, "note", late.number, "hx-le-leader", begin + timedelta(days=5), text="已完成首轮摸排", percent=30
    )  # fmt: skip
    done = stage.now - timedelta(days=2)
    stage.take(ASSIGNMENTS, "report", fire.number, "hx-fr-leader", done, text="31处全部验收合格")
    stage.take(ASSIGNMENTS, "accept", fire.number, "commander", done + timedelta(hours=5))


def _a_key_project(stage: Stage) -> None:
    """An annual key project with three milestones, the first of them reached."""
    begin = stage.now - timedelta(days=25)
    facts = {
        "kind": "project",
        "title": "街道级矛盾纠纷调处化解中心建设",
        "text": "年度社会治理重点项目：建成街道级矛调中心并实体化运行。",
        "due_on": stage.day(90),
        "area": "120103",
    }
    made = draft(by=stage.actor("commander"), now=begin, facts=facts)
    (only,) = _tasks(stage, made, begin, (("HX-JU", "牵头建设，街道配合", 90),))
    for text, days in (("选址与方案批复", -10), ("装修与设备到位", 25), ("试运行并验收", 80)):
        stage.take(
            CAMPAIGNS, "add_milestone", made.number, "commander", begin, assignment=only.number, text=text,
            due_on=stage.day(days),
        )  # fmt: skip
    stage.take(CAMPAIGNS, "launch", made.number, "commander", begin)
    stage.take(ASSIGNMENTS, "receive", only.number, "hx-ju-leader", begin + timedelta(hours=2))
    first = only.milestones.order_by("due_on").first()
    assert first is not None
    reached = stage.now - timedelta(days=12)
    stage.take(ASSIGNMENTS, "reach", only.number, "hx-ju-leader", reached, milestone=first.pk)


def _a_list(stage: Stage) -> None:
    """Two public-security spots on the street's rectification list; the street's secretary sent it."""
    begin = stage.now - timedelta(days=9)
    facts = {
        "kind": "rectification",
        "title": "社会治安重点地区排查整治",
        "text": "挂牌整治，验收合格并巩固后销号。",
        "due_on": stage.day(45),
        "area": "120103",
    }
    made = draft(by=stage.actor("commander"), now=begin, facts=facts)
    for area, text in (
        (STREET, "体院北夜市周边：占道经营、停车纠纷多发"),
        ("120103005", "地铁口周边：非法营运、共享单车堆积"),
    ):
        stage.take(CAMPAIGNS, "assign", made.number, "commander", begin, areas=[area], text=text)
    stage.take(CAMPAIGNS, "launch", made.number, "commander", begin)
    first = made.assignments.get(area_code=STREET)
    stage.take(ASSIGNMENTS, "receive", first.number, "secretary", begin + timedelta(hours=4))
    stage.take(
        ASSIGNMENTS, "note", first.number, "secretary", stage.now - timedelta(days=1), text="夜间联勤已开展三轮",
        percent=40,
    )  # fmt: skip


def _a_draft(stage: Stage) -> None:
    """Being prepared: nobody has heard of it."""
    facts = {
        "kind": "sweep",
        "title": "燃气安全入户排查",
        "text": "对使用瓶装液化气的餐饮单位逐户排查。",
        "limit_value": 10,
        "limit_kind": "work_day",
        "area": STREET,
    }
    draft(by=stage.actor("secretary"), now=stage.now - timedelta(hours=3), facts=facts)
