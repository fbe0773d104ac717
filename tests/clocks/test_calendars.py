"""Calendars that are edited: inheritance, caching, who may, and what the clocks make of it."""

from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.actor import Actor
from accounts.roles import Role
from clocks import edit_calendar, running
from clocks.calendar import Day
from clocks.calendars import calendar_for
from clocks.choices import DayEnd, DayKind, Outcome
from clocks.models import Calendar, CalendarDay, Clock, Recalculation
from clocks.published import ordinary_day
from clocks.recalculate import recalculate_batch
from clocks.seed import seed_country
from clocks.watch import waiting_clocks, watch_calendar
from config.refusal import Refused, SomebodyWasFirst
from journal.models import Event
from journal.queries import timeline
from notices.models import Notice
from tests.clocks.calendars import allowance, local, shown
from tests.clocks.factories import a_clock
from tests.factories import ABROAD, HOME, actor, person_with

NOW = local("2026-03-02 09:00")


def country() -> Calendar:
    return Calendar.objects.get(area_code="")


def admin(area_code: str = HOME) -> Actor:
    return actor(Role.SYSTEM_ADMIN, area_code)


def a_calendar(area_code: str = HOME) -> Calendar:
    return edit_calendar.create_calendar(
        area_code=area_code, name="河西区", by=admin(area_code), now=NOW
    )


def a_holiday(calendar: Calendar, day: str = "2026-03-10", **more: object) -> None:
    edit_calendar.set_day(
        calendar_id=calendar.pk,
        day=date.fromisoformat(day),
        kind=DayKind.HOLIDAY,
        name="海河节",
        by=admin(),
        now=NOW,
        **more,  # type: ignore[arg-type]
    )


def publish_2027(**named: DayKind) -> int:
    days = {date(2027, 1, 1): Day(DayKind.HOLIDAY, "元旦")}
    return edit_calendar.import_year(
        calendar_id=country().pk, year=2027, named=days, source="国办", by=admin(), now=NOW
    )


def recalculate() -> None:
    while recalculate_batch(local("2026-03-03 09:00"), limit=10) is not None:
        pass


@pytest.mark.django_db
class TestInheritance:
    def test_every_area_has_the_countrys_calendar(self) -> None:
        assert calendar_for("120103001001001") is calendar_for("")
        assert str(calendar_for("").last) == "2026-12-31"

    def test_an_area_changes_a_day_and_inherits_the_rest(self) -> None:
        a_holiday(a_calendar())
        assert calendar_for(HOME).day(date(2026, 3, 10)) == Day(DayKind.HOLIDAY, "海河节")
        assert calendar_for("").day(date(2026, 3, 10)) == Day(DayKind.WORK)
        assert calendar_for(ABROAD) is calendar_for("")
        assert calendar_for(HOME + "001001") is calendar_for(HOME)

    def test_the_longest_prefix_wins_day_by_day_and_season_by_season(self) -> None:
        city, district = a_calendar("1201"), a_calendar()
        a_holiday_in(city, "2026-03-10")
        a_holiday_in(city, "2026-03-11")
        edit_calendar.set_day(
            calendar_id=district.pk,
            day=date(2026, 3, 11),
            kind=DayKind.WORK,
            by=admin(),
            now=NOW,
        )
        edit_calendar.set_season(
            calendar_id=city.pk,
            starts="06-01",
            periods=[("08:00", "12:00"), ("15:00", "19:00")],
            by=admin("1201"),
            now=NOW,
        )
        calendar = calendar_for(HOME)
        assert [calendar.days[date(2026, 3, n)].kind for n in (10, 11)] == ["holiday", "work"]
        assert [hours.starts for hours in calendar.hours] == [(1, 1), (6, 1)]

    def test_a_day_can_be_given_back(self) -> None:
        calendar = a_calendar()
        a_holiday(calendar)
        edit_calendar.inherit_day(
            calendar_id=calendar.pk, day=date(2026, 3, 10), by=admin(), now=NOW
        )
        assert calendar_for(HOME).day(date(2026, 3, 10)) == Day(DayKind.WORK)

    def test_the_end_of_statutory_days_is_a_choice_that_is_inherited(self) -> None:
        calendar = a_calendar()
        edit_calendar.set_day_end(
            calendar_id=calendar.pk, day_end=DayEnd.MIDNIGHT, by=admin(), now=NOW
        )
        given = allowance(1, "legal_workday")
        assert shown(calendar_for(HOME + "001").due(NOW, given)) == "2026-03-04 00:00"
        assert shown(calendar_for("").due(NOW, given)) == "2026-03-03 18:00"


