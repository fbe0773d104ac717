"""Reading catalogue files: the shipped one, a city's, and what people hand in by mistake."""

import io
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import Workbook

from config.refusal import Refused
from incidents.catalogue_formats import SHIPPED, normal_limit, read_catalogue
from incidents.catalogue_limit_text import Unclear
from incidents.catalogue_reading import Odd, ReadCatalogue
from incidents.catalogue_report import figures, findings, lines
from incidents.choices import Urgency
from tests.incidents.catalogue.factories import CITY_EXCERPT, HEADER, ROWS, composed

# Real data beside the project, where it is there: it may be run on and not be redistributed.
DATA = Path(os.environ.get("YIWANG_REAL_DATA", settings.BASE_DIR.parent / "shared" / "data"))
YUNCHENG = DATA / "catalogue" / "yuncheng_standard_519.csv"


@pytest.fixture(scope="module")
def city() -> ReadCatalogue:
    return read_catalogue(CITY_EXCERPT.read_bytes())


def test_the_shipped_catalogue_has_9_classes_38_subclasses_238_items() -> None:
    read = read_catalogue(SHIPPED.read_bytes())
    counts = read.counts()
    assert (counts["classes"], counts["subclasses"], counts["items"]) == (9, 38, 238)
    assert counts["self_handle"] == 50
    assert counts["needs_person"] == 0
    assert read.oddities == []


def test_every_shipped_item_has_a_normal_and_a_continuous_urgent_limit() -> None:
    for item in read_catalogue(SHIPPED.read_bytes()).items:
        normal, urgent = item.limits
        assert normal.urgency == Urgency.NORMAL
        assert urgent.urgency == Urgency.URGENT
        assert urgent.kind in ("hour_cont", "minute_cont")


@pytest.mark.parametrize(
    ("hours", "basis", "source", "expected"),
    [
        ("4", "work", "YC-E", ("4", "work_hour")),
        ("8", "work", "YC-E", ("1", "work_day")),
        ("40", "work", "P", ("5", "work_day")),
        ("12", "work", "P", ("12", "work_hour")),
        ("24", "calendar", "BJ12345", ("24", "hour_cont")),
        ("1", "calendar", "TJ+P", ("1", "hour_cont")),
        ("168", "calendar", "DZ", ("7", "natural_day")),
        ("1440", "calendar", "LAW-XF", ("60", "legal_day")),
        ("360", "calendar", "LAW-LABOUR", ("15", "legal_day")),
        ("240", "work", "LAW-MEDICAL", ("30", "legal_workday")),
        ("24", "work", "LAW-ZJ", ("3", "legal_workday")),
        ("720", "calendar", "MED1M", ("1", "legal_month")),
    ],
)
def test_hours_become_the_kind_that_counts_them(
    hours: str, basis: str, source: str, expected: tuple[str, str]
) -> None:
    value, kind = normal_limit(Decimal(hours), basis, source)
    assert (value, kind.value) == (Decimal(expected[0]), expected[1])


def test_a_city_standard_keeps_several_limits_under_one_item(city: ReadCatalogue) -> None:
    cover = next(item for item in city.items if item.code == "C0101")
    assert [limit.verbatim for limit in cover.limits] == ["2紧急工作时", "4小时", "2天"]
    assert [limit.urgency for limit in cover.limits] == ["urgent", "normal", "normal"]
    assert cover.limits[0].condition == "缺失、移位、开裂，存在安全隐患的"
    assert cover.limits[0].closing_condition == "恢复"
    assert (cover.class_name, cover.sub_name) == ("部件", "公用设施")


def test_joined_units_are_divided_but_never_guessed_apart(city: ReadCatalogue) -> None:
    units = {item.code: item.limits[0].handling_units for item in city.items}
    assert units["C0101"] == ("甲市节约用水中心", "各产权单位")
    assert units["C0312"] == ("甲市市容环卫中心", "甲市园林绿化服务中心")
    assert units["C0402"] == (
        "甲市城市集中供热供气服务中心及各供油、供气、供电管理部门",
        "各产权单位",
    )
    assert units["E0101"] == ("属地行政执法部门和和环卫部门",)


