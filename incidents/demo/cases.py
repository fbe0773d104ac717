"""Some hundreds of cases over the last 60 days, each lived through by the real actions at past times."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q

from accounts.actor import Actor
from accounts.identity import actor_of
from accounts.models import Post, User
from accounts.roles import Role
from grids.models import Area, Level, Staffing
from incidents.choices import PhotoKind, Placed, Source, Urgency
from incidents.demo import words
from incidents.demo.people import HOME
from incidents.demo.pictures import street_corner
from incidents.demo.timeline import Life
from incidents.models import CatalogueItem, Incident
from incidents.photos import Examined, add, examine
from incidents.report import Position, report
from incidents.self_handling import report_self_handled
from incidents.taking import take

Facts = dict[str, Any]

# How often each source reports, and how far a case has come when the story is told to its end.
SOURCES = {
    Source.GRID: 60, Source.CITIZEN: 16, Source.HOTLINE: 14, Source.VIDEO: 4,
    Source.DEPARTMENT: 3, Source.SUPERIOR: 3,
}  # fmt: skip
FATES = {
    "evaluated": 34, "closed": 9, "self": 16, "refused": 4, "void": 2, "reported": 5, "precheck": 3,
    "filed": 4, "dispatched": 4, "handling": 7, "late": 4, "suspended": 2, "returned": 3, "asked": 2,
    "feedback": 3, "verifying": 3, "rework": 3, "joint": 3, "reopened": 2, "unplaced": 2,
}  # fmt: skip
# Fates that are a present state begin in the last days; the others may lie weeks back.
RECENT = {
    "reported": 0.2, "precheck": 0.2, "filed": 0.25, "dispatched": 0.4, "handling": 2, "feedback": 1,
    "verifying": 1.5, "asked": 1.5, "unplaced": 0.5, "late": 12, "suspended": 25, "returned": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What will happen to one case."""

    seed: int
    begins: datetime
    fate: str
    source: Source
    item: CatalogueItem
    grid: Area
    point: tuple[float, float]
    address: str
    text: str


def weighted(rng: random.Random, table: dict[Any, int]) -> Any:
    return rng.choices(list(table), weights=list(table.values()))[0]


class Planner:
    """Invents plans, the same ones for the same seed and day."""

    def __init__(self, now: datetime, items: list[CatalogueItem], grids: list[Area]) -> None:
        self._rng = random.Random("hexi-cases")
        self._now = now
        self._items = [item for item in items if item.class_code < "08" or item.class_code == "09"]
        self._handled = [item for item in self._items if item.self_handle and item.harm != 3]
        self._grids = grids
        self._home = [grid for grid in grids if grid.code.startswith(HOME)][:1] or grids
        self._names = dict(Area.objects.filter(level=Level.COMMUNITY).values_list("code", "name"))
        self._shapes: dict[str, Any] = {}

    def plans(self, count: int) -> Iterator[Plan]:
        fates = list(FATES) + [weighted(self._rng, FATES) for _ in range(count - len(FATES))]
        for n, fate in enumerate(fates[:count]):
            # One of each fate lies in the grid of the account that `./run` prints as "worker".
            yield self._plan(n, fate, self._home if n < len(FATES) else self._grids)

    def _plan(self, n: int, fate: str, grids: list[Area]) -> Plan:
        rng = self._rng
        days = RECENT.get(fate)
        span = rng.uniform(0.05, days) if days else rng.uniform(4, 59)
        item = rng.choice(self._handled if fate == "self" else self._items)
        grid = rng.choice(grids)
        where = words.place(rng, self._names.get(grid.code[:12], grid.name))
        source = Source.GRID if fate == "self" else weighted(rng, SOURCES)
        if fate == "unplaced":
            source = Source.HOTLINE
        return Plan(
            seed=n,
            begins=_by_day(self._now - timedelta(days=span), rng, self._now),
            fate=fate,
            source=source,
            item=item,
            grid=grid,
            point=self._point_in(grid, rng),
            address=where,
            text=words.report_text(rng, item.class_code, item.name, where),
        )

    def _point_in(self, grid: Area, rng: random.Random) -> tuple[float, float]:
        """A point inside the grid (lon, lat)."""
        shape = self._shapes.setdefault(grid.code, shapely.from_wkb(bytes(grid.boundary or b"")))
        west, south, east, north = shape.bounds
        for _ in range(40):
            lon, lat = rng.uniform(west, east), rng.uniform(south, north)
            if shape.covers(shapely.Point(lon, lat)):
                return lon, lat
        inner = shape.representative_point()
        return inner.x, inner.y


