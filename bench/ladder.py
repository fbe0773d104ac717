"""How many due ladders a second one worker climbs (reminders), how many it plans, and how far the sweep of clocks lags
behind with a million of them running.

YIWANG_VAR=FOLDER python -m bench.ladder [LADDERS] [RUNNING]
"""

import sys
from datetime import datetime, timedelta
from time import perf_counter

from bench.ground import prepared

LADDERS = 5_000
RUNNING = 1_000_000
# So many clocks come due within one beat of two seconds: far more than a city's 10,000 cases a day bring.
DUE = 1_000
_MARK = "bench-ladder"


def per_second(ladders: int = LADDERS) -> tuple[float, float]:
    """(ladders planned a second, due ladders climbed a second) in one process, with their events in the journal."""
    from datetime import UTC

    from escalation.climbing import climb
    from escalation.planning import plan

    began = datetime.now(UTC) - timedelta(minutes=50)
    while plan():
        pass
    cases_in_handling(ladders, began)
    start = perf_counter()
    while plan():
        pass
    planned = ladders / (perf_counter() - start)
    start, climbed = perf_counter(), 0
    while done := climb(datetime.now(UTC)):
        climbed += done
    return planned, climbed / (perf_counter() - start)


def cases_in_handling(many: int, began: datetime) -> None:
    """Cases in handling, each dispatched in the journal, with an hour's limit. Begun 50 minutes ago, 80 % of it are
    used: each is to be urged now."""
    from django.db import transaction

    from accounts.actor import SYSTEM
    from accounts.models import Organisation
    from clocks.models import Clock
    from incidents.choices import Source, State
    from incidents.models import Incident
    from journal.append import Happening, append_many

    unit = Organisation.objects.filter(kind="department").order_by("pk").first()
    assert unit is not None, "the demonstration has departments"
    first = Incident.objects.filter(number__startswith="BL").count()
    cases = Incident.objects.bulk_create(
        (
            Incident(
                number=f"BL{first + number:010d}", state=State.HANDLING, source=Source.GRID, text=_MARK,
                area_code="120103", unit=unit, units=[unit.pk], centre=unit, reported_at=began, updated_at=began,
            )
            for number in range(many)
        ),
        batch_size=1_000,
    )  # fmt: skip
    Clock.objects.bulk_create(
        (
            Clock(
                subject_kind="incident", subject_id=case.pk, stage="handle", area_code=case.area_code, unit=unit,
                allowance_value=1, allowance_kind="hour_cont", rule=_MARK, started_at=began, run_from=began,
                amber_at=began + timedelta(minutes=48), due_at=began + timedelta(hours=1),
            )
            for case in cases
        ),
        batch_size=1_000,
    )  # fmt: skip
    for start in range(0, many, 1_000):
        with transaction.atomic():
            append_many(
                [
                    Happening(
                        verb="incident.dispatched",
                        subject=("incident", case.pk),
                        area_code="120103",
                        by=SYSTEM,
                        now=began,
                    )
                    for case in cases[start : start + 1_000]
                ]
            )


def lag(running: int = RUNNING, due: int = DUE) -> float:
    """Seconds from the moment at which `due` of `running` clocks come due until the last of them is marked.

    All in one transaction that is rolled back: a million rows leave nothing behind.
    """
    from django.db import transaction
    from django.utils import timezone

    from clocks.sweep import sweep

    now = timezone.now()
    with transaction.atomic():
        _run_clocks(running, due, now)
        start = perf_counter()
        while sweep(now + timedelta(seconds=1)):
            pass
        took = perf_counter() - start
        transaction.set_rollback(True)
    return took


def _run_clocks(running: int, due: int, now: datetime) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO clocks_clock (subject_kind, subject_id, stage, round, area_code, allowance_value,"
            " allowance_kind, rule, history, started_at, run_from, due_at, amber_at, next_at, used_minutes, outcome)"
            " SELECT %s, n, 'handle', 1, '120103', 1, 'work_day', %s, '[]', %s, %s, %s + wait, %s + wait, %s + wait,"
            " 0, 'running' FROM (SELECT n, CASE WHEN n <= %s THEN interval '0' ELSE"
            " interval '1 hour' + n * interval '1 second' END AS wait FROM generate_series(1, %s) AS n) AS rows",
            [
                _MARK,
                _MARK,
                now - timedelta(days=1),
                now - timedelta(days=1),
                *[now] * 3,
                due,
                running,
            ],
        )
        cursor.execute("ANALYZE clocks_clock")


def main() -> None:
    asked = [int(number) for number in sys.argv[1:]]
    with prepared():
        planned, climbed = per_second(*asked[:1])
        print(f"planned {planned:,.0f}/s, climbed {climbed:,.0f}/s (budget 1,000/s)", flush=True)
        # A beat comes every two seconds: what came due just after one waits for the next.
        print(
            f"{DUE:,} clocks due among {(asked[1:] or [RUNNING])[0]:,}: {2 + lag(*asked[1:]):.1f} s (budget 5 s)"
        )


if __name__ == "__main__":
    main()
