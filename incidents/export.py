"""Taking a list of cases out of the system: what is shown, masked, marked with who took it and when, journaled."""

import io
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from accounts.actor import Actor
from clocks.lamps import lamp
from config.templatetags.yiwang import local_time_filter
from grids.queries import area_names
from incidents.models import Incident
from incidents.querysets import for_list
from journal.append import append

MOST_ROWS = 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def cases_sheet(cases: QuerySet[Incident], *, by: Actor, now: datetime) -> HttpResponse:
    """An Excel file of at most `MOST_ROWS` cases, newest first. Nothing in it names a reporter."""
    taken = list(for_list(cases, now).order_by("-reported_at", "-id")[: MOST_ROWS + 1])
    cut = len(taken) > MOST_ROWS
    with transaction.atomic():
        append(
            "incidents.exported",
            subject=("export", f"{by.kind}-{by.id}"),
            area_code="",
            by=by,
            now=now,
            data={"rows": min(len(taken), MOST_ROWS), "cut": cut},
        )
    answer = HttpResponse(_workbook(taken[:MOST_ROWS], by, now, cut), content_type=XLSX)
    stamp = local_time_filter(now).replace(":", "").replace(" ", "-")
    answer["Content-Disposition"] = f'attachment; filename="cases-{stamp}.xlsx"'
    return answer


def _workbook(cases: list[Incident], by: Actor, now: datetime, cut: bool) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Cases"))
    sheet.append(
        [_("Taken by %(who)s at %(when)s") % {"who": by.label, "when": local_time_filter(now)}]
    )
    if cut:
        sheet.append([_("Only the newest %(rows)s cases are in this file.") % {"rows": MOST_ROWS}])
    headings = [
        _("Number"), _("State"), _("Item"), _("Area"), _("Address"), _("Text"), _("Source"),
        _("Urgency"), _("Risk"), _("Unit"), _("Lamp"), _("Due"), _("Reported"), _("Closed"),
    ]  # fmt: skip
    sheet.append([_bold(sheet, words) for words in headings])
    names = area_names({case.area_code for case in cases})
    for case in cases:
        sheet.append([plain(value) for value in _row(case, names, now)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(case: Incident, names: dict[str, str], now: datetime) -> list[str]:
    return [
        case.number,
        case.get_state_display(),
        case.item.name if case.item else "",
        names.get(case.area_code, case.area_code),
        case.address,
        case.text,
        case.get_source_display(),
        case.get_urgency_display(),
        case.get_risk_display(),
        case.unit.name if case.unit else "",
        str(lamp(case.due_at, case.amber_at, now)),
        local_time_filter(case.due_at),
        local_time_filter(case.reported_at),
        local_time_filter(case.closed_at),
    ]


def plain(value: str) -> str:
    """A value that no spreadsheet takes for a formula, without characters that Excel cannot hold."""
    kept = "".join(ch for ch in value if ch >= " " or ch in "\n\t")
    return f"'{kept}" if kept[:1] in ("=", "+", "-", "@") else kept


def _bold(sheet: Any, words: str) -> Any:
    cell = WriteOnlyCell(sheet, value=words)
    cell.font = Font(bold=True)
    return cell
