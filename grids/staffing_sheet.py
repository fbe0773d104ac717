"""Taking the list of duties out of the system: marked with who took it and when, and journaled."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from grids.models import Area, Duty
from grids.queries import area_names, codes_above
from grids.staffing import Crew, crews
from journal.taking_out import Sheet, stamped, take_out

MOST_ROWS = 50_000


def staffing_sheet(grids: QuerySet[Area], *, by: Actor, now: datetime) -> HttpResponse:
    """An Excel file of these grids with their people and gaps, in code order."""
    listed = crews(grids[:MOST_ROWS], timezone.localdate(now))
    names = area_names({code for crew in listed for code in codes_above(crew.grid.code)})
    headings = [_("Code"), _("Subdistrict"), _("Community"), _("Grid")]
    headings += [str(duty.label) for duty in Duty] + [_("Missing")]
    rows = [_row(crew, names) for crew in listed]
    sheet = Sheet(stamped("staffing", now), _("Grid staffing"), headings, rows)
    return take_out(sheet, verb="staffing.exported", by=by, now=now)


def _row(crew: Crew, names: dict[str, str]) -> list[str]:
    code = crew.grid.code
    people = ["、".join(crew.people.get(duty, [])) for duty in Duty]
    return [
        code, names.get(code[:9], ""), names.get(code[:12], ""), crew.grid.shown_name,
        *people, "、".join(crew.missing),
    ]  # fmt: skip
