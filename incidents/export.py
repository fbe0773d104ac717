"""Taking a list of cases out of the system: what is shown, masked, marked with who took it and when, journaled."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from clocks.lamps import lamp
from config.templatetags.yiwang import local_time_filter
from grids.queries import area_names
from incidents.models import Incident
from incidents.querysets import for_list
from journal.taking_out import Sheet, stamped, take_out

MOST_ROWS = 5_000


def cases_sheet(cases: QuerySet[Incident], *, by: Actor, now: datetime) -> HttpResponse:
    """An Excel file of at most `MOST_ROWS` cases, newest first. Nothing in it names a reporter."""
    found = list(for_list(cases, now).order_by("-reported_at", "-id")[: MOST_ROWS + 1])
    taken, cut = found[:MOST_ROWS], len(found) > MOST_ROWS
    names = area_names({case.area_code for case in taken})
    headings = [
        _("Number"), _("State"), _("Item"), _("Area"), _("Address"), _("Text"), _("Source"),
        _("Urgency"), _("Risk"), _("Unit"), _("Lamp"), _("Due"), _("Reported"), _("Closed"),
    ]  # fmt: skip
    only = _("Only the newest %(rows)s cases are in this file.") % {"rows": MOST_ROWS}
    sheet = Sheet(
        stamped("cases", now),
        _("Cases"),
        headings,
        [_row(case, names, now) for case in taken],
        cut=cut,
        above=[only] if cut else [],
    )
    return take_out(sheet, verb="incidents.exported", by=by, now=now)


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
