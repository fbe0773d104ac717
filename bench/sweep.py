"""How many due clocks a second one sweeper marks, amber and overdue, with their events in the journal.

YIWANG_VAR=FOLDER python -m bench.sweep [CLOCKS]
"""

import sys
from datetime import timedelta
from time import perf_counter

from bench.ground import prepared

CLOCKS = 5_000


def per_second(clocks: int = CLOCKS) -> tuple[float, float]:
    """(amber marks a second, overdue marks a second) over `clocks` clocks of as many subjects, one process."""
    from datetime import UTC, datetime

    from clocks.models import Clock
    from clocks.sweep import sweep

    now = datetime.now(UTC)
    first = (
        Clock.objects.order_by("-subject_id").values_list("subject_id", flat=True).first()
    ) or 0
    Clock.objects.bulk_create(
        [
            Clock(
                subject_kind="bench",
                subject_id=first + number,
                stage="handle",
                area_code="120103",
                allowance_value=1,
                allowance_kind="hour_cont",
                rule="bench",
                started_at=now,
                run_from=now,
                amber_at=now + timedelta(hours=1),
                due_at=now + timedelta(hours=2),
                next_at=now + timedelta(hours=1),
            )
            for number in range(1, clocks + 1)
        ],
        batch_size=2_000,
    )
    rates = []
    for hours in (1.5, 3):
        began = perf_counter()
        marked = 0
        while done := sweep(now + timedelta(hours=hours)):
            marked += done
        rates.append(marked / (perf_counter() - began))
    return rates[0], rates[1]


def main() -> None:
    with prepared():
        amber, overdue = per_second(int(sys.argv[1]) if len(sys.argv) > 1 else CLOCKS)
    print(f"amber {amber:,.0f}/s, overdue {overdue:,.0f}/s (budget 1,000/s)")


if __name__ == "__main__":
    main()
