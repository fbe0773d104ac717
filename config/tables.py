"""Tables that people hand in: CSV in UTF-8 or GB 18030, and Excel workbooks, with the header wherever it is.

A room reads rows, checks each, and collects defects: everything wrong is reported before anything is written.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from config.refusal import Refused
from config.workbook_guard import refuse_unless_workbook

MOST_BYTES = 5 * 2**20
MOST_ROWS = 50_000
HEADER_WITHIN = 10  # titles and notes above the header take no more rows than this


@dataclass(frozen=True)
class Row:
    """A row as typed: column → text. `number` is the row of the file, counted from 1, header included."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Defect:
    """What is wrong in a row, in words; `column` names the cell as the table does, and `text` is what stands there
    (both empty where it is no single cell)."""

    row: int
    column: str
    text: str
    sentence: str | Promise


def read_rows(
    data: bytes,
    columns: Mapping[str, Sequence[str]],
    needed: Sequence[str],
    *,
    most_bytes: int = MOST_BYTES,
    most_rows: int = MOST_ROWS,
) -> list[Row]:
    """The rows under the header. `columns` gives each column's names as they may stand in a file; `needed` are
    those without which nothing can be read. Unknown columns are left out; empty rows are skipped.

    Cells are not stripped: what the file says is kept. Raises Refused (a sentence) where the file is no
    table, too large, or has no such header.
    """
    if len(data) > most_bytes:
        raise Refused(
            "table_too_large",
            _("The file is too large: at most %(most)s MB.") % {"most": most_bytes // 2**20},
            field="file",
        )
    found = _excel(data) if data[:4] == b"PK\x03\x04" else _csv(data)
    lines = list(_at_most(most_rows, found))
    place, names = _header(lines, columns, needed)
    return [
        Row(number, {name: cell for name, cell in zip(names, cells, strict=False) if name})
        for number, cells in lines[place + 1 :]
        if any(cell.strip() for cell in cells)
    ]


Line = tuple[int, list[str]]


def _csv(data: bytes) -> Iterator[Line]:
    if b"\x00" in data:
        raise _no_table()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _no_table()
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        yield from enumerate(reader, 1)
    except csv.Error as error:
        raise _no_table() from error


def _excel(data: bytes) -> Iterator[Line]:
    refuse_unless_workbook(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, [_text(value) for value in row]
    # A hostile or broken workbook fails anywhere in its parts.
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        OSError,
        SyntaxError,
    ) as error:
        raise _no_table() from error


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _at_most(most: int, lines: Iterator[Line]) -> Iterator[Line]:
    for number, cells in lines:
        if number > most:
            raise Refused(
                "table_too_long",
                _("The file has too many rows: at most %(most)s.") % {"most": most},
                field="file",
            )
        yield number, cells


def _header(
    lines: Sequence[Line], columns: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> tuple[int, list[str]]:
    """Where the header is, and its columns under our names ("" for one that we do not know)."""
    ours = {_bare(word): name for name, words in columns.items() for word in (name, *words)}
    for place, (_number, cells) in enumerate(lines[:HEADER_WITHIN]):
        names = [ours.get(_bare(cell), "") for cell in cells]
        if all(name in names for name in needed):
            twice = sorted({name for name in names if name and names.count(name) > 1})
            if twice:
                raise Refused(
                    "header_twice",
                    _("The header has the column “%(column)s” twice.")
                    % {"column": columns[twice[0]][0]},
                    field="file",
                )
            return place, names
    raise Refused(
        "no_header",
        _(
            "No header was found in the first %(rows)s rows. One row must hold each of these columns in a cell "
            "of its own, not merged: %(columns)s."
        )
        % {"rows": HEADER_WITHIN, "columns": "、".join(columns[name][0] for name in needed)},
        field="file",
    )


def _bare(word: str) -> str:
    return "".join(word.split()).strip("*＊").lower()


def _no_table() -> Refused:
    return Refused(
        "not_a_table",
        _("This file is neither a CSV table (UTF-8 or GB 18030) nor an Excel workbook (.xlsx)."),
        field="file",
    )
