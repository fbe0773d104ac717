"""Calendars for tests of the arithmetic, without a database."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from clocks.allowance import Allowance
from clocks.calendar import SHANGHAI, Day, Hours, WorkingCalendar
from clocks.choices import AllowanceKind, DayEnd
from clocks.published import DEFAULT_HOURS, published_days


@lru_cache
def country(day_end: DayEnd = DayEnd.CLOSE) -> WorkingCalendar:
    """The published days with the default hours."""
    return WorkingCalendar(dict(published_days(2019)), [DEFAULT_HOURS], day_end=day_end)


def with_days(
    changed: dict[date, Day], hours: tuple[Hours, ...] = (DEFAULT_HOURS,)
) -> WorkingCalendar:
    return WorkingCalendar({**country().days, **changed}, hours)


def local(text: str) -> datetime:
    """`YYYY-MM-DD HH:MM` in Shanghai, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def shown(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def allowance(value: str | int, kind: AllowanceKind | str) -> Allowance:
    return Allowance(Decimal(value), AllowanceKind(kind))
