"""The traffic light of a deadline, from stored times and the time now. Source: domain.md §2.1."""

from datetime import datetime
from enum import StrEnum

from django.db.models import Case, CharField, Q, Value, When

from clocks.models import Clock


class Lamp(StrEnum):
    """Green below the amber share, amber from there, red after the deadline; none where no clock runs."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = "none"


def lamp(due_at: datetime | None, amber_at: datetime | None, now: datetime) -> Lamp:
    """The lamp of a running deadline. At the very instant of `due_at` it is not late yet."""
    if due_at is None:
        return Lamp.NONE
    if now > due_at:
        return Lamp.RED
    return Lamp.AMBER if amber_at is not None and now >= amber_at else Lamp.GREEN


def lamp_of(clock: Clock, now: datetime) -> Lamp:
    """The lamp of a clock: red for good once missed, none while paused or cancelled, else by the time.

    A clock that waits for the calendar is green: its deadline lies past the last published day.
    """
    if clock.missed_at is not None:
        return Lamp.RED
    if clock.stopped_at is not None:
        return Lamp.GREEN if clock.outcome == "met" else Lamp.NONE
    return Lamp.GREEN if clock.waits_for_calendar else lamp(clock.due_at, clock.amber_at, now)


def lamp_filter(
    value: Lamp | str, now: datetime, *, due: str = "due_at", amber: str = "amber_at"
) -> Q:
    """The rows whose lamp is `value` now, as a condition on two columns: plain comparisons, so an index on
    `due` serves it. Columns may be reached through relations (`due="handle__due_at"`)."""
    match Lamp(value):
        case Lamp.RED:
            return Q(**{f"{due}__lt": now})
        case Lamp.AMBER:
            return Q(**{f"{due}__gte": now, f"{amber}__lte": now})
        case Lamp.GREEN:
            return Q(**{f"{due}__gte": now}) & ~Q(**{f"{amber}__lte": now})
        case Lamp.NONE:
            return Q(**{f"{due}__isnull": True})


def lamp_expression(now: datetime, *, due: str = "due_at", amber: str = "amber_at") -> Case:
    """The lamp's value as an annotation."""
    return Case(
        *(
            When(lamp_filter(value, now, due=due, amber=amber), then=Value(value.value))
            for value in (Lamp.NONE, Lamp.RED, Lamp.AMBER)
        ),
        default=Value(Lamp.GREEN.value),
        output_field=CharField(),
    )