def a_holiday_in(calendar: Calendar, day: str) -> None:
    edit_calendar.set_day(
        calendar_id=calendar.pk,
        day=date.fromisoformat(day),
        kind=DayKind.HOLIDAY,
        by=admin(calendar.area_code),
        now=NOW,
    )


@pytest.mark.django_db
class TestEditing:
    def test_an_edit_is_seen_at_once_and_journaled(self) -> None:
        before = calendar_for("")
        a_holiday(country())
        assert calendar_for("") is not before
        event = timeline("calendar", country().pk).last()
        assert event
        assert event.verb == "calendar.day_changed"
        assert event.data | {"version": 0} == {
            "date": "2026-03-10",
            "was": "work",
            "day_kind": "holiday",
            "name": "海河节",
            "version": 0,
        }

    def test_asking_for_a_calendar_that_did_not_change_costs_one_query(
        self, django_assert_num_queries: object
    ) -> None:
        calendar_for(HOME)
        with django_assert_num_queries(1):  # type: ignore[operator]
            calendar_for(HOME)

    def test_a_change_that_was_rolled_back_is_not_remembered(self) -> None:
        calendar = country()
        try:
            with transaction.atomic():
                a_holiday(calendar)
                assert calendar_for("").days[date(2026, 3, 10)].kind is DayKind.HOLIDAY
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        assert calendar_for("").days[date(2026, 3, 10)].kind is DayKind.WORK
        a_holiday(calendar, "2026-03-11")
        assert calendar_for("").days[date(2026, 3, 10)].kind is DayKind.WORK

    def test_a_colleague_without_the_role_may_not(self) -> None:
        with pytest.raises(PermissionDenied):
            edit_calendar.set_day(
                calendar_id=country().pk,
                day=date(2026, 3, 10),
                kind=DayKind.HOLIDAY,
                by=actor(Role.DISPATCHER),
                now=NOW,
            )

    def test_an_administrator_of_another_area_does_not_find_it(self) -> None:
        calendar = a_calendar()
        with pytest.raises(Calendar.DoesNotExist):
            edit_calendar.set_day_end(
                calendar_id=calendar.pk, day_end=DayEnd.CLOSE, by=admin(ABROAD), now=NOW
            )
        with pytest.raises(PermissionDenied):
            edit_calendar.create_calendar(area_code=HOME, name="河西", by=admin(ABROAD), now=NOW)

    def test_the_second_editor_is_told_that_somebody_was_first(self) -> None:
        seen = country().version
        a_holiday(country(), seen=seen)
        with pytest.raises(SomebodyWasFirst):
            a_holiday(country(), "2026-03-11", seen=seen)
        assert calendar_for("").days[date(2026, 3, 11)].kind is DayKind.WORK

    @pytest.mark.parametrize(
        ("day", "kind", "code"),
        [
            ("2026-03-14", DayKind.WORK, "weekend_works"),
            ("2026-03-10", DayKind.REST, "weekday_rests"),
            ("2026-03-10", DayKind.MAKEUP, "weekday_rests"),
            ("2027-03-10", DayKind.HOLIDAY, "year_not_published"),
        ],
    )
    def test_a_day_is_what_its_weekday_can_be(self, day: str, kind: DayKind, code: str) -> None:
        with pytest.raises(Refused) as refused:
            edit_calendar.set_day(
                calendar_id=country().pk,
                day=date.fromisoformat(day),
                kind=kind,
                by=admin(),
                now=NOW,
            )
        assert refused.value.code == code

    @pytest.mark.parametrize(
        ("starts", "periods"),
        [
            ("13-01", [("08:00", "12:00")]),
            ("02-30", [("08:00", "12:00")]),
            ("6-1", [("08:00", "12:00")]),
            ("06-01", []),
            ("06-01", [("12:00", "08:00")]),
            ("06-01", [("08:00", "12:00"), ("11:00", "14:00")]),
            ("06-01", [("08:00", "25:00")]),
            ("06-01", [("8", "12")]),
        ],
    )
    def test_a_season_that_cannot_be_is_refused(
        self, starts: str, periods: list[tuple[str, str]]
    ) -> None:
        with pytest.raises(Refused):
            edit_calendar.set_season(
                calendar_id=country().pk, starts=starts, periods=periods, by=admin(), now=NOW
            )

    def test_the_last_season_stays(self) -> None:
        with pytest.raises(Refused):
            edit_calendar.remove_season(
                calendar_id=country().pk, starts="01-01", by=admin(), now=NOW
            )

    def test_one_calendar_an_area(self) -> None:
        a_calendar()
        with pytest.raises(Refused) as refused:
            a_calendar()
        assert refused.value.code == "calendar_exists"
        assert refused.value.status == 409


