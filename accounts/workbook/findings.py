"""What is wrong with a workbook, row by row: stored as codes, said in the reader's language."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.workbook.columns import SHEETS

SENTENCES: dict[str, str | Promise] = {
    "formula": gettext_lazy("The cell holds a formula. Paste the value instead."),
    "error_value": gettext_lazy("The cell holds an Excel error."),
    "missing": gettext_lazy("This must not be empty."),
    "too_long": gettext_lazy("At most %(most)s characters fit."),
    "not_a_choice": gettext_lazy("This is not one of the choices: %(choices)s."),
    "day_as_text": gettext_lazy("This is no date. Write it as 2026-03-01."),
    "day_as_number": gettext_lazy("This is a number, not a date. Give the cell a date format."),
    "day_out_of_range": gettext_lazy("This day lies too far away."),
    "no_digits_lost": gettext_lazy(
        "Excel has rounded this number. Give the column the format “text” and enter it again."
    ),
    "duplicate": gettext_lazy("The same as row %(other)s."),
    "merged_header": gettext_lazy(
        "The heading has merged cells (%(cells)s). Unmerge them: each column needs a heading of its own."
    ),
    "merged_cells": gettext_lazy(
        "Merged cells (%(cells)s): only the first of them has a value. Unmerge them and fill each."
    ),
    "no_heading": gettext_lazy(
        "No headings were found in the first %(rows)s rows. Take them from the template."
    ),
    "column_missing": gettext_lazy("The column “%(column)s” is missing."),
    "column_twice": gettext_lazy("The column “%(column)s” is there twice."),
    "column_unknown": gettext_lazy("The column “%(column)s” is not known; it is not read."),
    "sheet_unknown": gettext_lazy("The sheet “%(sheet)s” is not known; nothing in it is read."),
    "sheet_twice": gettext_lazy("The sheet “%(sheet)s” is there twice; only the first is read."),
    "parents_in_a_circle": gettext_lazy("The parents of these organisations form a circle."),
    "no_such_organisation": gettext_lazy(
        "No organisation has this code, neither here (in a row without mistakes) nor in the system."
    ),
    "no_such_person": gettext_lazy(
        "Nobody has this user name, neither here (in a row without mistakes) nor in the system."
    ),
    "foreign": gettext_lazy("It exists already, in an area that you do not administer."),
    "closed": gettext_lazy("It exists already and is not active. Activate it again first."),
    "not_yours": gettext_lazy("Your post does not let you do this in this area."),
    "starts_otherwise": gettext_lazy(
        "The post is held already, since %(since)s. Leave that day, or end the post first."
    ),
    "refused": "%(sentence)s",
}


@dataclass(frozen=True)
class Finding:
    """One thing to say about a place. `row` is Excel's row number, 0 for the sheet; `read` is what stood there.

    With `blocks`, nothing is imported until it is put right.
    """

    sheet: str
    code: str
    row: int = 0
    column: str = ""
    read: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    blocks: bool = True

    @property
    def sentence(self) -> str:
        """What is wrong, in the reader's language."""
        return str(SENTENCES[self.code]) % self.params

    @property
    def sheet_title(self) -> str:
        """The sheet's title, in the reader's language; of an unknown one as it stands there."""
        return next((str(s.title) for s in SHEETS if s.key == self.sheet), self.sheet)

    @property
    def heading(self) -> str:
        """The column's heading, in the reader's language."""
        sheet = next((s for s in SHEETS if s.key == self.sheet), None)
        if sheet is None or not self.column:
            return ""
        return str(sheet.column(self.column).heading)

    def stored(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def shortened(value: object) -> str:
    """What was read, short enough for a table."""
    text = str(value)
    return (
        text
        if len(text) <= 60
        else _("%(start)s… (%(n)d characters)")
        % {
            "start": text[:50],
            "n": len(text),
        }
    )
