"""What stands in the way of a row, as findings; and the row without its faulty cells, to look for more."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.workbook.columns import ORGANISATIONS, PEOPLE, POSTS, Sheet
from accounts.workbook.findings import Finding, shortened
from accounts.workbook.reading import Row
from config.refusal import Refused


class Wrong(Exception):
    """A row that cannot be done, for a reason that the actions do not know."""

    def __init__(self, code: str, column: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.column, self.params = code, column, params


REFUSALS = (Wrong, PermissionDenied, Refused)
# Whoever the row is about is out of reach: what else it says about them does not matter.
SAY_ALL = frozenset({"foreign", "closed", "no_such_person"})


def finding_of(row: Row, error: Exception) -> Finding:
    """What one of `REFUSALS` says about the row."""
    if isinstance(error, Wrong):
        return found_in(row, error.code, error.column, **error.params)
    if isinstance(error, Refused):
        return found_in(row, "refused", error.field, sentence=str(error.sentence))
    return found_in(row, "not_yours", "area_code")


def found_in(row: Row, code: str, column: str = "", **params: Any) -> Finding:
    """A finding about one of the row's columns; about what the row is named by, where it has no such column."""
    sheet = _sheet_of(row)
    at = column if column in {c.key for c in sheet.columns} else sheet.identity[0]
    return Finding(row.sheet, code, row.number, at, shortened(row.values.get(at, "")), params)


def _sheet_of(row: Row) -> Sheet:
    return next(s for s in (ORGANISATIONS, PEOPLE, POSTS) if s.key == row.sheet)


def without(row: Row, faulty: set[str], now: datetime) -> Row | None:
    """The row with its faulty cells empty, or with something harmless in them where they must be filled.

    None where the other cells mean nothing without them: a post's person or role, an organisation's kind.
    """
    sheet = _sheet_of(row)
    values = {key: value for key, value in row.values.items() if key not in faulty}
    for column in sheet.columns:
        if not column.required or column.key not in faulty:
            continue
        if column.kind == "choice" or (sheet is POSTS and column.key == "username"):
            return None
        named = column.key == sheet.identity[0]  # nobody is called like that yet
        filler = f"row.{row.number}.{now:%H%M%S}" if named else column.example
        values[column.key] = now.date() if column.kind == "day" else filler
    return replace(row, values=values)