@pytest.mark.django_db
class TestPublishing:
    def test_a_year_is_published_whole(self) -> None:
        assert publish_2027() == 365
        calendar = calendar_for("")
        assert str(calendar.last) == "2027-12-31"
        assert calendar.days[date(2027, 1, 1)].kind is DayKind.HOLIDAY
        assert calendar.days[date(2027, 1, 2)] == ordinary_day(date(2027, 1, 2))

    def test_publishing_again_changes_nothing(self) -> None:
        publish_2027()
        assert publish_2027() == 0

    def test_no_gap_is_left(self) -> None:
        with pytest.raises(Refused) as refused:
            edit_calendar.import_year(
                calendar_id=country().pk, year=2028, named={}, source="", by=admin(), now=NOW
            )
        assert refused.value.code == "year_missing"

    def test_the_seed_adds_what_is_missing_and_leaves_edited_days(self) -> None:
        a_holiday(country())
        CalendarDay.objects.filter(calendar=country(), date__year=2026, date__month=12).delete()
        assert seed_country(now=NOW) == 31
        assert seed_country(now=NOW) == 0
        assert calendar_for("").days[date(2026, 3, 10)].kind is DayKind.HOLIDAY

    def test_the_seed_covers_every_day_the_package_publishes(self) -> None:
        days = CalendarDay.objects.filter(calendar=country())
        assert days.count() == (date(2027, 1, 1) - date(2004, 1, 1)).days
        assert days.filter(date__year=2026, kind="makeup").count() == 6
        assert days.filter(date__year=2025, kind="holiday").count() == 28


