"""Seasons, gaps, ends: the calendar itself, without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from clocks.allowance import Allowance, AllowanceError
from clocks.calendar import CalendarEnds, Day, Hours, WorkingCalendar, add_months, longest_run
from clocks.choices import DayEnd, DayKind
from clocks.published import published_days
from clocks.reckon import HistoryEntry, Turn, reckon
from tests.clocks.calendars import allowance, country, local, shown

SUMMER = (
    Hours((6, 1), ((8 * 60, 12 * 60), (15 * 60, 19 * 60))),
    Hours((10, 1), ((8 * 60, 12 * 60), (14 * 60, 18 * 60))),
)


def seasonal() -> WorkingCalendar:
    return WorkingCalendar(dict(published_days(2025)), SUMMER)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-07-01 11:00", "2026-07-01 16:00"),  # summer: the afternoon starts at 15:00
        ("2026-03-09 11:00", "2026-03-09 15:00"),  # the last season of the year holds over new year
        ("2026-05-29 17:00", "2026-06-01 09:00"),
        ("2026-09-30 18:00", "2026-10-08 09:00"),  # 19:00 on 30 September, then the new hours
    ],
)
def test_working_periods_change_with_the_season(start: str, due: str) -> None:
    assert shown(seasonal().due(local(start), allowance(2, "work_hour"))) == due


def test_a_statutory_day_ends_with_the_business_of_its_season() -> None:
    assert shown(seasonal().due(local("2026-07-01 11:00"), allowance(1, "legal_workday"))) == (
        "2026-07-02 19:00"
    )


def test_a_working_day_is_eight_hours_whatever_the_season() -> None:
    short = WorkingCalendar(dict(published_days(2026)), [Hours((1, 1), ((540, 720), (780, 960)))])
    assert shown(short.due(local("2026-03-09 09:00"), allowance(1, "work_day"))) == (
        "2026-03-10 11:00"
    )


@pytest.mark.parametrize("kind", ["work_hour", "work_day", "legal_workday", "legal_day"])
@pytest.mark.parametrize("start", ["2026-12-31 17:59", "2027-01-04 09:00", "2018-06-01 09:00"])
def test_outside_the_published_days_it_raises_and_never_guesses(kind: str, start: str) -> None:
    with pytest.raises(CalendarEnds):
        country().due(local(start), allowance(3, kind))


def test_the_last_published_hours_can_be_used_to_the_end() -> None:
    assert shown(country().due(local("2026-12-31 17:00"), allowance(1, "work_hour"))) == (
        "2026-12-31 18:00"
    )


def test_a_calendar_without_days_raises() -> None:
    with pytest.raises(CalendarEnds) as caught:
        WorkingCalendar({}, []).due(local("2026-03-09 09:00"), allowance(1, "work_hour"))
    assert caught.value.last is None


def test_what_lies_beyond_a_gap_is_not_used() -> None:
    days = dict(published_days(2024))
    holes = {day: what for day, what in days.items() if day.year != 2025}
    calendar = WorkingCalendar(holes, SUMMER)
    assert (calendar.first, calendar.last) == (date(2024, 1, 1), date(2024, 12, 31))


def test_longest_run_of_nothing_is_nothing() -> None:
    assert longest_run([]) is None


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-01-15", 12, "2027-01-15"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-10-31", 1, "2026-11-30"),
    ],
)
def test_months_go_to_the_same_day_or_the_end_of_the_month(
    day: str, months: int, expected: str
) -> None:
    assert add_months(date.fromisoformat(day), months).isoformat() == expected


def test_amber_of_statutory_days_falls_into_office_hours() -> None:
    # Wednesday 10:00 to Tuesday close: 6 + 4 × 8 … hours of work, of which four fifths are gone.
    calendar = country()
    amber = calendar.amber(local("2026-03-09 09:00"), allowance(1, "legal_workday"))
    assert shown(amber) == "2026-03-10 15:00"
    amber = calendar.amber(local("2026-10-01 22:00"), allowance(1, "legal_workday"))
    assert shown(amber) == "2026-10-08 16:24"


def test_the_share_of_amber_can_be_chosen() -> None:
    start, given = local("2026-03-09 08:00"), allowance(8, "work_hour")
    assert shown(country().amber(start, given, Decimal("0.5"))) == "2026-03-09 12:00"


class TestStatutoryPauses:
    start = local("2026-03-09 09:00")  # Monday; five working days end on Monday the 16th

    def due(self, paused: str, resumed: str, given: Allowance) -> str:
        history = [
            HistoryEntry(Turn.PAUSED, local(paused)),
            HistoryEntry(Turn.RESUMED, local(resumed)),
        ]
        due = reckon(country(), self.start, given, history).due
        assert due
        return shown(due)

    def test_a_pause_within_a_day_gains_nothing(self) -> None:
        given = allowance(5, "legal_workday")
        assert self.due("2026-03-11 10:00", "2026-03-11 15:00", given) == "2026-03-16 18:00"

    def test_days_wholly_paused_are_added(self) -> None:
        given = allowance(5, "legal_workday")
        assert self.due("2026-03-11 10:00", "2026-03-13 15:00", given) == "2026-03-18 18:00"

    def test_what_is_left_of_a_month_is_counted_in_days(self) -> None:
        given = allowance(1, "legal_month")  # to 9 April; 20 days are left on the 20th
        assert self.due("2026-03-20 10:00", "2026-03-30 10:00", given) == "2026-04-20 18:00"

    def test_paused_on_the_last_day_the_day_of_resumption_is_left(self) -> None:
        given = allowance(5, "legal_workday")
        assert self.due("2026-03-16 10:00", "2026-03-23 10:00", given) == "2026-03-23 18:00"
        assert self.due("2026-03-16 10:00", "2026-03-23 19:00", given) == "2026-03-24 18:00"


def test_a_clock_whose_time_was_up_before_the_pause_keeps_its_deadline() -> None:
    history = [
        HistoryEntry(Turn.PAUSED, local("2026-03-12 09:00")),
        HistoryEntry(Turn.RESUMED, local("2026-03-19 09:00")),
    ]
    reckoned = reckon(country(), local("2026-03-09 09:00"), allowance(2, "work_hour"), history)
    assert reckoned.due
    assert shown(reckoned.due) == "2026-03-09 11:00"
    assert reckoned.spent == reckoned.due


def test_history_survives_being_stored() -> None:
    entry = HistoryEntry(
        Turn.EXTENDED, local("2026-03-09 09:00"), allowance("0.5", "work_day"), "extension 1"
    )
    assert HistoryEntry.restored(entry.stored()) == entry
    plain = HistoryEntry(Turn.PAUSED, local("2026-03-09 09:00") + timedelta(microseconds=7))
    assert HistoryEntry.restored(plain.stored()) == plain


class TestAllowances:
    @pytest.mark.parametrize("value", ["0", "-1", "NaN", "Infinity", "", "two", "1e400"])
    def test_a_limit_is_a_number_above_zero(self, value: str) -> None:
        with pytest.raises(AllowanceError) as caught:
            Allowance.parse(value, "work_hour")
        assert caught.value.field == "value"

    def test_statutory_days_are_whole(self) -> None:
        with pytest.raises(AllowanceError):
            Allowance.parse("1.5", "legal_day")

    def test_an_unknown_way_of_counting_is_named(self) -> None:
        with pytest.raises(AllowanceError) as caught:
            Allowance.parse("1", "fortnight")
        assert caught.value.field == "kind"
        assert "fortnight" in str(caught.value)

    def test_nothing_reaches_the_year_9999(self) -> None:
        with pytest.raises(AllowanceError):
            Allowance.parse("99999999", "natural_day")


def test_day_end_is_a_choice_of_two() -> None:
    assert DayEnd.values == ["close", "midnight"]
    assert not Day(DayKind.HOLIDAY).kind.works
    assert Day(DayKind.MAKEUP).kind.works
