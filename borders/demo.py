"""Matters without a lead and enclaves of the demonstration district in different states, made by the real actions."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import shapely

from accounts.actor import Actor
from accounts.identity import actor_of
from accounts.models import User
from borders.carrying import count_carried
from borders.doors import ENCLAVES, MATTERS
from borders.models import Enclave, Matter
from borders.raising import raise_matter
from borders.registering import register
from borders.telling import tell_people
from clocks.sweep import sweep
from grids.models import Area, Level
from incidents.catalogue import items_in_force
from incidents.querysets import within
from notices.models import Notice
from steps.door import Door

DISTRICT, HOME, NEXT = "120103", "120103007", "120103005"
WORDING = (
    "一、{name}自双方签字之日起，由{taker}按属地管理原则承担治理、服务、管理职责。\n"
    "二、历史遗留问题由{giver}继续负责解决，不因移交而免责。\n"
    "三、相关图纸、台账、合同随本协议一并移交。"
)


class Stage:
    """Where the stories are played: people by their accounts, yards by number, and time that passes."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        grids = Area.objects.filter(within(HOME, "code"), level=Level.GRID, boundary__isnull=False)
        self._grids = [
            shapely.from_wkb(bytes(g.boundary or b"")) for g in grids.order_by("code")[:12]
        ]

    def actor(self, username: str) -> Actor:
        return actor_of(User.objects.get(username=username))

    def yard(self, number: int) -> str:
        """A piece in the middle of one of the street's grids, as GeoJSON."""
        grid = self._grids[number % len(self._grids)]
        yard = grid.representative_point().buffer(0.0007, quad_segs=2).intersection(grid)
        return json.dumps(shapely.geometry.mapping(yard))

    def passes(self, at: datetime) -> None:
        """What the workers would have done by then."""
        while sweep(at) or tell_people(at):
            continue
        count_carried()


class Story:
    """One record, told from its beginning; `at` is so many hours after it."""

    def __init__(self, stage: Stage, door: Door[Any, Any], begin: datetime, record: Any) -> None:
        self.stage, self.door, self.begin, self.record = stage, door, begin, record

    def take(
        self, hours: float, step: str, by: str, facts: Mapping[str, Any] | None = None
    ) -> "Story":
        at = min(self.begin + timedelta(hours=hours), self.stage.now)
        self.stage.passes(at)
        actor = self.stage.actor(by)
        number = self.record.number
        self.record = self.door.take(step, number=number, by=actor, now=at, facts=facts)
        return self

    def handed_over(self, hours: float, giver: str, taker: str) -> "Story":
        """Attributed, worded, and signed by both."""
        record: Enclave = self.record
        attribution = {
            "manager": "HX-S007",
            "owner": record.owner.code,
            "text": "行政区划所在地担起治理、服务、管理担子，应管尽管",
        }
        self.take(hours, "attribute", "commander", attribution)
        words = {"name": record.name, "taker": "友谊路街道办事处", "giver": record.owner.name}
        self.take(hours + 20, "word", taker, {"handover": WORDING.format(**words)})
        self.take(hours + 26, "sign", giver, {"handover_version": 1})
        return self.take(hours + 30, "sign", taker, {"handover_version": 1})


def play(now: datetime) -> tuple[int, int]:
    """Tell all stories; how many matters and enclaves there are then. `now` is aware."""
    stage = Stage(now)
    _road_in_the_park(stage)
    _cables(stage)
    _accepted(stage)
    _being_mended(stage)
    _half_signed(stage)
    _registered(stage)
    stage.passes(now)
    old = now - timedelta(days=3)
    for room in ("unowned.", "enclave.", "border."):
        mine = Notice.objects.filter(kind__startswith=room, created_at__lt=old, read_at=None)
        mine.update(read_at=now)
    return Matter.objects.count(), Enclave.objects.count()


# --- matters -----------------------------------------------------------------------------------


def _raise(stage: Stage, days: float, by: str, **facts: Any) -> Story:
    begin = stage.now - timedelta(days=days)
    made = raise_matter(by=stage.actor(by), now=begin, facts={"cases": "", **facts})
    return Story(stage, MATTERS, begin, made)


def _branch(name: str, nth: int) -> str:
    """The code of a subclass whose items have such a name; else of the nth subclass that there is."""
    found = items_in_force().filter(name__contains=name).values_list("sub_code", flat=True).first()
    every = sorted(set(items_in_force().values_list("sub_code", flat=True)))
    return found or every[nth % len(every)]


def _road_in_the_park(stage: Stage) -> None:
    """Ruled, and written into the rules of the street."""
    told = _raise(
        stage, 21, "community", area=HOME, item_code=_branch("占道", 0),
        title="产业园内部道路占道堆放无人管",
        text="园区道路未移交市政，物业、城管、街道均称不归其管理，两次派遣均被退回",
    )  # fmt: skip
    told.take(3, "ask", "commander", {"units": ["HX-LE", "HX-SAN", "HX-S007"]})
    told.take(
        20,
        "opine",
        "hx-le-leader",
        {"says": "ours", "text": "占道堆放属城管执法范围，可由我单位牵头"},
    )
    told.take(26, "opine", "leader", {"says": "shared", "text": "可配合清运"})
    told.take(30, "opine", "hx-s007-leader", {"says": "not_ours", "text": "园区道路产权不在街道"})
    ruling = {
        "lead": "HX-LE", "assisting": ["HX-SAN"], "item_code": told.record.item_code, "area": HOME,
        "basis": "区无牵头部门专项工作协调会议纪要第 3 号", "priority": 10,
    }  # fmt: skip
    told.take(52, "rule", "commander", ruling)


