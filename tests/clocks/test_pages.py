"""The pages: calculator, calendars, notices. By hand, without JavaScript."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from clocks.calendar import Day
from clocks.calendars import calendar_for
from clocks.choices import DayKind
from clocks.models import Calendar
from tests.clocks.factories import a_clock
from tests.clocks.test_notice_file import NOTICE
from tests.factories import person_with

pytestmark = pytest.mark.django_db


def signed_in(role: Role = Role.SYSTEM_ADMIN) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(person_with(role))
    return client


def country() -> Calendar:
    return Calendar.objects.get(area_code="")


def to(name: str) -> str:
    return reverse(f"clocks:{name}", args=[country().pk])


class TestCalculator:
    address = "/clocks/calculator/"

    def ask(self, **asked: str) -> Any:
        return signed_in(Role.DEPARTMENT).get(self.address, asked)

    def test_it_shows_the_deadline_and_each_day(self) -> None:
        answer = self.ask(start="2026-09-30T10:00", value="5", kind="work_day")
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "2026-10-13" in text
        assert "国庆节" in text
        assert "10-01 – 10-07" in text

    def test_it_speaks_english(self) -> None:
        client = signed_in(Role.DEPARTMENT)
        client.cookies["django_language"] = "en"
        asked = {"start": "2026-09-22T10:00", "value": "15", "kind": "legal_day"}
        text = client.get(self.address, asked).content.decode()
        assert "National Day" not in text
        assert "so the end moves on to 2026-10-08" in text

    def test_every_kind_can_be_asked_for(self) -> None:
        client = signed_in(Role.DEPARTMENT)
        for kind in ("minute_cont", "hour_cont", "work_hour", "natural_day", "legal_month"):
            asked = {"start": "2026-03-09T09:00", "value": "1", "kind": kind}
            assert client.get(self.address, asked).status_code == 200

    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ({"start": "yesterday", "value": "1", "kind": "work_hour"}, "日期"),
            ({"start": "2026-03-09T09:00", "value": "0", "kind": "work_hour"}, "0.01"),
            ({"start": "2026-03-09T09:00", "value": "1.5", "kind": "legal_day"}, "整日"),
            ({"start": "2026-03-09T09:00", "value": "9999999", "kind": "work_day"}, "时限过长"),
            ({"start": "2026-03-09T09:00", "value": "1", "kind": "fortnight"}, "fortnight"),
            ({"start": "9999-12-31T23:59", "value": "1000", "kind": "natural_day"}, "2100"),
            ({"start": "0001-01-01T00:00", "value": "1", "kind": "work_day"}, "1990"),
            ({"start": "2026-12-30T10:00", "value": "3", "kind": "legal_workday"}, "2026-12-31"),
        ],
    )
    def test_what_cannot_be_computed_gets_a_sentence_and_keeps_the_form(
        self, asked: dict[str, str], sentence: str
    ) -> None:
        answer = self.ask(**asked)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert f'value="{asked["value"]}"' in answer.content.decode()

    def test_a_statutory_end_at_midnight_is_2400_of_its_day(self) -> None:
        Calendar.objects.filter(pk=country().pk).update(
            day_end="midnight", stamp="00000000-0000-4000-8000-000000000001"
        )
        text = self.ask(start="2026-09-30T10:00", value="5", kind="legal_workday").content.decode()
        assert "2026-10-13" in text
        assert "24:00" in text
        assert "2026-10-14" not in text

    def test_the_number_of_queries_is_fixed(self, django_assert_max_num_queries: Any) -> None:
        client = signed_in(Role.DEPARTMENT)
        asked = {"start": "2025-03-09T09:00", "value": "300", "kind": "work_day"}
        client.get(self.address, asked)
        with django_assert_max_num_queries(12):
            client.get(self.address, asked)


class TestCalendar:
    def test_a_year_shows_holidays_and_make_up_days(self) -> None:
        text = signed_in().get(to("calendar"), {"year": "2026"}).content.decode()
        assert "节假日 33" in text
        assert "调休上班 6" in text

    def test_the_year_after_the_last_asks_for_its_notice(self) -> None:
        text = signed_in().get(to("calendar"), {"year": "2027"}).content.decode()
        assert "2027 年尚未公布" in text

    @pytest.mark.parametrize(
        "query", ["year=x", "year=99999", "year=1000", "day=x", "day=9999-12-31"]
    )
    def test_nonsense_in_the_address_is_harmless(self, query: str) -> None:
        assert signed_in().get(f"{to('calendar')}?{query}").status_code == 200

    def test_waiting_deadlines_are_told(self) -> None:
        a_clock("2026-12-30 10:00", 3, "legal_workday")
        assert "有 1 个期限在 2026-12-31 之后" in signed_in().get(to("calendar")).content.decode()

    def change(self, **typed: str) -> Any:
        typed = {"date": "2026-03-10", "kind": "holiday", "name": "海河节", **typed}
        typed.setdefault("seen", str(country().version))
        return signed_in().post(to("day"), typed, follow=True)

    def test_a_day_is_changed_by_a_click_and_a_choice(self) -> None:
        answer = self.change()
        assert "修改已保存" in answer.content.decode()
        assert calendar_for("").day(date(2026, 3, 10)) == Day(DayKind.HOLIDAY, "海河节")

    def test_htmx_gets_the_year_alone(self) -> None:
        typed = {"date": "2026-03-10", "kind": "holiday", "seen": str(country().version)}
        answer = signed_in().post(to("day"), typed, headers={"hx-request": "true"})
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "<html" not in text
        assert "year-split" in text

    def test_an_impossible_day_comes_back_as_typed(self) -> None:
        answer = self.change(kind="makeup", name="加班节")
        assert answer.status_code == 422
        assert "不是双休日" in answer.content.decode()
        assert "加班节" in answer.content.decode()

    def test_the_second_editor_keeps_what_was_typed(self) -> None:
        answer = self.change(seen="0")
        assert answer.status_code == 409
        assert "其他人刚刚修改了这份日历" in answer.content.decode()
        assert "海河节" in answer.content.decode()

    def test_seasons_are_typed_as_people_write_them(self) -> None:
        typed = {"starts": "06-01", "periods": "8:00—12:00，15：00-19:00", "seen": "1"}
        signed_in().post(to("season"), typed)
        assert calendar_for("").hours[1].periods == ((480, 720), (900, 1140))
        seen = str(country().version)
        signed_in().post(to("season_removed"), {"starts": "06-01", "seen": seen})
        assert len(calendar_for("").hours) == 1

    def test_a_wrong_season_comes_back_open_and_as_typed(self) -> None:
        answer = signed_in().post(
            to("season"), {"starts": "06-01", "periods": "early till late", "seen": "1"}
        )
        assert answer.status_code == 422
        assert "early till late" in answer.content.decode()
        assert '<details class="season-new" open' in answer.content.decode()

    def test_the_end_of_statutory_days_is_chosen(self) -> None:
        signed_in().post(to("day_end"), {"day_end": "midnight", "seen": "1"})
        assert calendar_for("").day_end == "midnight"

    def test_an_area_gets_a_calendar_of_its_own(self) -> None:
        typed = {"area_code": "120103", "name": "河西区"}
        answer = signed_in().post(reverse("clocks:new_calendar"), typed, follow=True)
        assert "河西区" in answer.content.decode()
        again = signed_in().post(reverse("clocks:new_calendar"), typed)
        assert again.status_code == 409


class TestNotice:
    def send(self, client: Client, text: str) -> Any:
        file = SimpleUploadedFile("2027.csv", text.encode(), "text/csv")
        typed = {"year": "2027", "source": "国办", "file": file, "seen": str(country().version)}
        return client.post(to("import_notice"), typed)

    def test_a_dry_run_shows_what_would_change_and_writes_nothing(self) -> None:
        text = self.send(signed_in(), NOTICE).content.decode()
        assert "放假 11 天，调休上班 1 天" in text
        assert "共有 365 天将改变" in text
        assert str(calendar_for("").last) == "2026-12-31"

    def test_what_was_seen_is_what_is_written(self) -> None:
        client = signed_in()
        packed = self.send(client, NOTICE).context["packed"]
        answer = client.post(to("import_notice"), {"packed": packed}, follow=True)
        assert "已修改 365 天" in answer.content.decode()
        assert str(calendar_for("").last) == "2027-12-31"
        assert calendar_for("").day(date(2027, 2, 14)) == Day(DayKind.MAKEUP, "春节")

    def test_bad_rows_are_listed_and_nothing_can_be_written(self) -> None:
        answer = self.send(signed_in(), NOTICE + "2027-02-30,,上班,春节\n")
        assert "其中 1 行无法识别" in answer.content.decode()
        assert answer.context["packed"] == ""

    def test_a_tampered_or_foreign_confirmation_is_refused(self) -> None:
        client = signed_in()
        packed = self.send(client, NOTICE).context["packed"]
        answer = client.post(to("import_notice"), {"packed": packed[:-2] + "xx"}, follow=True)
        assert "这次导入已过期" in answer.content.decode()
        assert str(calendar_for("").last) == "2026-12-31"

    def test_a_calendar_edited_meanwhile_is_not_overwritten(self) -> None:
        client = signed_in()
        packed = self.send(client, NOTICE).context["packed"]
        Calendar.objects.filter(pk=country().pk).update(version=99)
        answer = client.post(to("import_notice"), {"packed": packed}, follow=True)
        assert "其他人刚刚修改了这份日历" in answer.content.decode()

    def test_a_file_that_is_no_sheet_gets_a_sentence(self) -> None:
        answer = self.send(signed_in(), "hello")
        assert answer.status_code == 422
        assert "没有找到表头" in answer.content.decode()

    def test_the_example_can_be_imported(self) -> None:
        client = signed_in()
        sheet = client.get(reverse("clocks:notice_example")).content.decode("utf-8-sig")
        file = SimpleUploadedFile("example.csv", sheet.encode())
        typed = {"year": "2026", "source": "x", "file": file, "seen": str(country().version)}
        assert not client.post(to("import_notice"), typed).context["checked"].bad