@pytest.mark.usefixtures("country_calendar")
class TestRecalculation:
    def test_an_edit_moves_the_open_clocks_of_its_area_and_says_how_many(self) -> None:
        moved = [a_clock("2026-03-09 17:00", 2, area_code=HOME + "001") for _n in range(3)]
        elsewhere = a_clock("2026-03-09 17:00", 2, area_code=ABROAD)
        untouched = a_clock("2026-03-12 09:00", 2)
        recalculate()  # what the seeding of an emptied database asked for
        calendar = a_calendar()
        a_holiday(calendar)
        recalculate()

        due = {clock.pk: shown(clock.due_at) for clock in Clock.objects.all() if clock.due_at}
        assert [due[clock.pk] for clock in moved] == ["2026-03-11 09:00"] * 3
        assert due[elsewhere.pk] == "2026-03-10 09:00"
        assert due[untouched.pk] == "2026-03-12 11:00"
        told = timeline("calendar", calendar.pk).get(verb="calendar.clocks_moved")
        assert told.data == {"looked_at": 4, "moved": 3}
        assert Event.objects.filter(verb="clock.moved").count() == 3

    def test_stopped_clocks_keep_what_was_true_when_they_stopped(self) -> None:
        clock = a_clock("2026-03-09 17:00", 2)
        with transaction.atomic():
            running.stop(subject=clock.subject, now=local("2026-03-09 17:30"))
        a_holiday(country())
        recalculate()
        assert Clock.objects.get().due_at == clock.due_at

    def test_time_used_before_a_pause_follows_the_corrected_calendar(self) -> None:
        clock = a_clock("2026-03-09 14:00", 16)
        with transaction.atomic():
            running.pause(subject=clock.subject, now=local("2026-03-10 18:00"))
            running.resume(subject=clock.subject, now=local("2026-03-12 08:00"))
        a_holiday(country(), "2026-03-10")
        recalculate()
        stored = Clock.objects.get()
        assert stored.due_at
        assert stored.used_minutes == 4 * 60
        assert shown(stored.due_at) == "2026-03-13 12:00"

    def test_a_clock_missed_under_a_wrong_calendar_is_not_missed_any_more(self) -> None:
        from clocks.sweep import sweep

        clock = a_clock("2026-03-02 17:00", 2)
        sweep(local("2026-03-03 09:01"))
        assert Clock.objects.get().missed_at
        a_holiday(country(), "2026-03-03")
        recalculate()
        stored = Clock.objects.get()
        assert stored.missed_at is None
        assert stored.next_at
        sweep(local("2026-03-04 09:01"))
        verbs = list(timeline(*clock.subject).values_list("verb", flat=True))
        assert verbs.count("clock.overdue") == 2

    def test_clocks_that_wait_get_their_deadline_when_the_year_is_imported(self) -> None:
        a_clock("2026-12-30 10:00", 3, "legal_workday")
        late = a_clock("2026-12-30 10:00", 3, "legal_workday")
        early = a_clock("2026-12-30 10:00", 3, "legal_workday")
        with transaction.atomic():
            running.stop(subject=late.subject, now=local("2027-01-06 10:00"))
            running.stop(subject=early.subject, now=local("2027-01-05 10:00"))
        assert waiting_clocks().count() == 3
        publish_2027()
        recalculate()

        assert [shown(clock.due_at) for clock in Clock.objects.all() if clock.due_at] == [
            "2027-01-05 18:00"
        ] * 3
        outcomes = [clock.outcome for clock in Clock.objects.order_by("id")]
        assert outcomes == [Outcome.RUNNING, Outcome.MISSED, Outcome.MET]
        assert not waiting_clocks().exists()

    def test_killed_half_way_it_goes_on_where_it_stopped(self) -> None:
        for _n in range(25):
            a_clock("2026-03-09 17:00", 2)
        recalculate()
        a_holiday(country())
        first_edit = Recalculation.objects.latest("id")
        assert recalculate_batch(NOW, limit=10) == 10
        half = Recalculation.objects.get(pk=first_edit.pk)
        assert (half.looked_at, half.moved, half.finished_at) == (10, 10, None)
        recalculate()
        whole = Recalculation.objects.get(pk=first_edit.pk)
        assert (whole.looked_at, whole.moved) == (25, 25)
        assert Event.objects.filter(verb="clock.moved").count() == 25

    def test_it_waits_for_steps_that_may_have_read_the_old_calendar(self) -> None:
        other = connection.copy()
        recalculate()
        try:
            with other.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT pg_current_xact_id()")
                a_holiday(country())
                assert recalculate_batch(NOW) is None
                cursor.execute("COMMIT")
            assert recalculate_batch(NOW) == 0
        finally:
            other.close()


@pytest.mark.django_db
class TestWatch:
    def test_administrators_are_told_once_a_day_before_the_days_run_out(self) -> None:
        managers = [person_with(Role.SYSTEM_ADMIN), person_with(Role.SYSTEM_ADMIN)]
        person_with(Role.DISPATCHER)
        assert watch_calendar(local("2026-10-31 23:59")) == 0
        assert watch_calendar(local("2026-11-01 00:01")) == 2
        assert watch_calendar(local("2026-11-01 23:59")) == 0
        assert watch_calendar(local("2026-11-02 00:01")) == 2

        assert {n.recipient_id for n in Notice.objects.all()} == {m.pk for m in managers}
        event = Event.objects.filter(verb="calendar.ending").order_by("id")[0]
        assert event.data == {"last": "2026-12-31", "days": 60, "waiting": 0}

    def test_a_clock_that_waits_is_reason_enough(self) -> None:
        person_with(Role.SYSTEM_ADMIN)
        a_clock("2026-03-02 09:00", 36, "legal_month")
        assert watch_calendar(NOW) == 1

    def test_nobody_is_told_when_the_next_year_is_published(self) -> None:
        person_with(Role.SYSTEM_ADMIN)
        publish_2027()
        assert watch_calendar(local("2026-12-01 09:00")) == 0


@pytest.mark.django_db
def test_stamps_never_come_back() -> None:
    seen: set[UUID] = set()
    for day in ("2026-03-10", "2026-03-11", "2026-03-12"):
        a_holiday(country(), day)
        seen.add(country().stamp)
    assert len(seen) == 3
