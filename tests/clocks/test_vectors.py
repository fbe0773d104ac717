"""The 21 vectors of the trade's calendar (domain.md §3), one by one."""

from datetime import timedelta

import pytest

from clocks.calendar import CalendarEnds
from clocks.choices import DayEnd
from clocks.reckon import HistoryEntry, Turn, reckon
from tests.clocks.calendars import allowance, country, local, shown

ONE_STEP = [
    (1, "2026-02-13 16:00", 4, "work_hour", "2026-02-14 10:00"),
    (2, "2026-02-14 17:00", 8, "work_hour", "2026-02-24 17:00"),
    (3, "2026-09-30 10:00", 5, "work_day", "2026-10-13 10:00"),
    (4, "2026-09-30 10:00", 5, "legal_workday", "2026-10-13 18:00"),
    (5, "2026-09-22 10:00", 15, "legal_day", "2026-10-08 18:00"),
    (6, "2026-10-01 23:30", 2, "hour_cont", "2026-10-02 01:30"),
    (7, "2026-03-10 11:30", 2, "work_hour", "2026-03-10 15:30"),
    (8, "2026-03-13 17:00", 2, "work_hour", "2026-03-16 09:00"),
    (9, "2026-03-14 03:00", 4, "work_hour", "2026-03-16 12:00"),
    (10, "2026-01-05 10:00", 60, "legal_day", "2026-03-06 18:00"),
    (11, "2026-01-05 10:00", 90, "legal_day", "2026-04-07 18:00"),
    (12, "2026-08-31 10:00", 30, "legal_day", "2026-09-30 18:00"),
    (13, "2026-09-04 10:00", 30, "legal_day", "2026-10-08 18:00"),
    (14, "2026-01-31 10:00", 1, "legal_month", "2026-02-28 18:00"),
    (15, "2025-09-26 10:00", 7, "legal_workday", "2025-10-13 18:00"),
    (16, "2026-10-01 22:00", 15, "minute_cont", "2026-10-01 22:15"),
    (16, "2026-10-01 22:00", 30, "minute_cont", "2026-10-01 22:30"),
    (16, "2026-10-01 22:00", 1, "legal_workday", "2026-10-08 18:00"),
    (19, "2026-05-08 16:30", 8, "work_hour", "2026-05-09 16:30"),
    (20, "2026-09-24 10:00", 5, "legal_workday", "2026-10-09 18:00"),
]


@pytest.mark.parametrize(("number", "start", "value", "kind", "due"), ONE_STEP)
def test_vector(number: int, start: str, value: int, kind: str, due: str) -> None:
    assert shown(country().due(local(start), allowance(value, kind))) == due


STATUTORY = [row for row in ONE_STEP if row[3].startswith("legal")]


@pytest.mark.parametrize(("number", "start", "value", "kind", "due"), STATUTORY)
def test_vector_ends_at_midnight_where_filing_stays_open(
    number: int, start: str, value: int, kind: str, due: str
) -> None:
    ends = country(DayEnd.MIDNIGHT).due(local(start), allowance(value, kind))
    assert shown(ends - timedelta(minutes=1)) == due.replace("18:00", "23:59")


@pytest.mark.parametrize("minute", ["00:00", "08:00", "12:00", "17:59", "23:59"])
def test_statutory_days_do_not_depend_on_the_time_of_the_first_day(minute: str) -> None:
    due = country().due(local(f"2026-09-30 {minute}"), allowance(5, "legal_workday"))
    assert shown(due) == "2026-10-13 18:00"


def test_vector_11_extension_counts_from_the_deadline_and_gives_the_same_day() -> None:
    given = allowance(60, "legal_day")
    granted = HistoryEntry(Turn.EXTENDED, local("2026-03-02 09:00"), allowance(30, "legal_day"))
    reckoned = reckon(country(), local("2026-01-05 10:00"), given, [granted])
    assert reckoned.due
    assert shown(reckoned.due) == "2026-04-07 18:00"


def test_vector_17_pausing_keeps_what_is_left() -> None:
    start, given = local("2026-03-09 09:00"), allowance(16, "work_hour")
    pause = HistoryEntry(Turn.PAUSED, local("2026-03-09 11:00"))
    resume = HistoryEntry(Turn.RESUMED, local("2026-03-20 08:00"))

    paused = reckon(country(), start, given, [pause])
    assert (paused.due, paused.left) == (None, (allowance(14, "work_hour"),))

    resumed = reckon(country(), start, given, [pause, resume])
    assert resumed.due
    assert shown(resumed.due) == "2026-03-23 16:00"


def test_vector_18_one_extension_adds_the_original_limit() -> None:
    start, given = local("2026-03-09 09:00"), allowance(8, "work_hour")
    before = reckon(country(), start, given)
    assert before.due
    assert shown(before.due) == "2026-03-10 09:00"

    granted = HistoryEntry(Turn.EXTENDED, local("2026-03-09 16:00"), given)
    after = reckon(country(), start, given, [granted])
    assert after.due
    assert shown(after.due) == "2026-03-11 09:00"


def test_vector_21_past_the_published_calendar_it_raises() -> None:
    with pytest.raises(CalendarEnds) as caught:
        country().due(local("2026-12-30 10:00"), allowance(3, "legal_workday"))
    assert str(caught.value.last) == "2026-12-31"


def test_rolling_and_statutory_working_day_differ() -> None:
    start = local("2026-03-09 09:00")
    assert shown(country().due(start, allowance(1, "work_day"))) == "2026-03-10 09:00"
    assert shown(country().due(start, allowance(1, "legal_workday"))) == "2026-03-10 18:00"
