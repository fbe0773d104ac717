"""What must hold for every start, allowance and calendar."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from clocks.allowance import Allowance
from clocks.calendar import Day, WorkingCalendar, instant_of, micros_of
from clocks.choices import AllowanceKind, DayEnd, DayKind
from clocks.published import DEFAULT_HOURS
from clocks.reckon import HistoryEntry, Turn, reckon
from tests.clocks.calendars import country, local, with_days

Kind = AllowanceKind
MEASURED = [
    Kind.MINUTE_CONT,
    Kind.HOUR_CONT,
    Kind.WORK_HOUR,
    Kind.WORK_DAY,
    Kind.NATURAL_DAY,
]
STATUTORY = [Kind.LEGAL_WORKDAY, Kind.LEGAL_DAY, Kind.LEGAL_MONTH]

starts = st.integers(
    micros_of(local("2019-01-01 00:00")), micros_of(local("2025-06-30 23:59"))
).map(instant_of)
measured = st.builds(
    Allowance, st.decimals("0.01", 150, places=2, allow_nan=False), st.sampled_from(MEASURED)
)
statutory = st.one_of(
    st.builds(
        Allowance,
        st.integers(1, 90).map(Decimal),
        st.sampled_from([Kind.LEGAL_WORKDAY, Kind.LEGAL_DAY]),
    ),
    st.builds(Allowance, st.integers(1, 12).map(Decimal), st.just(Kind.LEGAL_MONTH)),
)
allowances = st.one_of(measured, statutory)
some_days = st.sets(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=12)
late_starts = st.integers(
    micros_of(local("2024-01-01 00:00")), micros_of(local("2025-06-30 23:59"))
).map(instant_of)


@settings(deadline=None, max_examples=60)
@given(start=late_starts, allowance=allowances, days=some_days)
def test_more_holidays_never_make_a_deadline_earlier(
    start: datetime, allowance: Allowance, days: set[date]
) -> None:
    fewer = country()
    more = with_days(dict.fromkeys(days, Day(DayKind.HOLIDAY, "extra")))
    assert more.due(start, allowance) >= fewer.due(start, allowance)


@given(start=starts, first=measured, second=st.decimals("0.01", 60, places=2))
def test_splitting_an_allowance_changes_nothing(
    start: datetime, first: Allowance, second: Decimal
) -> None:
    both = Allowance(first.value + second, first.kind)
    after = Allowance(second, first.kind)
    assert country().due_after(start, [first, after]) == country().due(start, both)


@given(start=starts, first=st.integers(1, 40), second=st.integers(1, 40))
def test_splitting_statutory_working_days_changes_nothing(
    start: datetime, first: int, second: int
) -> None:
    pieces = [Allowance(Decimal(n), Kind.LEGAL_WORKDAY) for n in (first, second)]
    whole = Allowance(Decimal(first + second), Kind.LEGAL_WORKDAY)
    assert country().due_after(start, pieces) == country().due(start, whole)


@given(start=starts, allowance=measured)
def test_used_until_due_is_the_allowance(start: datetime, allowance: Allowance) -> None:
    due = country().due(start, allowance)
    used = country().used(start, due, allowance.kind)
    assert abs(used - allowance.value) < Decimal("1e-9")
    assert country().left(start, due, allowance).value == 0


@given(start=starts, allowance=statutory, day_end=st.sampled_from(DayEnd))
def test_statutory_used_until_due_is_the_allowance_and_the_days_rolled_over(
    start: datetime, allowance: Allowance, day_end: DayEnd
) -> None:
    calendar = country(day_end)
    due = calendar.due(start, allowance)
    used = calendar.used(start, due, allowance.kind)
    if allowance.kind is Kind.LEGAL_DAY:
        nominal = calendar.nominal_day(calendar.local_date(start), allowance)
        used -= (calendar.local_date(due - timedelta(seconds=1)) - nominal).days
    assert used == allowance.value


@given(start=starts, later=st.integers(0, 10**13), allowance=allowances)
def test_a_later_start_is_never_due_earlier(
    start: datetime, later: int, allowance: Allowance
) -> None:
    after = start + timedelta(microseconds=later)
    assert country().due(start, allowance) <= country().due(after, allowance)


@given(start=starts, allowance=allowances)
def test_a_deadline_lies_after_the_start_and_amber_between(
    start: datetime, allowance: Allowance
) -> None:
    due = country().due(start, allowance)
    assert start <= country().amber(start, allowance) <= due
    assert start < due


@given(start=starts, allowance=st.one_of(measured, statutory))
def test_a_longer_allowance_is_never_due_earlier(start: datetime, allowance: Allowance) -> None:
    longer = Allowance(allowance.value + 1, allowance.kind)
    assert country().due(start, allowance) <= country().due(start, longer)


@given(
    start=starts,
    allowance=measured,
    cuts=st.lists(st.floats(0, 1), min_size=1, max_size=4),
    rest=st.integers(0, 10**6),
)
def test_pausing_for_no_time_at_all_changes_nothing(
    start: datetime, allowance: Allowance, cuts: list[float], rest: int
) -> None:
    due = country().due(start, allowance)
    history: list[HistoryEntry] = []
    for cut in sorted(cuts):
        at = start + (due - start) * cut
        history += [HistoryEntry(Turn.PAUSED, at), HistoryEntry(Turn.RESUMED, at)]
    assert reckon(country(), start, allowance, history).due == due


@given(start=starts, allowance=allowances, cut=st.floats(0, 0.99), days=st.integers(0, 60))
def test_a_pause_never_makes_a_deadline_earlier(
    start: datetime, allowance: Allowance, cut: float, days: int
) -> None:
    due = country().due(start, allowance)
    pause = start + (due - start) * cut
    history = [
        HistoryEntry(Turn.PAUSED, pause),
        HistoryEntry(Turn.RESUMED, pause + timedelta(days=days)),
    ]
    resumed = reckon(country(), start, allowance, history).due
    assert resumed is not None
    assert resumed >= due


@given(start=starts, allowance=measured)
def test_working_time_agrees_with_counting_minute_by_minute(
    start: datetime, allowance: Allowance
) -> None:
    """A second, slow way to count: walk over the opening periods."""
    if allowance.kind not in (Kind.WORK_HOUR, Kind.WORK_DAY):
        return
    assert country().due(start, allowance) == walked(country(), start, allowance)


def walked(calendar: WorkingCalendar, start: datetime, allowance: Allowance) -> datetime:
    rest = timedelta(microseconds=allowance.micros)
    day = calendar.local_date(start)
    while True:
        periods = calendar.periods_on(day) if calendar.days[day].kind.works else []
        for opens, closes in periods:
            begin = max(opens, start)
            if begin + rest <= closes and begin < closes:
                return begin + rest
            rest -= max(closes - begin, timedelta())
        day += timedelta(days=1)


def test_default_hours_make_a_day_of_eight_hours() -> None:
    assert sum(closes - opens for opens, closes in DEFAULT_HOURS.periods) == 480
