"""How often streets blow and whether departments come: per street and per department, in a period.

Over-whistling and never whistling are both bad (domain section 2.6): a street without a whistle is listed with 0, and
one far above the median is marked.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.roles import May
from clocks.calendar import SHANGHAI
from grids.models import Area, Level
from grids.queries import area_names
from incidents.querysets import within
from whistles.choices import POINTS, UnitState
from whistles.filters import midnight
from whistles.models import Summons, Whistle
from whistles.querysets import SEES, area_prefixes, visible_to


@dataclass(frozen=True)
class Line:
    """What happened with the units that a street summoned, or with one unit. Units released after an objection are
    left out, but for `released`. `grade` is the mean of the points of excellent, good, fair, poor; None without any.
    """

    code: str
    name: str
    blown: int
    summoned: int = 0
    signed_in_time: int = 0
    sign_judged: int = 0
    arrived_in_time: int = 0
    arrive_judged: int = 0
    late: int = 0
    absent: int = 0
    released: int = 0
    grade: float | None = None
    too_many: bool = False

    @property
    def never(self) -> bool:
        return self.blown == 0


@dataclass(frozen=True)
class Figures:
    """The two tables, and what a street's number is measured by."""

    first_day: date
    last_day: date
    streets: list[Line]
    units: list[Line]
    median: float
    multiple: float


def figures(actor: Actor, first_day: date, last_day: date) -> Figures:
    """The whistles blown from the first to the last local day (both included) that the actor sees.

    A summoned unit's people see their own unit's line only. Raises PermissionDenied. Six queries at most.
    """
    if not any(actor.posts_with(may) for may in SEES):
        raise PermissionDenied
    period = Q(
        blown_at__gte=midnight(first_day), blown_at__lt=midnight(last_day + timedelta(days=1))
    )
    whistles = visible_to(actor).filter(period)
    parts = Summons.objects.filter(Exists(whistles.filter(pk=OuterRef("whistle_id"))))
    prefixes = area_prefixes(actor)
    streets = _streets(prefixes, whistles, parts) if prefixes else []
    usual = float(median([line.blown for line in streets])) if streets else 0.0
    multiple = settings.WHISTLE_OVER_MEDIAN
    return Figures(
        first_day,
        last_day,
        [_marked(line, max(usual, 1.0) * multiple) for line in streets],
        _units(actor, parts, everywhere=bool(prefixes)),
        usual,
        multiple,
    )


def _marked(line: Line, most: float) -> Line:
    return Line(**{**line.__dict__, "too_many": line.blown > most})


def _streets(
    prefixes: tuple[str, ...], whistles: QuerySet[Whistle], parts: QuerySet[Summons]
) -> list[Line]:
    """Every street in scope, those that blew most first; those that never did, with 0."""
    reach = Q(pk__in=[])
    for prefix in prefixes:
        reach |= within(prefix[:9], "code")
    areas = Area.objects.filter(reach, level=Level.SUBDISTRICT, status="active")
    codes = set(areas.values_list("code", flat=True))
    blown = dict(
        whistles.order_by()
        .values("street_code")
        .annotate(n=Count("pk"))
        .values_list("street_code", "n")
    )
    sums = _sums(parts, "whistle__street_code")
    names = area_names(codes | blown.keys())
    lines = [
        Line(code, names.get(code, code), blown.get(code, 0), **sums.get(code, {}))
        for code in codes | blown.keys()
    ]
    return sorted(lines, key=lambda line: (-line.blown, line.code))


def _units(actor: Actor, parts: QuerySet[Summons], *, everywhere: bool) -> list[Line]:
    own = actor.organisation_ids(May.COME)
    sums = _sums(parts if everywhere else parts.filter(unit_id__in=own), "unit_id")
    units = Organisation.objects.in_bulk(sums.keys())
    lines = [
        Line(units[pk].code, units[pk].shown_name, facts["summoned"], **facts)
        for pk, facts in sums.items()
    ]
    return sorted(lines, key=lambda line: (-line.absent, -line.late, -line.summoned, line.code))


def _sums(parts: QuerySet[Summons], by: str) -> dict[Any, dict[str, Any]]:
    stands = ~Q(state=UnitState.RELEASED)
    points = Case(
        *(When(grade=grade, then=Value(value)) for grade, value in POINTS.items()),
        output_field=IntegerField(),
    )
    found = parts.order_by().values(by).annotate(
        summoned=Count("pk", filter=stands),
        signed_in_time=Count("pk", filter=stands & Q(sign_in_time=True)),
        sign_judged=Count("pk", filter=stands & Q(sign_in_time__isnull=False)),
        arrived_in_time=Count("pk", filter=stands & Q(arrive_in_time=True)),
        arrive_judged=Count("pk", filter=stands & Q(arrive_in_time__isnull=False)),
        late=Count("pk", filter=stands & Q(arrive_in_time=False, arrived_at__isnull=False)),
        absent=Count("pk", filter=stands & Q(arrive_in_time=False, arrived_at__isnull=True)),
        released=Count("pk", filter=Q(state=UnitState.RELEASED)),
        grade=Avg(points, filter=stands & Q(whistle__evaluated_at__isnull=False)),
    )  # fmt: skip
    return {row.pop(by): row for row in found}


def default_period(now: datetime) -> tuple[date, date]:
    """The last 90 days up to today."""
    today = now.astimezone(SHANGHAI).date()
    return today - timedelta(days=89), today
