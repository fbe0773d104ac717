"""Workbooks that we write: the template, and the report of a check or an import."""

import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook as Book
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import Organisation, Post, User
from accounts.roles import ADMINISTRATORS, Role
from accounts.workbook.columns import (
    CHOICES,
    INSTRUCTIONS,
    ORGANISATIONS,
    PEOPLE,
    POSTS,
    SHEETS,
    Column,
    Sheet,
)
from accounts.workbook.reading import MOST_ROWS
from accounts.workbook.running import Report

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD = PatternFill("solid", fgColor="DCEFF2")
_MUST = PatternFill("solid", fgColor="FCE4D6")


def template() -> bytes:
    """The empty workbook in the reader's language: headings with explanations, drop-downs, a sheet of instructions."""
    book = Book()
    first = book.active
    assert isinstance(first, Worksheet)
    _instructions(first)
    choices = book.create_sheet(CHOICES)
    choices.sheet_state = "veryHidden"  # Excel does not even offer to show it
    for sheet in SHEETS:
        _empty_sheet(book, sheet, choices)
    return _bytes(book)


def report_book(report: Report, *, applied: bool) -> bytes:
    """What was found and done, a row each; after an import with the initial passwords of new accounts."""
    book = Book()
    tab = book.active
    assert isinstance(tab, Worksheet)
    if applied or not report.blocked:
        _outcomes(tab, report)
    else:
        book.remove(tab)
    if report.findings:
        _findings(book.create_sheet(_("To be put right")), report)
    return _bytes(book)


def people_book(people: Sequence[User], mark: str) -> bytes:
    """People and the posts in `held` of each, as the import reads them; `mark` says who took it away, and when.

    Phone numbers are left out: the import leaves what it does not find.
    """
    book = Book()
    _listed(
        book,
        PEOPLE,
        mark,
        [
            {
                "username": person.username,
                "name": person.name,
                "organisation": person.organisation.code if person.organisation else "",
            }
            for person in people
        ],
    )
    held: list[Post] = [post for person in people for post in getattr(person, "held", ())]
    _listed(
        book,
        POSTS,
        mark,
        [
            {
                "username": post.user.username,
                "role": str(Role(post.role).label),
                "organisation": post.organisation.code if post.organisation else "",
                "area_code": post.area_code,
                "valid_from": post.valid_from,
                "valid_to": post.valid_to,
            }
            for post in held
            if post.role not in ADMINISTRATORS
        ],
    )
    return _bytes(book)


def organisations_book(organisations: Sequence[Organisation], mark: str) -> bytes:
    """Organisations as the import reads them."""
    book = Book()
    _listed(
        book,
        ORGANISATIONS,
        mark,
        [
            {
                **{c.key: getattr(row, c.key) for c in ORGANISATIONS.columns},
                "kind": row.get_kind_display(),
                "administrative_parent": _code(row.administrative_parent),
                "professional_parent": _code(row.professional_parent),
            }
            for row in organisations
        ],
    )
    return _bytes(book)


def _code(organisation: Organisation | None) -> str:
    return organisation.code if organisation is not None else ""


def _listed(book: Book, sheet: Sheet, mark: str, rows: Sequence[dict[str, Any]]) -> None:
    """One sheet: who took it away in the first row, headings in the second, then the rows."""
    tab = book.active if book.sheetnames == ["Sheet"] else book.create_sheet()
    assert isinstance(tab, Worksheet)
    tab.title = str(sheet.title)
    columns = [column for column in sheet.columns if column.key != "phone" or sheet is not PEOPLE]
    _put(tab, 1, 1, mark).alignment = Alignment(wrap_text=False)
    for position, column in enumerate(columns, start=1):
        cell = _put(tab, 2, position, str(column.heading))
        cell.font, cell.fill = Font(bold=True), _HEAD
        tab.column_dimensions[get_column_letter(position)].width = 24
    tab.freeze_panes = "A3"
    for number, row in enumerate(rows, start=3):
        for position, column in enumerate(columns, start=1):
            cell = _put(tab, number, position, row[column.key])
            if column.kind == "day":
                cell.number_format = "yyyy-mm-dd"


def outcome_words(outcome: str) -> str:
    """`created`, `changed` or `unchanged` in the reader's language."""
    return {"created": _("New"), "changed": _("Changed"), "unchanged": _("Unchanged")}[outcome]


def changes_in_words(sheet_key: str, changes: dict[str, list[str]]) -> str:
    """`Name: old → new; …`"""
    sheet = next(s for s in SHEETS if s.key == sheet_key)
    return "; ".join(
        f"{sheet.column(key).heading}: {before or '—'} → {after or '—'}"
        for key, (before, after) in changes.items()
    )


