"""Taking lists of this room away as workbooks: what is shown, marked with who took it and when, journaled."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from campaigns.choices import Found
from campaigns.lifecycle import CAMPAIGN
from campaigns.models import Campaign, Target
from campaigns.reading import Row, TargetRow, target_rows
from config.templatetags.yiwang import local_time_filter
from journal.taking_out import Sheet, take_out

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
    sheet = _sheet(campaign, "targets", headings, [_of_target(row) for row in taken])
    return _take_out(sheet, campaign, by, now)


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
    sheet = _sheet(campaign, "progress", headings, [_of_assignment(row) for row in rows])
    return _take_out(sheet, campaign, by, now)


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
    campaign: Campaign, name: str, headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> Sheet:
    file = f"{campaign.number}-{name}"
    return Sheet(file, campaign.number, headings, rows, above=[campaign.title])


def _take_out(sheet: Sheet, campaign: Campaign, by: Actor, now: datetime) -> HttpResponse:
    subject, area_code = (CAMPAIGN, campaign.pk), campaign.area_code
    return take_out(
        sheet, verb="campaign.exported", by=by, now=now, subject=subject, area_code=area_code
    )