def _cables(stage: Stage) -> None:
    """Units are being heard: two have answered, and one of them says that it is its own."""
    told = _raise(
        stage, 2, "dispatcher", area=DISTRICT, item_code=_branch("线缆", 3),
        title="楼栋外立面废弃线缆清理", text="通信线缆废弃多年下垂，权属不明，运营商与房管部门互相推诿",
    )  # fmt: skip
    told.take(2, "ask", "commander", {"units": ["HX-LE", "HX-SAN", "HX-FR"]})
    told.take(
        20,
        "opine",
        "hx-le-leader",
        {"says": "ours", "text": "影响市容，可由我单位牵头协调各运营商"},
    )
    told.take(24, "opine", "leader", {"says": "not_ours", "text": "线缆不属环卫作业内容"})


# --- enclaves ----------------------------------------------------------------------------------


def _enclave(stage: Stage, days: float, yard: int, **facts: Any) -> Story:
    begin = stage.now - timedelta(days=days)
    facts = {"owner": "HX-S005", "boundary": stage.yard(yard), "address": "友谊路街道", **facts}
    made = register(by=stage.actor("dispatcher"), now=begin, facts=facts)
    return Story(stage, ENCLAVES, begin, made)


def _accepted(stage: Stage) -> None:
    """Done: all three checks passed; one problem of old is solved, one stays with who caused it."""
    told = _enclave(
        stage, 75, 2, name="电机厂宿舍", population=1260, households=438, area_m2=38_500,
        text="原国企宿舍，行政关系在外街道，环境差、隐患多，水电管网老化",
    )  # fmt: skip
    told.take(20, "investigate", "dispatcher", {"text": "消防通道堵塞 3 处，无物业，化粪池破损"})
    told.handed_over(60, "hx-s005-leader", "hx-s007-leader")
    told.take(95, "list_problem", "hx-s007-leader", {"title": "自来水管网老化", "owner": "HX-S005"})
    told.take(96, "list_problem", "hx-s007-leader", {"title": "欠缴物业费清算", "owner": "HX-S005"})
    told.take(
        140,
        "check",
        "supervisor",
        {"check": "territory", "passed": True, "note": "已编入网格，专人负责"},
    )
    failed = {"check": "hazards", "passed": False, "note": "2 号楼消防通道仍有堆物"}
    told.take(142, "check", "supervisor", failed)
    told.take(220, "mend", "hx-s007-handler", {"check": "hazards", "text": "堆物清除，划设禁停线"})
    told.take(300, "check", "supervisor", {"check": "hazards", "passed": True, "note": "复查合格"})
    old = told.record.problems.get(title="自来水管网老化")
    told.take(700, "solve_problem", "hx-s005-leader", {"problem": old.pk, "result": "管网改造完工"})
    done = {"check": "livelihood", "passed": True, "note": "低保、助餐、供热均已接续"}
    told.take(720, "check", "supervisor", done)


def _being_mended(stage: Stage) -> None:
    """Handed over; one check has failed."""
    told = _enclave(
        stage, 40, 4, name="铁路平房区", population=356, households=142, area_m2=12_800,
        text="平房连片，私搭乱建、用电隐患突出",
    )  # fmt: skip
    told.take(30, "investigate", "dispatcher", {"text": "私拉电线 27 处，排水不畅"})
    told.handed_over(80, "hx-s005-leader", "hx-s007-leader")
    told.take(120, "list_problem", "commander", {"title": "拆迁遗留户安置", "owner": "HX-S005"})
    told.take(
        400, "check", "supervisor", {"check": "territory", "passed": True, "note": "已入网格"}
    )
    failed = {"check": "hazards", "passed": False, "note": "私拉电线未整治到位，须逐户销号"}
    told.take(700, "check", "supervisor", failed)


def _half_signed(stage: Stage) -> None:
    """Attributed and worded; the giving side has signed, the taking side not yet: sign in as `hx-s007-leader`."""
    told = _enclave(
        stage, 12, 6, name="风屏公寓", population=820, households=310, area_m2=24_000,
        text="自来水管网年久老化，水压不稳，居民用水难",
    )  # fmt: skip
    told.take(20, "investigate", "dispatcher", {"text": "供水管网产权在原单位"})
    facts = {"manager": "HX-S007", "owner": "HX-S005", "text": "属地管理"}
    told.take(70, "attribute", "commander", facts)
    words = {"name": "风屏公寓", "taker": "友谊路街道办事处", "giver": told.record.owner.name}
    told.take(100, "word", "hx-s007-leader", {"handover": WORDING.format(**words)})
    told.take(150, "sign", "hx-s005-leader", {"handover_version": 1})


def _registered(stage: Stage) -> None:
    """Just registered."""
    _enclave(stage, 1, 8, name="老仓库大院", area_m2=9_600, text="长期无人管理，堆放杂物")
