"""A year's notice as people send it: CSV or Excel, clean or dirty."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from clocks.choices import DayKind
from clocks.notice_file import read_notice
from config.refusal import Refused

HEADER = "日期,结束日期,类型,名称"
NOTICE = f"""{HEADER}
2027-01-01,2027-01-03,放假,元旦
2027/2/5,2027/2/12,放假,春节
2027年2月14日,,上班,春节
"""


def read(text: str, name: str = "2027.csv") -> list[str]:
    return [str(row.why) for row in read_notice(text.encode(), name, 2027).bad]


def refused(content: bytes, name: str) -> str:
    with pytest.raises(Refused) as caught:
        read_notice(content, name, 2027)
    assert caught.value.field == "file"
    return str(caught.value.sentence)


def excel(rows: list[list[object]], merged: str = "") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_notice_is_read_in_the_encodings_people_use(encoding: str) -> None:
    reading = read_notice(NOTICE.encode(encoding), "2027.CSV", 2027)
    assert not reading.bad
    assert len(reading.days) == 3 + 8 + 1
    assert reading.days[date(2027, 2, 14)].kind is DayKind.MAKEUP
    assert reading.days[date(2027, 1, 2)].name == "元旦"


def test_excel_with_a_merged_title_above_the_header() -> None:
    rows: list[list[object]] = [
        ["2027年放假安排", None, None, None],
        ["日期", "结束日期", "类型", "名称"],
        [date(2027, 1, 1), date(2027, 1, 3), "放假", "元旦"],
        [20270214, None, "补班", "春节"],
    ]
    reading = read_notice(excel(rows, "A1:D1"), "2027.xlsx", 2027)
    assert not reading.bad
    assert len(reading.days) == 4


def test_a_holiday_may_begin_in_the_last_days_of_the_year_before() -> None:
    assert read(f"{HEADER}\n2026-12-31,2027-01-02,放假,元旦\n") == []


def test_every_bad_row_is_reported_with_its_line_and_text() -> None:
    text = f"""{HEADER}
2027-02-30,,上班,春节
2027-02-13,,加班,春节
2027-02-15,,上班,春节
2027-02-13,,工作日,
2027-03-05,2027-03-01,放假,
2027-03-01,2027-05-01,放假,
2028-01-01,,放假,元旦
,,放假,元旦
2027-01-01,,放假,元旦

2027-01-01,,放假,春节
"""
    reading = read_notice(text.encode(), "2027.csv", 2027)
    assert [row.line for row in reading.bad] == [2, 3, 4, 5, 6, 7, 8, 9, 12]
    assert reading.bad[0].text == "2027-02-30 · 上班 · 春节"
    assert len({str(row.why) for row in reading.bad}) == 7
    assert list(reading.days) == [date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "2027.csv"),
        (b"a,b,c\n1,2,3\n", "2027.csv"),
        (HEADER.encode() + b"\n", "2027.csv"),
        (b"\xff\xfe\x00\x81\xff", "2027.csv"),
        (b"a\x00b", "2027.csv"),
        (b"not a zip", "2027.xlsx"),
        (b"%PDF-1.4", "2027.pdf"),
        (b"x" * (2 * 2**20 + 1), "2027.csv"),
        (HEADER.encode() + b"\n" + b"2027-01-01,,x,\n" * 1001, "2027.csv"),
    ],
)
def test_what_is_no_notice_is_refused_with_a_sentence(content: bytes, name: str) -> None:
    assert refused(content, name)


def test_an_excel_file_with_a_merged_header_and_no_column_names_is_refused() -> None:
    rows: list[list[object]] = [["放假安排", None, None], ["元旦", "1月1日", "3天"]]
    assert refused(excel(rows, "A1:C1"), "2027.xlsx")
