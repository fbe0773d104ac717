"""How many grids lie below areas, and how many of their duties are filled: a few sums, however large the city."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import Substr

from grids.models import Area, Level, Staffing
from grids.staffing import NEEDED


@dataclass(frozen=True)
class Below:
    """What lies in one area: active grids, and how many of the duties they need are filled."""

    grids: int = 0
    filled: int = 0

    @property
    def needed(self) -> int:
        return self.grids * len(NEEDED)

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.filled)

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means complete."""
        return self.filled * 100 // self.needed if self.needed else 0


def below(codes: Collection[str], day: date, *, staffing: bool) -> dict[str, Below]:
    """For each code, what its subtree holds on a local day. At most two queries per length of code."""
    found: dict[str, Below] = {}
    for length in {len(code) for code in codes}:
        own = [code for code in codes if len(code) == length]
        grids = _grids(own, length)
        filled = _filled(own, length, day) if staffing else {}
        found |= {code: Below(grids.get(code, 0), filled.get(code, 0)) for code in own}
    return found


def _span(field: str, codes: Collection[str]) -> Q:
    """One range from the first code to the last: an index serves it, and the grouping does the rest."""
    return Q(**{f"{field}__gte": min(codes), f"{field}__lt": f"{max(codes)}:"})


def _grids(codes: Collection[str], length: int) -> dict[str, int]:
    rows = Area.objects.active().at(Level.GRID).filter(_span("code", codes))
    counted = rows.annotate(top=Substr("code", 1, length)).order_by().values("top")
    return dict(counted.annotate(n=Count("code")).values_list("top", "n"))


def _filled(codes: Collection[str], length: int, day: date) -> dict[str, int]:
    """Duties end with their grid, so the grids need not be asked."""
    held = Staffing.objects.filter(
        _span("grid_id", codes),
        Q(valid_to=None) | Q(valid_to__gte=day),
        valid_from__lte=day,
        duty__in=NEEDED,
    )
    counted = held.annotate(top=Substr("grid_id", 1, length)).order_by().values("top")
    return dict(counted.annotate(n=Count("id")).values_list("top", "n"))


def vacancies(prefixes: Collection[str], day: date) -> dict[str, int]:
    """How many active grids there are in these subtrees ("all"), and how many lack each duty. Two queries.

    A duty that there is one of is held by one person a day, so holders are grids.
    """
    grids = Area.objects.active().at(Level.GRID).filter(_within("code", prefixes)).count()
    held = Staffing.objects.filter(
        _within("grid_id", prefixes),
        Q(valid_to=None) | Q(valid_to__gte=day),
        valid_from__lte=day,
    )
    filled = dict(held.order_by().values_list("duty").annotate(n=Count("id")))
    lacking = {duty.value: max(0, grids - filled.get(duty.value, 0)) for duty in NEEDED}
    return {"all": grids, **lacking}


def _within(field: str, prefixes: Collection[str]) -> Q:
    if "" in prefixes:
        return Q()
    test = Q(pk__in=[])
    for prefix in prefixes:
        test |= Q(**{f"{field}__gte": prefix, f"{field}__lt": f"{prefix}:"})
    return test
