"""Taking a list out of the system: what is shown, marked with who took it and when, journaled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from borders.choices import CheckKind
from borders.models import Enclave, Matter
from borders.querysets import enclaves_for_list, matters_for_list
from borders.reading import enclave_rows, matter_rows
from config.templatetags.yiwang import local_time_filter
from journal.taking_out import Sheet, stamped, take_out

MOST_ROWS = 5_000


def enclaves_sheet(enclaves: QuerySet[Enclave], *, by: Actor, now: datetime) -> HttpResponse:
    """An Excel file of at most `MOST_ROWS` enclaves, newest first."""
    rows = enclave_rows(list(enclaves_for_list(enclaves).order_by("-id")[:MOST_ROWS]), now)
    headings = [
        _("Number"), _("Number in the former register"), _("Name of the place"), _("State"), _("Lies in"),
        _("Address"), _("Longitude"), _("Latitude"), _("Given by"), _("Taken by"), _("Residents"), _("Households"),
        _("Area in m²"), *[str(kind.label) for kind in CheckKind], _("Open old problems"), _("Due"),
        _("Registered"), _("Handed over"), _("Accepted on"),
    ]  # fmt: skip
    lines = [_enclave_line(row) for row in rows]
    sheet = _sheet("enclaves", _("Enclaves"), headings, lines, now)
    return take_out(sheet, verb="enclaves.exported", by=by, now=now)


def _enclave_line(row: Any) -> list[Any]:
    one: Enclave = row.enclave
    return [
        one.number, one.reference, one.name, one.get_state_display(), row.place, one.address, one.lon, one.lat,
        one.owner.name, one.manager.name if one.manager else "", one.population, one.households, one.area_m2,
        *[_verdict(mark) for mark in row.checks], row.problems, local_time_filter(one.due_at),
        local_time_filter(one.registered_at), local_time_filter(one.handed_over_at),
        local_time_filter(one.accepted_at),
    ]  # fmt: skip


def _verdict(mark: Any) -> str:
    if mark.passed:
        return _("Passed")
    return _("Mended") if mark.mended else _("Not passed") if mark.failed else ""


def matters_sheet(matters: QuerySet[Matter], *, by: Actor, now: datetime) -> HttpResponse:
    """An Excel file of at most `MOST_ROWS` matters, newest first."""
    listed = list(matters_for_list(matters).order_by("-id")[:MOST_ROWS])
    headings = [
        _("Number"), _("State"), _("Matter"), _("Matter in the catalogue"), _("Area"), _("What happens"),
        _("Raised"), _("Lead unit"), _("Basis of the ruling"), _("Rule"), _("Cases carried"), _("Due"),
    ]  # fmt: skip
    lines = [
        [
            row.matter.number, row.matter.get_state_display(), row.matter.title, row.item, row.place,
            row.matter.text, local_time_filter(row.matter.raised_at),
            row.matter.lead.name if row.matter.lead else "", row.matter.basis, row.matter.rule_id,
            row.matter.carried, local_time_filter(row.matter.due_at),
        ]
        for row in matter_rows(listed, by, now)
    ]  # fmt: skip
    sheet = _sheet("unowned", _("No-lead matters"), headings, lines, now)
    return take_out(sheet, verb="unowned.exported", by=by, now=now)


def _sheet(
    name: str, title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]], now: datetime
) -> Sheet:
    return Sheet(stamped(name, now), title, headings, rows, cut=len(rows) == MOST_ROWS)
