"""From a workbook to rows: every cell looked at, everything odd noted with its place. Nothing is written."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from accounts.workbook.columns import (
    SHEETS,
    Column,
    Sheet,
    choice_of,
    columns_of,
    is_beside,
    sheet_called,
)
from accounts.workbook.findings import Finding, shortened
from config.refusal import Refused
from config.workbook_guard import merged_ranges, refuse_unless_workbook

MOST_ROWS = 2000  # with something in them, in one sheet
MOST_ROWS_LOOKED_AT = 20_000
LAST_ROW_OF_EXCEL = 1_048_576
MOST_COLUMNS = 60
HEADING_WITHIN = 10
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True)
class Row:
    """One row. `values` has every column that is filled with something that can be used."""

    sheet: str
    number: int
    values: dict[str, Any]
    faulty: frozenset[str] = (
        frozenset()
    )  # columns in which something else stands, or nothing and must


@dataclass
class Read:
    """What a workbook says, and what is odd about it. A row in `unsound` will not be done; it has a finding."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    unsound: dict[str, list[Row]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_workbook(content: bytes) -> Read:
    """Read all known sheets. Raises Refused where the file as a whole cannot be used."""
    refuse_unless_workbook(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        read = Read()
        for sheet, tab in _known_sheets(book, read):
            _Reader(sheet, tab, read).read(merged_ranges(content, _part_of(tab)))
    except Refused:
        raise
    except _UNREADABLE as error:
        raise Refused(
            "workbook_damaged",
            _("The workbook is damaged and cannot be read to its end. Save it anew in Excel."),
            field="file",
        ) from error
    return read


# What openpyxl is known to raise on parts that are missing, cut short or made up.
_UNREADABLE = (
    InvalidFileException,
    zipfile.BadZipFile,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
    OverflowError,
    RecursionError,
    OSError,
)


def _part_of(tab: Any) -> str:
    """The sheet's part in the zip."""
    part: str = tab._worksheet_path  # noqa: SLF001 — openpyxl has no other word for it
    return part.lstrip("/")


def _known_sheets(book: Any, read: Read) -> Iterator[tuple[Sheet, Any]]:
    seen = set()
    found = []
    for tab in book.worksheets:
        if is_beside(tab.title):
            continue
        sheet = sheet_called(tab.title)
        name = shortened(tab.title)
        if sheet is None:
            read.findings.append(
                Finding(name, "sheet_unknown", params={"sheet": name}, blocks=False)
            )
        elif sheet.key in seen:
            read.findings.append(Finding(sheet.key, "sheet_twice", params={"sheet": name}))
        else:
            seen.add(sheet.key)
            found.append((sheet, tab))
    if not found:
        titles = ", ".join(f"“{sheet.title}”" for sheet in SHEETS)
        raise Refused(
            "workbook_sheets",
            _("None of the sheets is called %(titles)s. Nothing was read; start from the template.")
            % {"titles": titles},
            field="file",
        )
    yield from sorted(found, key=lambda pair: SHEETS.index(pair[0]))


class _Reader:
    """Reads one sheet into `read`."""

    def __init__(self, sheet: Sheet, tab: Any, read: Read) -> None:
        self.sheet, self.tab, self.into = sheet, tab, read
        self.rows: list[Row] = []
        self.unsound: list[Row] = []
        self.seen: dict[tuple[str, ...], int] = {}

    def read(self, merged: Sequence[str]) -> None:
        self.into.rows[self.sheet.key] = self.rows
        self.into.unsound[self.sheet.key] = self.unsound
        self.tab.reset_dimensions()  # what the file says about its size is not believed
        lines = self._lines()
        heading = self._find_heading(lines)
        if heading is None:
            return
        number, columns = heading
        sound = self._check_merged(number, columns, merged)
        if not sound or any(c.required and c not in columns.values() for c in self.sheet.columns):
            return
        for row_number, cells in lines:
            self._take(row_number, columns, cells)

    def _lines(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """Rows that have something in them, with Excel's number. Raises Refused where they are too many."""
        filled = 0
        blank = None  # rows that the file leaves out come as one and the same object
        for number, cells in enumerate(self.tab.iter_rows(max_col=MOST_COLUMNS), start=1):
            if number > LAST_ROW_OF_EXCEL:  # a row number that somebody made up
                raise ValueError(number)
            if cells is blank:
                continue
            if all(cell.value is None or str(cell.value).strip() == "" for cell in cells):
                blank = cells
                continue
            filled += 1
            if filled > MOST_ROWS + HEADING_WITHIN or number > MOST_ROWS_LOOKED_AT:
                raise Refused(
                    "workbook_too_many_rows",
                    _("The sheet “%(sheet)s” has more than %(n)d rows. Split the workbook.")
                    % {"sheet": self.tab.title, "n": MOST_ROWS},
                    field="file",
                )
            yield number, cells

    def _find_heading(
        self, lines: Iterator[tuple[int, Sequence[Any]]]
    ) -> tuple[int, dict[int, Column]] | None:
        """The first row with at least two known headings; titles above it do not matter."""
        for number, cells in lines:
            headings = [str(cell.value or "").strip() for cell in cells]
            columns = columns_of(self.sheet, headings)
            if len(columns) >= 2:
                self._check_headings(number, headings, columns)
                return number, columns
            if number >= HEADING_WITHIN:
                break
        self._note("no_heading", params={"rows": HEADING_WITHIN})
        return None

    def _check_headings(
        self, number: int, headings: Sequence[str], columns: dict[int, Column]
    ) -> None:
        for position, heading in enumerate(headings):
            if not heading or position in columns:
                continue
            twice = bool(columns_of(self.sheet, [heading]))
            code = "column_twice" if twice else "column_unknown"
            self._note(code, row=number, params={"column": shortened(heading)}, blocks=twice)
        for column in self.sheet.columns:
            if column.required and column not in columns.values():
                self._note("column_missing", row=number, params={"column": str(column.heading)})

    def _check_merged(
        self, heading: int, columns: dict[int, Column], merged: Sequence[str]
    ) -> bool:
        """Whether the headings stand in single cells. Merged titles above them are no matter."""
        sound = True
        for cells in merged:
            left, top, _right, bottom = range_boundaries(cells)
            if bottom is None or bottom < heading or left is None or left - 1 > max(columns):
                continue
            if top is not None and top <= heading:
                sound = False
                self._note("merged_header", row=heading, params={"cells": cells})
            else:
                self._note("merged_cells", row=top or 0, params={"cells": cells})
        return sound

    def _take(self, number: int, columns: dict[int, Column], cells: Sequence[Any]) -> None:
        values: dict[str, Any] = {}
        before = len(self.into.findings)
        for position, column in columns.items():
            cell = cells[position] if position < len(cells) else None
            value = self._value(number, column, cell)
            if value is not None:
                values[column.key] = value
        faulty = {finding.column for finding in self.into.findings[before:]}
        for column in columns.values():
            if column.required and column.key not in faulty | values.keys():
                self._note("missing", row=number, column=column)
                faulty.add(column.key)
        row = Row(self.sheet.key, number, values, frozenset(faulty))
        sound = not self._is_duplicate(row) and not faulty
        (self.rows if sound else self.unsound).append(row)

    def _is_duplicate(self, row: Row) -> bool:
        """Whether a row above is about the same. Not known where it is not sure what this one is about."""
        number, values = row.number, row.values
        keys = self.sheet.identity
        if self.sheet.key == "posts":  # one may be held twice, in different periods
            keys += ("valid_from",)
        if row.faulty.intersection(keys):
            return False
        identity = tuple(str(values.get(key, "")).casefold() for key in keys)
        other = self.seen.setdefault(identity, number)
        if other == number:
            return False
        self._note(
            "duplicate",
            row=number,
            column=self.sheet.column(self.sheet.identity[0]),
            read=values.get(self.sheet.identity[0], ""),
            params={"other": other},
        )
        return True

    def _value(self, number: int, column: Column, cell: Any) -> Any:
        """The cell's value as the column takes it; None where it is empty or wrong (which is noted)."""
        raw = getattr(cell, "value", None)
        if raw is None or str(raw).strip() == "":
            return None
        if cell.data_type == "f":
            self._note("formula", row=number, column=column, read=getattr(raw, "text", raw))
            return None
        if cell.data_type == "e":
            self._note("error_value", row=number, column=column, read=raw)
            return None
        if column.kind == "day":
            return self._day(number, column, raw)
        text = self._text(number, column, raw)
        if text is None or column.kind != "choice":
            return text
        chosen = choice_of(column, text)
        if chosen is None:
            labels = ", ".join(str(label) for _value, label in column.choices)
            self._note("not_a_choice", number, column, read=raw, params={"choices": labels})
        return chosen

    def _text(self, number: int, column: Column, raw: Any) -> str | None:
        if isinstance(raw, float):
            if not raw.is_integer() or abs(raw) >= 1e15:
                self._note("no_digits_lost", row=number, column=column, read=raw)
                return None
            raw = int(raw)
        text = str(raw).replace("\x00", "").replace("_x000D_", "").strip()
        if len(text) > column.most:
            params = {"most": column.most}
            self._note("too_long", row=number, column=column, read=text, params=params)
            return None
        return text

    def _day(self, number: int, column: Column, raw: Any) -> date | None:
        if isinstance(raw, datetime):
            raw = raw.date()
        if isinstance(raw, date):
            return self._near(number, column, raw)
        if isinstance(raw, int | float):
            self._note("day_as_number", row=number, column=column, read=raw)
            return None
        parts = _DAY.fullmatch(str(raw).strip())
        try:
            if parts is not None:
                return self._near(number, column, date(*(int(part) for part in parts.groups())))
        except ValueError:
            pass
        self._note("day_as_text", row=number, column=column, read=raw)
        return None

    def _near(self, number: int, column: Column, day: date) -> date | None:
        if 1950 <= day.year <= 2100:
            return day
        self._note("day_out_of_range", row=number, column=column, read=day)
        return None

    def _note(
        self,
        code: str,
        row: int = 0,
        column: Column | None = None,
        *,
        read: object = "",
        params: dict[str, Any] | None = None,
        blocks: bool = True,
    ) -> None:
        self.into.findings.append(
            Finding(
                self.sheet.key,
                code,
                row,
                column.key if column else "",
                shortened(read) if read != "" else "",
                params or {},
                blocks,
            )
        )