def _by_day(at: datetime, rng: random.Random, now: datetime) -> datetime:
    """Moved into the hours in which people walk their grids (07:30–19:00 in Shanghai = UTC+8)."""
    local = (at.hour + 8) % 24
    if 8 <= local < 19:
        return at
    moved = at.replace(hour=rng.randrange(0, 10), minute=rng.randrange(60))
    return moved if moved < now else at


class Cast:
    """Who does what: the actors of the demonstration, loaded once each."""

    def __init__(self) -> None:
        self._actors: dict[int, Actor] = {}
        self._by_unit: dict[tuple[int, bool], int] = {}
        posts = Post.objects.filter(
            role__in=[Role.DEPARTMENT, Role.CONTRACTOR, Role.UNIT_LEADER],
            organisation__isnull=False,
        )
        for post in posts.order_by("-id"):
            leads = post.role == Role.UNIT_LEADER
            self._by_unit[(post.organisation_id or 0, leads)] = post.user_id

    def actor(self, user_id: int) -> Actor:
        if user_id not in self._actors:
            self._actors[user_id] = actor_of(User.objects.get(pk=user_id))
        return self._actors[user_id]

    @cached_property
    def clerk(self) -> Actor:
        return actor_of(User.objects.get(username="clerk"))

    @cached_property
    def dispatcher(self) -> Actor:
        return actor_of(User.objects.get(username="dispatcher"))

    @cached_property
    def citizen(self) -> Actor:
        return actor_of(User.objects.get(username="citizen"))

    @cached_property
    def commander(self) -> Actor:
        return actor_of(User.objects.get(username="commander"))

    def handler(self, case: Incident, *, leader: bool = False) -> Actor:
        return self.actor(self._by_unit[(case.unit_id or 0, leader)])

    def of_unit(self, unit_id: int) -> Actor:
        return self.actor(self._by_unit[(unit_id, False)])

    def worker_of(self, grid: Area) -> Actor:
        duty = Staffing.objects.filter(Q(duty="full_time") | Q(duty="chief"), grid=grid)
        found = duty.order_by("-duty").values_list("person_id", flat=True).first()
        if found is None:
            return actor_of(User.objects.get(username="worker"))
        return self.actor(found)

    def checker(self, case: Incident) -> Actor:
        assert case.checker_id is not None, f"{case.number} has nobody to check it"
        return self.actor(case.checker_id)


