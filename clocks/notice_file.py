"""Reading a year's holiday notice from a sheet (Excel or CSV): days and stretches of days, each with its kind.

Nothing is written here. Every row is read; a row that cannot be is reported with its line and its text.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from zipfile import BadZipFile

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from clocks.calendar import Day
from clocks.choices import DayKind
from config.refusal import Refused

MOST_BYTES = 2 * 2**20
MOST_ROWS = 1000
LONGEST_STRETCH = 31  # days; no notice has a longer one, a mistyped month does

_COLUMNS: dict[str, frozenset[str]] = {
    "first": frozenset({"date", "from", "first", "日期", "开始", "开始日期", "起", "起始日期"}),
    "last": frozenset({"to", "until", "last", "结束", "结束日期", "止", "截止日期", "终止日期"}),
    "kind": frozenset({"kind", "type", "类型", "性质", "安排"}),
    "name": frozenset({"name", "holiday", "名称", "节日", "节假日", "备注", "说明"}),
}
_KINDS: dict[str, DayKind] = {
    **dict.fromkeys(
        ("holiday", "放假", "休假", "休", "节假日", "假日", "放假调休"), DayKind.HOLIDAY
    ),
    **dict.fromkeys(
        ("makeup", "make-up", "上班", "调休上班", "补班", "班", "调休"), DayKind.MAKEUP
    ),
    **dict.fromkeys(("work", "工作日", "工作"), DayKind.WORK),
    **dict.fromkeys(("rest", "周末", "休息", "休息日", "双休日"), DayKind.REST),
}


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read: its line in the sheet, its text, and why."""

    line: int
    text: str
    why: str | Promise


@dataclass
class Reading:
    """What a sheet says: named days, and the rows that are not understood."""

    days: dict[date, Day] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)
    rows: int = 0


def read_notice(content: bytes, file_name: str, year: int) -> Reading:
    """Read the notice of `year`. Raises Refused where the file is no such sheet at all.

    Days may lie in `year` or in the last week of the year before (a holiday that begins there).
    """
    if len(content) > MOST_BYTES:
        raise _unreadable(_("The file is larger than 2 MB. A year's notice is a page."))
    rows = list(islice(_rows(content, file_name), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise _unreadable(_("The file has more than 1,000 rows. A year's notice is a page."))
    header, columns = _header(rows)
    reading = Reading()
    for number, cells in enumerate(rows[header + 1 :], start=header + 2):
        if any(cells):
            reading.rows += 1
            _take(reading, number, cells, columns, year)
    if not reading.rows:
        raise _unreadable(_("There is no row below the header."))
    return reading


def _unreadable(sentence: str | Promise) -> Refused:
    return Refused("file_unreadable", sentence, field="file")


# --- the sheet as text -----------------------------------------------------------------------


def _rows(content: bytes, file_name: str) -> Iterator[list[str]]:
    if file_name.lower().endswith(".csv"):
        yield from _csv_rows(content)
    elif file_name.lower().endswith(".xlsx"):
        yield from _excel_rows(content)
    else:
        raise _unreadable(_("Give an Excel file (.xlsx) or a CSV file (.csv)."))


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _unreadable(_("The file is no text in UTF-8 or GB 18030."))
    if "\0" in text:
        raise _unreadable(_("The file is called .csv but is no text."))
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            yield [cell.strip() for cell in row]
    except csv.Error:
        raise _unreadable(_("The file cannot be read as CSV.")) from None


def _excel_rows(content: bytes) -> Iterator[list[str]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1, max_col=20):
            yield [_cell(value) for value in row]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, IndexError):
        raise _unreadable(_("The file cannot be read as Excel. Save it again as .xlsx.")) from None


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value).strip()


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, Mapping[str, int]]:
    """The row that names the columns (a title, merged or not, may stand above it), and where they are."""
    for number, cells in enumerate(rows[:10]):
        columns = {
            name: place
            for name, words in _COLUMNS.items()
            for place, cell in enumerate(cells)
            if cell.lower() in words
        }
        if {"first", "kind"} <= columns.keys():
            return number, columns
    raise _unreadable(
        _(
            "No row names the columns. They are: date, to (may be left out), kind, name;"
            " in Chinese 日期、结束日期、类型、名称."
        )
    )


# --- one row ---------------------------------------------------------------------------------


def _take(
    reading: Reading, line: int, cells: Sequence[str], columns: Mapping[str, int], year: int
) -> None:
    """Add a row's days to the reading, or the row to what is not understood."""

    def cell(name: str) -> str:
        place = columns.get(name, len(cells))
        return cells[place] if place < len(cells) else ""

    first = _day(cell("first"))
    last = _day(cell("last")) if cell("last") else first
    kind = _KINDS.get(cell("kind").lower())
    why = _why_not(first, last, kind, year)
    if why is None and first and last and kind:
        what = Day(kind, cell("name")[:60])
        days = list(_stretch(first, last))
        why = _why_not_together(days, what, reading.days)
        if why is None:
            reading.days.update(dict.fromkeys(days, what))
    if why is not None:
        reading.bad.append(BadRow(line, " · ".join(filter(None, cells))[:200], why))


def _why_not(
    first: date | None, last: date | None, kind: DayKind | None, year: int
) -> str | Promise | None:
    if first is None or last is None:
        return _("A date is missing or is no date; write 2027-02-05.")
    if kind is None:
        return _("The kind is missing or unknown; write 放假 (holiday) or 上班 (make-up).")
    if not timedelta(0) <= last - first < timedelta(days=LONGEST_STRETCH):
        return _("The stretch ends before it begins, or is longer than a month.")
    if not date(year - 1, 12, 25) <= first <= last <= date(year, 12, 31):
        return _("The dates lie outside the year that this notice is for.")
    return None


def _why_not_together(
    days: Iterable[date], what: Day, known: Mapping[date, Day]
) -> str | Promise | None:
    for day in days:
        weekend = day.weekday() >= 5
        if what.kind in (DayKind.MAKEUP, DayKind.REST) and not weekend:
            return _("%(day)s is not at a weekend: it is a working day or a holiday.") % {
                "day": day
            }
        if what.kind is DayKind.WORK and weekend:
            return _("%(day)s is at a weekend: working there makes it a make-up working day.") % {
                "day": day
            }
        if known.get(day, what) != what:
            return _("%(day)s was given as something else further up.") % {"day": day}
    return None


def _stretch(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _day(text: str) -> date | None:
    """A date as people write it: 2027-02-05, 2027/2/5, 2027.2.5, 2027年2月5日, 20270205."""
    plain = text.strip()
    for mark in ("年", "月", "/", "."):
        plain = plain.replace(mark, "-")
    plain = plain.removesuffix("日").split(" ")[0]
    if plain.isdigit() and len(plain) == 8:
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    parts = plain.split("-")
    if len(parts) != 3 or not all(part.isdigit() and len(part) <= 4 for part in parts):
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None
