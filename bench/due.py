"""How long one due date takes, for each way of counting, whatever the allowance.

    python -m bench.due

Needs no database: the calendar is built from the published package, as the application builds it from its rows.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import median
from time import perf_counter

from clocks.allowance import Allowance
from clocks.calendar import WorkingCalendar
from clocks.choices import AllowanceKind
from clocks.published import DEFAULT_HOURS, published_days

Kind = AllowanceKind
# From a moment to about a year: the longest must not cost more than the shortest.
VALUES: dict[AllowanceKind, tuple[int, ...]] = {
    Kind.MINUTE_CONT: (15, 480_000),
    Kind.HOUR_CONT: (2, 8_000),
    Kind.WORK_HOUR: (2, 40, 1_900),
    Kind.WORK_DAY: (1, 5, 240),
    Kind.NATURAL_DAY: (7, 350),
    Kind.LEGAL_WORKDAY: (1, 5, 240),
    Kind.LEGAL_DAY: (15, 60, 350),
    Kind.LEGAL_MONTH: (1, 11),
}
STARTS = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=37.7 * n) for n in range(400)]


def microseconds() -> Iterator[tuple[str, float]]:
    """(kind, microseconds per due date) for each kind: the median of nine rounds of its slowest value."""
    calendar = WorkingCalendar(dict(published_days()), [DEFAULT_HOURS])
    for kind, values in VALUES.items():
        allowances = [Allowance(Decimal(value), kind) for value in values]
        yield kind.value, max(_measured(calendar, allowance) for allowance in allowances)


def _measured(calendar: WorkingCalendar, allowance: Allowance) -> float:
    rounds = []
    for _round in range(9):
        began = perf_counter()
        for start in STARTS:
            calendar.due(start, allowance)
        rounds.append((perf_counter() - began) / len(STARTS) * 1e6)
    return median(rounds)


def main() -> None:
    began = perf_counter()
    WorkingCalendar(dict(published_days()), [DEFAULT_HOURS])
    print(f"building the calendar of all published years: {(perf_counter() - began) * 1e3:.0f} ms")
    for kind, micros in microseconds():
        print(f"{kind:<14} {micros:6.2f} µs  (budget 20 µs)")


if __name__ == "__main__":
    main()