def test_every_kind_of_oddity_is_reported_with_its_row(city: ReadCatalogue) -> None:
    found = {(oddity.odd, oddity.row) for oddity in city.oddities}
    assert {
        (Odd.REPEATED, 5),
        (Odd.SPACES, 6),
        (Odd.UNITS_BREAK, 6),
        (Odd.LIMIT, 8),
        (Odd.SPACES, 8),
        (Odd.UNITS_FRAGMENT, 9),
        (Odd.UNITS_GLUED, 9),
        (Odd.LIMIT, 10),
        (Odd.UNITS_GLUED, 10),
        (Odd.LIMIT, 12),
        (Odd.LIMIT, 13),
        (Odd.LIMIT, 14),
        (Odd.LIMIT, 15),
        (Odd.SAME_NAME, 0),
        (Odd.ALIKE_UNITS, 0),
    } == found
    why = {oddity.row: oddity.note for oddity in city.oddities if oddity.odd == Odd.LIMIT}
    assert why == {
        8: Unclear.MORE_WORDS,
        10: Unclear.URGENT_DAY,
        12: Unclear.MORE_WORDS,
        13: Unclear.CONTRADICTS,
        14: Unclear.EMPTY,
        15: Unclear.UNKNOWN,
    }


def test_odd_limits_keep_their_words_and_lose_nothing(city: ReadCatalogue) -> None:
    waiting = [limit for limit in city.limits if limit.needs_person]
    assert [limit.verbatim for limit in waiting] == [
        "种植季节15工作日",
        "2紧急工作日",
        "1紧急工作时制止",
        "随时",
        "",
        "1天",
    ]
    assert all(limit.value is None and limit.kind == "" for limit in waiting)
    assert city.counts()["limits"] == 13  # fourteen rows, one of them twice the same


def test_the_report_says_all_of_it_in_words(city: ReadCatalogue) -> None:
    report = city.report()
    told = "\n".join(lines(report))
    assert "种植季节15工作日" in told
    assert "row 8" in told or "第 8 行" in told
    assert dict(figures(report)).values()
    assert len(findings(report)) == len(city.oddities)


def test_reading_is_the_same_from_excel_as_from_csv() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["一网事项目录"])  # a title above the header
    for line in composed().decode().splitlines():
        sheet.append(line.split(","))
    buffer = io.BytesIO()
    book.save(buffer)
    assert (
        read_catalogue(buffer.getvalue()).fingerprint() == read_catalogue(composed()).fingerprint()
    )


def test_gb18030_is_read_too() -> None:
    data = composed().decode().encode("gb18030")
    assert read_catalogue(data).fingerprint() == read_catalogue(composed()).fingerprint()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_table"),
        (b"PK\x03\x04 not really a workbook", "workbook_not_excel"),
        (b"name,age\nLi,3\n", "not_a_catalogue"),
        (b"", "not_a_catalogue"),
        (b"x" * (5 * 2**20 + 1), "table_too_large"),
        ((HEADER + ",item_code\n").encode(), "header_twice"),
    ],
)
def test_a_file_that_is_no_catalogue_gets_a_sentence(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_catalogue(data)
    assert caught.value.code == code
    assert str(caught.value)


def test_a_merged_header_gets_a_sentence() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    sheet.merge_cells("G1:H1")
    sheet.append(ROWS["garbage"].split(","))
    buffer = io.BytesIO()
    book.save(buffer)
    with pytest.raises(Refused) as caught:
        read_catalogue(buffer.getvalue())
    assert caught.value.code == "not_a_catalogue"


@pytest.mark.parametrize(
    ("old", "new", "odd"),
    [
        (",3,2,1,", ",3,2,9,", Odd.BAD_VALUE),
        ("sanitation,4,2,work", "sanitation,soon,2,work", Odd.BAD_VALUE),
        ("sanitation,4,2,work", "sanitation,-4,2,work", Odd.BAD_VALUE),
        ("4,2,work", "4,2,lunar", Odd.BAD_VALUE),
        ("010101", "", Odd.NO_CODE),
        ("暴露垃圾", "垃" * 121, Odd.TOO_LONG),
    ],
)
def test_a_row_that_would_be_lost_stands_against_the_whole_file(
    old: str, new: str, odd: Odd
) -> None:
    read = read_catalogue(composed("garbage", **{old: new}))
    assert [oddity.odd for oddity in read.fatal] == [odd]


def test_one_code_twice_stands_against_the_whole_file() -> None:
    read = read_catalogue(composed("garbage", "rubble", **{"010102": "010101"}))
    assert [oddity.odd for oddity in read.fatal] == [Odd.BAD_VALUE]


@pytest.mark.skipif(not YUNCHENG.exists(), reason="the city's standard is not part of the project")
def test_the_real_standard_is_read_whole() -> None:
    read = read_catalogue(YUNCHENG.read_bytes())
    counts = read.counts()
    assert (counts["rows"], counts["items"], counts["limits"]) == (519, 190, 519)
    assert (counts["needs_person"], counts["assumed"]) == (5, 473)
    assert read.fatal == []
    odd = Counter(oddity.odd for oddity in read.oddities)
    assert odd[Odd.LIMIT] == 5
    assert odd[Odd.SAME_NAME] == 1