def _instructions(tab: Worksheet) -> None:
    tab.title = str(INSTRUCTIONS)
    lines = [
        _("One row each. Columns with an orange heading must be filled."),
        _("What exists already is changed: organisations are known by code, people by user name."),
        _("An empty cell leaves what is stored. Nothing is ever deleted by an import."),
        _("Enter values, not formulas; do not merge cells; do not rename sheets or headings."),
        _("Up to %(n)d rows in a sheet.") % {"n": MOST_ROWS},
        _("After uploading you see what would happen; nothing is written until you confirm."),
    ]
    for number, line in enumerate(lines, start=1):
        _put(tab, number, 1, line)
    row = len(lines) + 2
    for sheet in SHEETS:
        _put(tab, row, 1, str(sheet.title)).font = Font(bold=True)
        for column in sheet.columns:
            row += 1
            must = _("must be filled") if column.required else ""
            for position, words in enumerate([column.heading, column.help, must], start=2):
                _put(tab, row, position, str(words))
        row += 2
    for letter, width in zip("ABCD", (14, 22, 70, 16), strict=True):
        tab.column_dimensions[letter].width = width


def _empty_sheet(book: Book, sheet: Sheet, choices: Worksheet) -> None:
    tab = book.create_sheet(str(sheet.title))
    tab.freeze_panes = "A2"
    for position, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(position)
        cell = _put(tab, 1, position, str(column.heading))
        cell.font, cell.fill = Font(bold=True), _MUST if column.required else _HEAD
        cell.comment = Comment(_explained(column), "Yiwang")
        tab.column_dimensions[letter].width = 20
        for row in range(2, MOST_ROWS + 2) if column.kind != "choice" else ():
            if row > 200:  # a column format serves the rest; Excel shows the first rows at once
                break
            tab.cell(row, position).number_format = "yyyy-mm-dd" if column.kind == "day" else "@"
        if column.choices:
            tab.add_data_validation(_drop_down(column, letter, choices))


def _explained(column: Column) -> str:
    example = dict(column.choices).get(column.example, column.example)
    return "\n".join(
        words
        for words in (
            str(column.help),
            _("Must be filled.") if column.required else "",
            _("Example: %(value)s") % {"value": example} if column.example else "",
        )
        if words
    )


def _drop_down(column: Column, letter: str, choices: Worksheet) -> DataValidation:
    """The labels live in a hidden sheet: a list inside the cell rule ends at 255 characters."""
    position = choices.max_column + 1 if choices.cell(1, 1).value else 1
    for row, (_value, label) in enumerate(column.choices, start=1):
        _put(choices, row, position, str(label))
    source = get_column_letter(position)
    rule = DataValidation(
        type="list",
        formula1=f"{CHOICES}!${source}$1:${source}${len(column.choices)}",
        allow_blank=not column.required,
        showErrorMessage=True,
    )
    rule.errorTitle, rule.error = str(column.heading), _("Choose from the list.")
    rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
    return rule


def _outcomes(tab: Worksheet, report: Report) -> None:
    tab.title = _("Result")
    headings = [_("Sheet"), _("Row"), _("About"), _("Result"), _("Changes"), _("One-time password")]
    _head(tab, headings, (12, 8, 40, 12, 60, 24))
    titles = {sheet.key: str(sheet.title) for sheet in SHEETS}
    for number, outcome in enumerate(report.outcomes, start=2):
        line = [
            titles[outcome.sheet],
            outcome.row,
            outcome.name,
            outcome_words(outcome.outcome),
            changes_in_words(outcome.sheet, outcome.changes),
            outcome.password,
        ]
        for position, value in enumerate(line, start=1):
            _put(tab, number, position, value)


def _findings(tab: Worksheet, report: Report) -> None:
    headings = [_("Sheet"), _("Row"), _("Column"), _("What is wrong"), _("What was read")]
    _head(tab, headings, (12, 8, 20, 70, 40))
    for number, finding in enumerate(report.findings, start=2):
        line = [
            finding.sheet_title,
            finding.row or "",
            finding.heading,
            finding.sentence,
            finding.read,
        ]
        for position, value in enumerate(line, start=1):
            _put(tab, number, position, value)


def _head(tab: Worksheet, headings: list[str], widths: tuple[int, ...]) -> None:
    tab.freeze_panes = "A2"
    for position, (heading, width) in enumerate(zip(headings, widths, strict=True), start=1):
        cell = _put(tab, 1, position, heading)
        cell.font, cell.fill = Font(bold=True), _HEAD
        tab.column_dimensions[get_column_letter(position)].width = width


def _put(tab: Worksheet, row: int, column: int, value: object) -> Any:
    """Write a value as what it is: text that begins with = or + never becomes a formula."""
    cell = tab.cell(row, column)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, str):
        cell.value = "".join(ch for ch in value if ch >= " " or ch in "\n\t")
        cell.data_type = "s"
        if value[:1] in ("=", "+", "-", "@"):
            cell.quotePrefix = True
    else:
        cell.value = value  # type: ignore[assignment]
    return cell


def _bytes(book: Book) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