class Story:
    """One case's life, told step by step. Each `yield` is a moment at which it goes on."""

    def __init__(self, plan: Plan, cast: Cast) -> None:
        self.plan = plan
        self.cast = cast
        self.rng = random.Random(f"story-{plan.seed}")
        self.number = ""

    # --- telling -----------------------------------------------------------------------------

    def life(self) -> Life:
        now = yield self.plan.begins
        if self.plan.fate == "self":
            self._handle_on_the_spot(now)
            return
        self._report(now)
        yield from self._until_filed(now)

    def _until_filed(self, now: datetime) -> Life:
        if self.plan.fate in ("reported", "unplaced"):
            return
        if self.plan.fate in ("refused", "void"):
            now = yield self._soon(now, 5, 25)
            self._end_early(now)
            return
        if (
            self.case.source != Source.GRID
            and self.case.source
            not in (
                Source.DEPARTMENT,
                Source.SUPERIOR,
            )
        ) or self.plan.fate == "precheck":
            now = yield self._soon(now, 3, 15)
            self._take("precheck", self.cast.clerk, now)
            if self.plan.fate == "precheck":
                return
            now = yield self._soon(now, 10, 55)
            self._photo(self.cast.checker(self.case), now, PhotoKind.CHECK)
            self._take(
                "answer_precheck", self.cast.checker(self.case), now,
                found=True, text="现场情况属实。",
            )  # fmt: skip
        now = yield self._soon(now, 4, 24)
        self._take("file", self.cast.clerk, now, standards=self._lines("filing"))
        if self.plan.fate == "filed":
            return
        yield from self._with_a_unit(now)

    def _with_a_unit(self, now: datetime) -> Life:
        now = yield self._soon(now, 3, 22)
        facts: Facts = {"instruction": "请按时限处置并反馈现场照片。"}
        if self.plan.fate == "joint":
            facts["assisting"] = [self._assisting_unit()]
        self._take("dispatch", self.cast.dispatcher, now, **facts)
        if self.plan.fate == "dispatched":
            return
        if self.plan.fate == "returned":
            now = yield self._soon(now, 8, 30)
            reason = self.rng.choice(words.RETURNS)
            self._take("return", self.cast.handler(self.case), now, reason=reason)
            return
        now = yield self._soon(now, 10, 70)
        self._take("receive", self.cast.handler(self.case), now)
        if self.plan.fate in ("handling", "late"):
            if self.plan.fate == "late":
                now = yield now + timedelta(days=self.rng.uniform(2, 8))
                self._take("urge", self.cast.commander, now, reason="群众反映强烈，请抓紧。")
            return
        yield from self._handled(now)

    def _handled(self, now: datetime) -> Life:
        if self.plan.fate in ("asked", "suspended"):
            yield from self._asking_for_time(now)
            return
        if self.plan.fate == "joint":
            now = yield self._soon(now, 20, 90)
            for part in self.case.assignments.filter(lead=False):
                helper = self.cast.of_unit(part.unit_id)
                self._take("receive_assist", helper, now)
                self._take("answer_assist", helper, now, text="协办部分已完成。")
        now = yield now + self._working_share()
        self._answer(now)
        if self.plan.fate == "feedback":
            return
        yield from self._reviewed(now)

    def _asking_for_time(self, now: datetime) -> Life:
        now = yield self._soon(now, 20, 60)
        handler = self.cast.handler(self.case)
        if self.plan.fate == "suspended":
            until = (now + timedelta(days=90)).date().isoformat()
            self._take(
                "ask_suspension", handler, now, until=until,
                suspension_reason="budget", reason=words.SUSPENSIONS[1],
            )  # fmt: skip
        else:
            if self.case.due_at is not None and self.case.due_at < now:
                return  # an urgent case whose time is up already: nobody may ask for more
            self._take("ask_extension", handler, now, reason=self.rng.choice(words.EXTENSIONS))
        now = yield self._soon(now, 10, 50)
        self._take("approve_ask", self.cast.handler(self.case, leader=True), now)
        if self.plan.fate == "suspended":
            now = yield self._soon(now, 10, 40)
            self._take("grant_suspension", self.cast.dispatcher, now)

    def _reviewed(self, now: datetime) -> Life:
        now = yield self._soon(now, 5, 60)
        self._take("send_check", self.cast.dispatcher, now)
        if self.plan.fate == "verifying":
            return
        now = yield self._soon(now, 20, 200)
        if self.plan.fate == "rework" and self.case.rework_count == 0:
            self._photo(self.cast.checker(self.case), now, PhotoKind.CHECK)
            reason = self.rng.choice(words.CHECKS_FAIL)
            self._take("rework", self.cast.checker(self.case), now, reason=reason)
            now = yield self._soon(now, 60, 400)
            self._answer(now)
            yield from self._reviewed(now)
            return
        self._photo(self.cast.checker(self.case), now, PhotoKind.CHECK)
        text = self.rng.choice(words.CHECKS_PASS)
        self._take("pass_check", self.cast.checker(self.case), now, text=text)
        yield from self._ended(now)

    def _ended(self, now: datetime) -> Life:
        now = yield self._soon(now, 5, 90)
        if not self.case.informed and self.plan.source != Source.GRID:
            self._take("inform", self.cast.dispatcher, now, how="phone", note="已告知处理结果。")
        self._take("close", self.cast.dispatcher, now, standards=self._lines("closing"))
        if self.plan.fate == "closed":
            return
        now = yield now + timedelta(hours=self.rng.uniform(3, 60))
        if self.plan.fate == "reopened" and self.case.reopened_count == 0:
            self._take("reopen", self.cast.dispatcher, now, reason="反映人表示问题再次出现。")
            return
        if self.rng.random() < 0.7:
            self._take(
                "rate", self.cast.dispatcher, now, solved=True, text=self.rng.choice(words.RATINGS),
                satisfaction=self.rng.choices(["satisfied", "basically"], [4, 1])[0],
            )  # fmt: skip

    # --- deeds -------------------------------------------------------------------------------

    @property
    def case(self) -> Incident:
        return Incident.objects.select_related("item").get(number=self.number)

    def _report(self, now: datetime) -> None:
        plan = self.plan
        placed = plan.fate != "unplaced"
        done = report(
            by=self._reporter(),
            now=now,
            source=plan.source,
            text=plan.text,
            address=plan.address if placed else "友谊路附近，具体位置待核实",
            item_code=plan.item.code,
            position=Position(*plan.point, how=Placed.GPS) if placed else None,
            area_code="" if placed else "120103",
            urgency=Urgency.URGENT if self.rng.random() < 0.08 else Urgency.NORMAL,
            reporter_name="" if plan.source == Source.GRID else "李女士",
            reporter_phone="" if plan.source == Source.GRID else f"1990001{plan.seed:04d}",
            external_id=f"demo-{plan.seed}",
            photos=[self._picture(mended=False)] if placed else [],
        )
        self.number = done.incident.number

    def _reporter(self) -> Actor:
        if self.plan.source == Source.GRID:
            return self.cast.worker_of(self.plan.grid)
        return self.cast.citizen if self.plan.source == Source.CITIZEN else self.cast.clerk

    def _handle_on_the_spot(self, now: datetime) -> None:
        plan = self.plan
        report_self_handled(
            by=self.cast.worker_of(plan.grid),
            now=now,
            source=plan.source,
            text=plan.text,
            address=plan.address,
            item_code=plan.item.code,
            position=Position(*plan.point, how=Placed.GPS),
            external_id=f"demo-{plan.seed}",
            before=[self._picture(mended=False)],
            after=[self._picture(mended=True)],
        )

    def _end_early(self, now: datetime) -> None:
        if self.plan.fate == "void":
            self._take("withdraw", self.cast.clerk, now, reason="反映人来电撤回，问题已自行解决。")
            return
        self._take(
            "refuse", self.cast.clerk, now, ground="outside_catalogue", informed="phone",
            note="该事项不属于网格事项清单，已告知反映人办理途径。",
        )  # fmt: skip

    def _answer(self, now: datetime) -> None:
        handler = self.cast.handler(self.case)
        self._photo(handler, now, PhotoKind.AFTER, mended=True)
        self._take("answer", handler, now, text=self.rng.choice(words.ANSWERS))

    def _take(self, step: str, by: Actor, now: datetime, **facts: Any) -> None:
        take(step, number=self.number, by=by, now=now, facts=facts)

    def _photo(self, by: Actor, now: datetime, kind: PhotoKind, *, mended: bool = True) -> None:
        add(number=self.number, by=by, now=now, kind=kind, photo=self._picture(mended=mended))

    def _picture(self, *, mended: bool) -> Examined:
        return pictures(self.plan.seed % 12, mended)

    def _lines(self, which: str) -> list[int]:
        item = self.case.item
        assert item is not None
        lines = item.filing_standards if which == "filing" else item.closing_standards
        return list(range(1, len(lines) + 1))

    def _assisting_unit(self) -> str:
        return "HX-UM" if self.plan.item.department_kind != "urban_management" else "HX-LE"

    def _working_share(self) -> timedelta:
        """How long handling takes: mostly well within the limit, sometimes beyond it."""
        value, kind = self.case.allowance_value, self.case.allowance_kind
        hours = float(value or 8) * (1 if "hour" in kind else 8 if kind == "work_day" else 24)
        return timedelta(hours=min(hours, 72) * self.rng.choice((0.2, 0.4, 0.5, 0.7, 0.9, 2.2)))

    def _soon(self, now: datetime, low: int, high: int) -> datetime:
        """Some minutes later, by day."""
        later = now + timedelta(minutes=self.rng.uniform(low, high))
        local = (later.hour + 8) % 24
        if 8 <= local < 18:
            return later
        days = 1 if local >= 18 else 0
        morning = (later + timedelta(hours=8)).replace(hour=8, minute=5) + timedelta(days=days)
        return morning - timedelta(hours=8) + timedelta(minutes=self.rng.uniform(low, high))


_examined: dict[tuple[int, bool], Examined] = {}


def pictures(seed: int, mended: bool) -> Examined:
    """A demonstration picture, gone through the same door as any photo; drawn once."""
    key = (seed, mended)
    if key not in _examined:
        name = f"demonstration-{seed}-{'after' if mended else 'before'}.jpg"
        file = SimpleUploadedFile(name, street_corner(seed, mended=mended), "image/jpeg")
        _examined[key] = examine(file, name)
    return _examined[key]
