"""A handful of whistles of the demonstration district in different states, made by the real actions at past times."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import shapely

from accounts.actor import Actor
from accounts.identity import actor_of
from accounts.models import User
from clocks.sweep import sweep
from grids.models import Area, Level
from incidents.models import Incident
from incidents.querysets import within
from notices.models import Notice
from whistles.drafting import draft
from whistles.models import Whistle
from whistles.moving_up import move_up
from whistles.personnel import decide, suggest
from whistles.taking import take
from whistles.telling import tell_people

HOME = "120103007"  # 友谊路街道
OTHER = "120103005"
GRADES = {
    "HX-FR": ("excellent", "到场迅速，处置果断"),
    "HX-SAN": ("good", "清理及时"),
    "HX-PS": ("poor", "未到场"),
}
WHO = {"HX-FR": "fire", "HX-SAN": "department", "HX-PS": "hx-ps-handler", "HX-LE": "hx-le-handler"}


class Stage:
    """Where the stories are played: people by their accounts, spots by number, and time that passes."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        grids = Area.objects.filter(within(HOME, "code"), level=Level.GRID, boundary__isnull=False)
        self._spots = [
            shapely.from_wkb(bytes(g.boundary or b"")) for g in grids.order_by("code")[:12]
        ]

    def actor(self, username: str) -> Actor:
        return actor_of(User.objects.get(username=username))

    def spot(self, number: int) -> tuple[float, float]:
        """A point in one of the street's grids (longitude, latitude)."""
        point = self._spots[number % len(self._spots)].representative_point()
        return round(point.x, 6), round(point.y, 6)

    def passes(self, at: datetime) -> None:
        """What the workers would have done by then."""
        for work in (sweep, move_up, tell_people):
            while work(at):
                continue


class Story:
    """One whistle, told from its beginning; `at` is so many minutes after it."""

    def __init__(self, stage: Stage, begins: timedelta, by: str, **facts: Any) -> None:
        self.stage, self.begin = stage, stage.now - begins
        self.whistle = draft(by=stage.actor(by), now=self.begin, facts={"stay": True, **facts})

    def take(
        self, minutes: float, step: str, by: str, facts: Mapping[str, Any] | None = None
    ) -> "Story":
        at = self.begin + timedelta(minutes=minutes)
        self.stage.passes(at)
        actor = self.stage.actor(by)
        self.whistle = take(step, number=self.whistle.number, by=actor, now=at, facts=facts)
        return self

    def blown(self, minutes: float = 2, by: str = "secretary") -> "Story":
        self.take(minutes, "approve", by)
        return self.take(minutes + 1, "blow", by)

    def comes(self, unit: str, minutes: float, spot: tuple[float, float]) -> "Story":
        """Signs, and is there a quarter of an hour later, a stone's throw from the spot."""
        self.take(minutes, "sign", WHO[unit], {"unit": unit})
        lon, lat = spot
        there = {"unit": unit, "lon": lon + 0.0003, "lat": lat - 0.0002, "accuracy_m": 18}
        return self.take(minutes + 14, "check_in", WHO[unit], there)


def play(now: datetime) -> int:
    """Tell all stories; how many whistles there are then. `now` is aware; the demonstration must be loaded."""
    stage = Stage(now)
    _a_fire(stage)
    _a_market(stage)
    _an_objection(stage)
    _elsewhere(stage)
    _draft(stage)
    _just_now(stage)
    _about_people(stage)
    stage.passes(now)
    old = Notice.objects.filter(kind__startswith="whistle.", created_at__lt=now - timedelta(days=2))
    old.update(read_at=now)
    return Whistle.objects.count()


def _a_fire(stage: Stage) -> None:
    """Closed: two came, the police did not, and it went up to the district by itself."""
    spot = stage.spot(1)
    told = Story(
        stage, timedelta(days=6), "secretary", type="emergency", lon=spot[0], lat=spot[1], lead="HX-FR",
        units=["HX-SAN", "HX-PS"],
        text="沿街商铺后厨起火，浓烟蔓延，需扑救并清理现场、维持秩序", address="友谊路与平江道交口",
    )  # fmt: skip
    told.blown().comes("HX-FR", 5, spot).comes("HX-SAN", 20, spot)
    told.take(50, "start", "fire", {"unit": "HX-FR"})
    told.take(90, "deliver", "department", {"unit": "HX-SAN", "result": "火场残留物已清运完毕"})
    told.take(
        95, "deliver", "fire", {"unit": "HX-FR", "result": "明火扑灭，无人员伤亡，已排查复燃隐患"}
    )
    told.take(110, "confirm", "secretary").take(115, "leave", "fire", {"unit": "HX-FR"})
    grades = {f"grade_{code}": grade for code, (grade, _why) in GRADES.items()}
    words = {f"text_{code}": why for code, (_grade, why) in GRADES.items()}
    told.take(1500, "evaluate", "secretary", {**grades, **words}).take(1510, "close", "secretary")


