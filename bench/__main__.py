"""`python -m bench`: every benchmark in one run, as a table against the budgets.

`python -m bench --large 200000` takes a smaller "large" than a million.
"""

import argparse
from collections.abc import Iterator

from bench.ground import machine, prepared

SMALL = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=1_000_000, help="cases in the large database")
    large = parser.parse_args().large
    print(f"Machine: {machine()}\n")
    print("| what | measured | budget | holds |")
    print("|---|---|---|---|")
    with prepared():
        for row in _rows(large):
            print(row, flush=True)


def _rows(large: int) -> Iterator[str]:
    yield from _small_things()
    yield from _reports()
    yield from _time(large)
    yield from _outward()
    yield from _pages(large)


def _row(what: str, measured: str, budget: str, holds: bool) -> str:
    return f"| {what} | {measured} | {budget} | {'yes' if holds else '**no**'} |"


def _small_things() -> Iterator[str]:
    from bench.due import microseconds
    from bench.locate import bulk_per_second, single_microseconds

    for kind, micros in microseconds():
        yield _row(f"due date, {kind}", f"{micros:.1f} µs", "≤ 20 µs", micros <= 20)
    single = single_microseconds()
    yield _row("locate a point", f"{single:.1f} µs", "≤ 50 µs", single <= 50)
    bulk = bulk_per_second()
    yield _row("locate in bulk", f"{bulk:,.0f}/s", "≥ 200,000/s", bulk >= 200_000)


def _reports() -> Iterator[str]:
    from bench.report import measure_reports

    full, half = measure_reports()
    wrong = f", {len(full.refused)} refused" if full.refused else ""
    yield _row(
        "report through the API, flat out",
        f"{full.rate:.0f}/s (p50 {full.p50:.0f} ms){wrong}",
        "≥ 100/s",
        full.rate >= 100,
    )
    yield _row(
        "report through the API at half that load",
        f"p50 {half.p50:.0f} ms, p95 {half.share(0.95):.0f} ms at {half.rate:.0f}/s",
        "p95 ≤ 100 ms",
        half.share(0.95) <= 100,
    )


def _time(running: int) -> Iterator[str]:
    from bench.ladder import DUE, lag, per_second

    planned, climbed = per_second()
    yield _row("ladders planned", f"{planned:,.0f}/s", "≥ 1,000/s", planned >= 1_000)
    yield _row("due ladders climbed", f"{climbed:,.0f}/s", "≥ 1,000/s", climbed >= 1_000)
    late = 2 + lag(running)  # a beat comes every two seconds
    what = f"lag of the sweep, {DUE:,} clocks due among {running:,}"
    yield _row(what, f"{late:.1f} s", "≤ 5 s", late <= 5)


def _outward() -> Iterator[str]:
    """The design sets no budget for these; they are here to be compared."""
    from bench import notices, webhooks

    called = webhooks.measure()
    yield _row("events brought to one partner, in order", f"{called.one:,.0f}/s", "—", True)
    yield _row("the same to eight partners at once", f"{called.eight:,.0f}/s", "—", True)
    late = f"p95 {called.lag:.1f} s"
    yield _row(f"from happening to taken, {webhooks.STEADY_RATE} a second", late, "—", True)
    yield _row("messages handed over to a gateway", f"{notices.per_second():,.0f}/s", "—", True)


def _pages(large: int) -> Iterator[str]:
    from django.utils import timezone

    from bench.load import load
    from bench.pages import measure_pages

    load(SMALL, timezone.now())
    small = {page.name: page for page in measure_pages()}
    load(large, timezone.now())
    for page in measure_pages():
        before = small[page.name]
        budget = 300 if page.name.startswith("search") else 100
        grows = page.p95 / before.p95
        yield _row(
            f"{page.name} ({page.queries} queries, {page.kilobytes:.0f} KB)",
            f"p95 {page.p95:.0f} ms at {large:,}; {before.p95:.0f} ms at {SMALL:,} (× {grows:.1f})",
            f"p95 ≤ {budget} ms",
            page.p95 <= budget,
        )


if __name__ == "__main__":
    main()
