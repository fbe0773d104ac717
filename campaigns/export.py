"""Taking lists of this room away as workbooks: what is shown, marked with who took it and when, journaled."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.actor import Actor
from campaigns.choices import Found
from campaigns.lifecycle import CAMPAIGN
from campaigns.models import Campaign, Target
from campaigns.reading import Row, TargetRow, target_rows
from config.templatetags.yiwang import local_time_filter
from incidents.export import XLSX, plain
from journal.append import append

MOST_ROWS = 20_000


def targets_sheet(
    campaign: Campaign, targets: "QuerySet[Target]", *, by: Actor, now: datetime
) -> HttpResponse:
    """An Excel file of at most `MOST_ROWS` targets with their last visit."""
    taken = target_rows(list(targets.select_related("zone").order_by("pk")[:MOST_ROWS]))
    headings = [
        _("Number"), _("Name"), _("Address"), _("Area"), _("Zone"), _("State"), _("Last visit"), _("By"), _("Note"),
        _("Case"),
    ]  # fmt: skip
    return _sheet(campaign, "targets", headings, map(_of_target, taken), len(taken), by, now)


def _of_target(row: TargetRow) -> list[str]:
    visit, target = row.visit, row.target
    who = visit.visited_by if visit else None
    return [
        target.number,
        target.name,
        target.address,
        target.area_code,
        target.zone.name if target.zone else "",
        str(target.get_state_display()),
        local_time_filter(visit.visited_at) if visit else "",
        (who.name or who.username) if who else "",
        visit.note if visit else "",
        visit.incident.number if visit and visit.incident else "",
    ]


def assignments_sheet(
    campaign: Campaign, rows: Sequence[Row], *, by: Actor, now: datetime
) -> HttpResponse:
    """An Excel file of a campaign's assignments with their figures, laggards first."""
    headings = [
        _("Number"), _("Sent to"), _("State"), _("Progress (%)"), *map(str, Found.labels), _("Due"), _("Lamp"),
    ]  # fmt: skip
    return _sheet(campaign, "progress", headings, map(_of_assignment, rows), len(rows), by, now)


def _of_assignment(row: Row) -> list[str]:
    figures = row.figures
    numbers = (row.percent, figures.todo, figures.absent, figures.visited, figures.problem)
    return [
        row.assignment.number,
        row.place,
        row.state,
        *map(str, numbers),
        local_time_filter(row.assignment.due_at),
        str(row.lamp),
    ]


def _sheet(
    campaign: Campaign,
    name: str,
    headings: list[str],
    lines: Iterable[list[str]],
    n: int,
    by: Actor,
    now: datetime,
) -> HttpResponse:
    with transaction.atomic():
        append(
            "campaign.exported",
            subject=(CAMPAIGN, campaign.pk),
            area_code=campaign.area_code,
            by=by,
            now=now,
            data={"rows": n},
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet(campaign.number)
    said = _("Taken by %(who)s at %(when)s")
    sheet.append([plain(campaign.title), said % {"who": by.label, "when": local_time_filter(now)}])
    sheet.append(headings)
    for line in lines:
        sheet.append([plain(value) for value in line])
    out = io.BytesIO()
    book.save(out)
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{campaign.number}-{name}.xlsx"'
    return answer