def _a_market(stage: Stage) -> None:
    """Being handled, with a plan, and hanging on a case where the street has one."""
    spot, day = stage.spot(3), stage.now.date()
    case = Incident.objects.filter(area_code__startswith=HOME).order_by("-id").first()
    told = Story(
        stage, timedelta(days=2), "secretary", type="work", lon=spot[0], lat=spot[1], lead="HX-SAN",
        units=["HX-LE"], text="早市占道经营反复回潮，需环卫、执法联合整治并划定经营区", address="南北大街早市",
        cases=case.number if case else "",
    )  # fmt: skip
    told.blown()
    for text, unit, days in (
        ("划定经营区并公示", "HX-LE", 1),
        ("夜间清洗路面", "HX-SAN", 3),
        ("街道设置引导牌", "", 5),
    ):
        due = (day + timedelta(days=days)).isoformat()
        told.take(6, "plan", "secretary", {"text": text, "unit": unit, "due_on": due})
    told.comes("HX-SAN", 25, spot).comes("HX-LE", 40, spot)
    told.take(70, "start", "department", {"unit": "HX-SAN"})


def _an_objection(stage: Stage) -> None:
    """The law enforcers hold that it is not their matter; the street must answer."""
    spot = stage.spot(5)
    told = Story(
        stage, timedelta(hours=3), "secretary", type="enforcement", lon=spot[0], lat=spot[1], lead="HX-LE",
        units=["HX-FR"], text="楼道堆物堵塞消防通道，多次劝导无效，需联合执法", address="尖山里小区",
    )  # fmt: skip
    told.blown().take(20, "sign", "fire", {"unit": "HX-FR"})
    told.take(
        35, "object", "hx-le-handler", {"unit": "HX-LE", "reason": "居民楼内堆物应由消防、住建牵头"}
    )


def _elsewhere(stage: Stage) -> None:
    """Two of another street, so that streets can be compared; one was a false alarm."""
    for days, text in ((20, "地铁口共享单车堆积，影响通行"), (11, "暴雨后路面积水，车辆被困")):
        told = Story(
            stage, timedelta(days=days), "commander", type="emergency", area=OTHER, lead="HX-SAN", text=text
        )  # fmt: skip
        told.blown(by="commander")
        if days > 15:
            told.take(12, "cancel", "commander", {"reason": "现场已自行疏通"})
        else:
            told.take(10, "check_in", "department", {"unit": "HX-SAN"})
            told.take(60, "deliver", "department", {"unit": "HX-SAN", "result": "积水已排除"})
            told.take(70, "confirm", "commander")


def _draft(stage: Stage) -> None:
    """The community asks; the secretary has not looked yet."""
    spot = stage.spot(7)
    Story(
        stage, timedelta(hours=1), "community", type="disputes", lon=spot[0], lat=spot[1], lead="HX-JU",
        units=["HX-PS"], text="两户因加装电梯分摊费用发生争执，需司法、公安一同上门调处", address="谊景村小区",
    )  # fmt: skip


def _just_now(stage: Stage) -> None:
    """An emergency of a few minutes ago: sign in as `fire` or `department` and go."""
    spot = stage.spot(9)
    told = Story(
        stage, timedelta(minutes=8), "secretary", type="emergency", lon=spot[0], lat=spot[1], lead="HX-FR",
        units=["HX-SAN"], text="居民反映楼内有燃气味，需立即排查并疏散", address="体院北环湖中道",
    )  # fmt: skip
    told.blown(minutes=1)


def _about_people(stage: Stage) -> None:
    """Two suggestions: one waits for the Party committee, one was sent on."""
    secretary, at = stage.actor("secretary"), stage.now - timedelta(days=4)
    praise = {
        "kind": "commendation",
        "unit": "HX-FR",
        "person_name": "周志强",
        "text": "火情处置中带队靠前，建议表彰",
    }
    sent = suggest(by=secretary, now=at, facts=praise)
    decide("approve", sent.pk, by=secretary, now=at + timedelta(hours=2))
    move = {
        "kind": "transfer",
        "unit": "HX-PS",
        "person_name": "韩立新",
        "text": "吹哨多次未到，建议调整岗位",
    }
    suggest(by=secretary, now=at + timedelta(days=2), facts=move)
