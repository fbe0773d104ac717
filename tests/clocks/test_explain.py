"""The calculator's reasons: each day counted, each skipped, and why."""

import pytest

from clocks.choices import DayEnd, DayKind
from clocks.explain import Explanation, Reason, StartNote, explain
from tests.clocks.calendars import allowance, country, local, shown


def explained(start: str, value: str | int, kind: str) -> Explanation:
    return explain(country(), local(start), allowance(value, kind))


def days(told: Explanation) -> list[str]:
    return [f"{line.date:%m-%d} {line.reason}" for line in told.days]


def test_working_hours_over_a_make_up_saturday() -> None:
    told = explained("2026-02-13 16:00", 4, "work_hour")
    assert [(f"{x.date:%m-%d}", x.reason, str(x.number), int(x.minutes)) for x in told.days] == [
        ("02-13", "counted", "2", 120),
        ("02-14", "counted", "4", 120),
    ]
    assert told.days[1].kind == "makeup"
    assert told.days[1].name == "春节"
    assert [shown(end) for _begin, end in told.days[1].spans] == ["2026-02-14 10:00"]


def test_working_days_skip_the_national_holiday_and_name_it() -> None:
    told = explained("2026-09-30 10:00", 5, "work_day")
    assert days(told) == [
        "09-30 counted",
        *[f"10-0{n} holiday" for n in range(1, 8)],
        "10-08 counted",
        "10-09 counted",
        "10-10 counted",
        "10-11 weekend",
        "10-12 counted",
        "10-13 counted",
    ]
    assert {line.name for line in told.days if line.reason is Reason.HOLIDAY} == {"国庆节"}
    assert told.days[-1].number == 5


def test_statutory_working_days_do_not_count_the_first_day() -> None:
    told = explained("2026-09-24 10:00", 5, "legal_workday")
    assert days(told)[0] == "09-24 start_day"
    assert [line.date.day for line in told.days if line.counted] == [28, 29, 30, 8, 9]


def test_statutory_days_that_end_in_a_holiday_move_on_and_say_from_where() -> None:
    told = explained("2026-09-22 10:00", 15, "legal_day")
    assert days(told)[-2:] == ["10-07 counted", "10-08 rolled"]
    assert str(told.nominal) == "2026-10-07"
    assert told.days[-2].number == 15


def test_a_month_that_ends_on_a_make_up_day_does_not_move() -> None:
    told = explained("2026-01-31 10:00", 1, "legal_month")
    assert told.nominal is None
    assert told.days[-1].kind == "makeup"
    assert days(told)[-1] == "02-28 counted"


def test_continuous_hours_count_on_days_nobody_has_published() -> None:
    told = explained("2026-12-31 23:30", 2, "hour_cont")
    assert [(line.kind, int(line.minutes)) for line in told.days] == [
        (DayKind.WORK, 30),
        (None, 90),
    ]


def test_a_midnight_end_closes_its_day_and_does_not_open_another() -> None:
    told = explain(
        country(DayEnd.MIDNIGHT), local("2026-09-30 10:00"), allowance(5, "legal_workday")
    )
    assert days(told)[-1] == "10-13 counted"


@pytest.mark.parametrize(
    ("start", "notes"),
    [
        ("2026-03-09 09:00", []),
        ("2026-03-09 08:00", []),
        ("2026-03-09 07:59", [StartNote.BEFORE_OPENING]),
        ("2026-03-09 12:00", [StartNote.AT_PERIOD_END]),
        ("2026-03-09 12:30", [StartNote.IN_BREAK]),
        ("2026-03-09 14:00", []),
        ("2026-03-09 18:00", [StartNote.AT_PERIOD_END]),
        ("2026-03-09 18:01", [StartNote.AFTER_CLOSE]),
        ("2026-03-09 00:00", [StartNote.MIDNIGHT, StartNote.BEFORE_OPENING]),
        ("2026-03-14 09:00", [StartNote.REST_DAY]),
        ("2026-10-01 00:00", [StartNote.MIDNIGHT, StartNote.REST_DAY]),
        ("2026-02-14 09:00", []),
    ],
)
def test_a_start_at_the_edge_of_working_time_is_pointed_out(
    start: str, notes: list[StartNote]
) -> None:
    assert list(explained(start, 2, "work_hour").notes) == notes


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-09 12:00", "2026-03-09 16:00"),  # as the morning ends
        ("2026-03-09 12:59", "2026-03-09 16:00"),  # at lunch
        ("2026-03-09 18:00", "2026-03-10 10:00"),  # as the day closes
        ("2026-03-10 00:00", "2026-03-10 10:00"),  # at midnight
        ("2026-03-14 00:00", "2026-03-16 10:00"),  # at midnight before a day of rest
        ("2026-03-15 23:59", "2026-03-16 10:00"),  # on a day of rest
        ("2026-03-09 10:00", "2026-03-09 12:00"),  # ends as the morning does, not at 14:00
        ("2026-03-13 16:00", "2026-03-13 18:00"),  # ends as the week does, not on Monday
    ],
)
def test_two_working_hours_from_the_edges_of_working_time(start: str, due: str) -> None:
    assert shown(country().due(local(start), allowance(2, "work_hour"))) == due


def test_what_counts_adds_up_to_the_allowance() -> None:
    for value, kind in ((37, "work_hour"), (4, "work_day"), (50, "hour_cont"), (3, "natural_day")):
        told = explained("2026-04-29 16:20", value, kind)
        assert told.days[-1].number == value
