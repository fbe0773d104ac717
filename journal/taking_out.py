"""Lists that people take away as workbooks: marked with who took them and when, and told to the journal."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from accounts.actor import Actor
from config.templatetags.yiwang import local_time_filter
from journal.append import append

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Sheet:
    """A list to take away. `file` names the file, without its ending; `cut`: there was more than is in it; `above`
    are lines between the mark and the headings."""

    file: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    cut: bool = False
    above: Sequence[str] = ()


def take_out(
    sheet: Sheet,
    *,
    verb: str,
    by: Actor,
    now: datetime,
    subject: tuple[str, Any] | None = None,
    area_code: str = "",
) -> HttpResponse:
    """Tell the journal under `verb` (about `subject`, else about whoever takes it), and answer with the workbook."""
    with transaction.atomic():
        append(
            verb,
            subject=subject or ("export", f"{by.kind}-{by.id}"),
            area_code=area_code,
            by=by,
            now=now,
            data={"rows": len(sheet.rows), "cut": sheet.cut},
        )
    mark = _("Taken by %(who)s at %(when)s") % {"who": by.label, "when": local_time_filter(now)}
    above = [[mark], *([line] for line in sheet.above)]
    return excel(sheet.file, sheet.title, sheet.headings, sheet.rows, above=above)


def excel(
    file: str,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    above: Iterable[Sequence[str]] = (),
) -> HttpResponse:
    """An Excel workbook of one sheet; texts are made harmless (`plain`)."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for line in above:
        sheet.append([plain(value) for value in line])
    sheet.append([_bold(sheet, words) for words in headings])
    for row in rows:
        sheet.append([plain(cell) if isinstance(cell, str) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{file}.xlsx"'
    return answer


def stamped(name: str, now: datetime) -> str:
    """A file's name with the local minute at which it was taken."""
    stamp = local_time_filter(now).replace(":", "").replace(" ", "-")
    return f"{name}-{stamp}"


def plain(value: str) -> str:
    """Text that no spreadsheet takes for a formula, without characters that Excel cannot hold."""
    kept = "".join(ch for ch in value if ch >= " " or ch in "\n\t")
    return f"'{kept}" if kept[:1] in ("=", "+", "-", "@", "\t") else kept


def _bold(sheet: Any, words: str) -> Any:
    cell = WriteOnlyCell(sheet, value=words)
    cell.font = Font(bold=True)
    return cell
