"""A day of the hotline in the demonstration district: orders in every state, made by the real actions at past times."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import shapely

from accounts.actor import Actor
from accounts.identity import actor_of
from accounts.models import User
from accounts.personal import keyed_hash
from clocks.sweep import sweep
from grids.models import Area, Level
from hotline.calls import ring
from hotline.cases import follow_cases
from hotline.door import DOOR
from hotline.intake import take_in
from hotline.models import Order
from hotline.return_visits import close_visited
from hotline.silence import accept_silent
from hotline.telling import tell_people
from incidents.querysets import within

HOME = "120103007"  # 友谊路街道
GARBAGE = "010101"
SATISFIED = {"contacted": True, "solved": True, "satisfaction": "satisfied"}


class Shift:
    """Where the day is played: people by their accounts, spots by number, and time that passes."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        grids = Area.objects.filter(within(HOME, "code"), level=Level.GRID, boundary__isnull=False)
        self._spots = [
            shapely.from_wkb(bytes(grid.boundary or b"")) for grid in grids.order_by("code")[:12]
        ]

    def actor(self, username: str) -> Actor:
        return actor_of(User.objects.get(username=username))

    def spot(self, number: int) -> dict[str, float]:
        """A point in one of the street's grids."""
        point = self._spots[number % len(self._spots)].representative_point()
        return {"lon": round(point.x, 6), "lat": round(point.y, 6)}

    def passes(self, at: datetime) -> None:
        """What the workers would have done by then."""
        sweep(at)
        accept_silent(at)
        close_visited(at)


class Story:
    """One caller: taken in so long ago, then step by step."""

    def __init__(self, shift: Shift, ago: timedelta, phone: str, **facts: Any) -> None:
        self.shift, self.begun = shift, shift.now - ago
        self.order = take_in(
            by=shift.actor("operator"),
            now=self.begun,
            facts={"channel": "phone", "caller_phone": phone, "decision": "keep", **facts},
        ).order

    def take(
        self, minutes: float, code: str, username: str, facts: Mapping[str, Any] | None = None
    ) -> "Story":
        """A step so many minutes after the call."""
        at = self.begun + timedelta(minutes=minutes)
        self.shift.passes(at)
        self.order = DOOR.take(
            code, number=self.order.number, by=self.shift.actor(username), now=at, facts=facts or {}
        )
        return self


def play(now: datetime) -> int:
    """Play the day; how many orders there are then."""
    shift = Shift(now)
    for tell in (_called_back, _answered, _handed_on, _returned, _with_the_unit, _a_case, _just_in):
        tell(shift)
    shift.passes(now)
    follow_cases(now)
    while tell_people(now):
        pass
    return Order.objects.count()


_SENT = {"unit": "HX-SAN", "reason": "按属地职责"}


def _called_back(shift: Shift) -> None:
    """Handled, replied, called back: one is content, one is not and it is handled again, one waits."""
    for days, phone, text, answers in (
        (4, "13802010001", "楼下垃圾桶满溢，异味很大", SATISFIED),
        (3, "13802010002", "小区门口暴露垃圾清走了又堆起来",
         {"contacted": True, "solved": False, "satisfaction": "dissatisfied"}),
        (2, "13802010003", "公交站旁垃圾无人清扫", None),
    ):  # fmt: skip
        told = Story(
            shift, timedelta(days=days), phone, text=text, item=GARBAGE, caller_name="王秀兰", **shift.spot(days)
        )  # fmt: skip
        told.take(6, "dispatch", "operator", _SENT).take(40, "start", "department")
        told.take(300, "reply", "department", {"text": "已清运并增加巡查频次", "contacted": True})
        if answers:
            told.take(1500, "visit", "visitor", answers)


def _answered(shift: Shift) -> None:
    """Answered at once."""
    Story(
        shift, timedelta(hours=20), "13802010004", text="咨询大件垃圾预约清运电话", decision="answer",
        said="已告知街道预约电话及时间",
    )  # fmt: skip


def _handed_on(shift: Shift) -> None:
    """Two that are not for units: a statutory route, and a repeat with nothing new."""
    Story(
        shift, timedelta(hours=9), "13802010005", text="对法院判决不服", decision="other_way", way="statutory",
        said="已告知依法申请再审",
    )  # fmt: skip
    first = Order.objects.get(caller_hash=keyed_hash("13802010003"))
    Story(
        shift, timedelta(hours=8), "13802010003", text="再次来电催问公交站垃圾", decision="other_way", way="repeat",
        repeats=first.number, said="已告知清运完成，等待回访",
    )  # fmt: skip


def _returned(shift: Shift) -> None:
    """A unit holds that it is not its matter; the hotline must decide."""
    told = Story(
        shift, timedelta(hours=5), "13802010006", text="下雨后路面积水漫过路沿", **shift.spot(5)
    )
    told.take(8, "dispatch", "operator", _SENT)
    told.take(30, "return", "department", {"reason": "路面积水属排水设施管理，不属环卫职责"})


def _with_the_unit(shift: Shift) -> None:
    """Sent a few minutes ago, one of them urgent: sign in as `department` and sign for it."""
    told = Story(
        shift, timedelta(minutes=9), "13802010007", text="居民楼外运垃圾车漏油，路面湿滑已有人滑倒", tier="danger",
        caller_name="李建国", address="友谊路与围堤道交口", **shift.spot(7),
    )  # fmt: skip
    told.take(2, "dispatch", "operator", _SENT)
    told = Story(
        shift, timedelta(hours=3), "13802010008", text="菜市场周边垃圾清运不及时", item=GARBAGE, confidential=True,
        caller_name="赵敏", address="大沽南路菜市场", **shift.spot(8),
    )  # fmt: skip
    told.take(5, "dispatch", "operator", _SENT).take(60, "start", "department")
    told.take(
        90, "ask_extension", "department", {"days": 2, "reason": "需与市场管理方协商清运时间"}
    )


def _a_case(shift: Shift) -> None:
    """Somebody must go and look."""
    Story(
        shift, timedelta(hours=2), "13802010009", text="人行道上井盖松动，夜间行人危险", decision="to_case",
        address="体院北道", **shift.spot(2),
    )  # fmt: skip


def _just_in(shift: Shift) -> None:
    """Two that wait for the hotline, one from the message board; and a call that nobody took."""
    Story(
        shift, timedelta(minutes=12), "", text="希望在小区东门加装非机动车充电桩", channel="board", **shift.spot(4)
    )  # fmt: skip
    Story(
        shift, timedelta(minutes=4), "13802010003", text="公交站垃圾又满了", item=GARBAGE, **shift.spot(2)
    )  # fmt: skip
    operator = shift.actor("operator")
    missed_at = shift.now - timedelta(minutes=25)
    ring(by=operator, now=missed_at, call_id="demo-1", number="13802010010", line="12345")
