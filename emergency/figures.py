"""Counting a call-up, a team, a whole activation: in the database, one query however many people there are."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from emergency.choices import AWAITED, CalledState
from emergency.models import Activation, Called, Service


@dataclass(frozen=True)
class Tally:
    """How many were called, answered, are on the way, are there; came late, are absent, cannot come."""

    called: int = 0
    answered: int = 0
    coming: int = 0
    here: int = 0
    cannot: int = 0
    silent: int = 0
    late: int = 0
    absent: int = 0
    came: int = 0

    @property
    def missing(self) -> int:
        return self.called - self.cannot - self.came

    @property
    def came_percent(self) -> int:
        return round(100 * self.came / self.called) if self.called else 0


_COUNTS = {
    "called": Count("id"),
    "answered": Count("id", filter=Q(answered_at__isnull=False)),
    "coming": Count("id", filter=Q(state=CalledState.COMING)),
    "here": Count("id", filter=Q(state=CalledState.HERE)),
    "cannot": Count("id", filter=Q(state=CalledState.CANNOT)),
    "silent": Count("id", filter=Q(state=CalledState.CALLED)),
    "late": Count("id", filter=Q(arrived_at__isnull=False, arrive_in_time=False)),
    "absent": Count(
        "id",
        filter=Q(arrived_at=None, arrive_in_time=False) & Q(state__in=[*AWAITED, CalledState.DOWN]),
    ),
    "came": Count("id", filter=Q(arrived_at__isnull=False)),
}


def tally(called: QuerySet[Called]) -> Tally:
    """Over all of them."""
    return Tally(**called.order_by().aggregate(**_COUNTS))


def tallies_by(called: QuerySet[Called], field: str) -> dict[Any, Tally]:
    """For each value of a field, such as `team_id`."""
    rows = called.order_by().values(field).annotate(**_COUNTS)
    return {row.pop(field): Tally(**row) for row in rows}


def figures_of(activation: Activation, now: datetime) -> dict[str, Any]:
    """What an ended activation keeps: how long, how many call-ups, the tally, hours served."""
    called = Called.objects.filter(call_up__activation=activation)
    served = Service.objects.filter(called__call_up__activation=activation)
    minutes = served.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    counted = tally(called)
    return {
        "minutes": round((now - activation.declared_at).total_seconds() / 60),
        "call_ups": activation.call_ups.count(),
        "hours": round(minutes / 60, 1),
        **{field.name: getattr(counted, field.name) for field in fields(Tally)},
    }


def kept_tally(figures: Mapping[str, Any]) -> Tally:
    """The tally out of an ended activation's figures."""
    return Tally(**{field.name: figures.get(field.name, 0) for field in fields(Tally)})
