"""Taking the list of duties out of the system: marked with who took it and when, and journaled."""

import io
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from accounts.actor import Actor
from config.templatetags.yiwang import local_time_filter
from grids.models import Area, Duty
from grids.queries import area_names, codes_above
from grids.staffing import Crew, crews
from journal.append import append

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 50_000


def staffing_sheet(grids: QuerySet[Area], *, by: Actor, now: datetime) -> HttpResponse:
    """An Excel file of these grids with their people and gaps, in code order."""
    listed = crews(grids[:MOST_ROWS], timezone.localdate(now))
    with transaction.atomic():
        append(
            "staffing.exported",
            subject=("export", f"{by.kind}-{by.id}"),
            area_code="",
            by=by,
            now=now,
            data={"rows": len(listed)},
        )
    answer = HttpResponse(_workbook(listed, by, now), content_type=XLSX)
    stamp = local_time_filter(now).replace(":", "").replace(" ", "-")
    answer["Content-Disposition"] = f'attachment; filename="staffing-{stamp}.xlsx"'
    return answer


def _workbook(listed: list[Crew], by: Actor, now: datetime) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Grid staffing"))
    words = {"who": by.label, "when": local_time_filter(now)}
    sheet.append([_("Taken by %(who)s at %(when)s") % words])
    headings = [_("Code"), _("Subdistrict"), _("Community"), _("Grid")]
    headings += [str(duty.label) for duty in Duty] + [_("Missing")]
    row = []
    for heading in headings:
        cell = WriteOnlyCell(sheet, heading)
        cell.font = Font(bold=True)
        row.append(cell)
    sheet.append(row)
    names = area_names({code for crew in listed for code in codes_above(crew.grid.code)})
    for crew in listed:
        sheet.append([_plain(value) for value in _row(crew, names)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(crew: Crew, names: dict[str, str]) -> list[str]:
    code = crew.grid.code
    people = ["、".join(crew.people.get(duty, [])) for duty in Duty]
    return [
        code, names.get(code[:9], ""), names.get(code[:12], ""), crew.grid.shown_name,
        *people, "、".join(crew.missing),
    ]  # fmt: skip


def _plain(value: str) -> str:
    """A text that begins like a formula stays a text."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
