"""The centre, 54 departments and units, and a sub-centre in each subdistrict."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.actor import SYSTEM
from accounts.models import Organisation
from accounts.organisations import OrganisationFacts, create_organisation
from grids.models import Area, Level

TABLE = Path(__file__).with_name("organisations.csv")


def make_organisations(now: datetime) -> None:
    """Create them all by the action that administrators use."""
    made: dict[str, Organisation] = {}
    for code, facts in _rows():
        parents: dict[str, Any] = {
            side: made[facts[side]].pk if facts[side] else None
            for side in ("administrative_parent", "professional_parent")
        }
        words: dict[str, Any] = {k: v for k, v in facts.items() if k not in parents}
        made[code] = create_organisation(
            code, OrganisationFacts(**(words | parents)), by=SYSTEM, now=now
        )
    _make_subdistricts(made["HX-CENTRE"], now)


def _rows() -> Iterator[tuple[str, dict[str, str]]]:
    """The table, parents before children."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        waiting = {row.pop("code"): row for row in csv.DictReader(file)}
    known = {""}
    while waiting:
        ready = [
            code
            for code, row in waiting.items()
            if {row["administrative_parent"], row["professional_parent"]} <= known
        ]
        for code in ready:
            yield code, waiting.pop(code)
            known.add(code)


def _make_subdistricts(centre: Organisation, now: datetime) -> None:
    """Each subdistrict's office, which handles what is its own, and its sub-centre."""
    for area in Area.objects.filter(level=Level.SUBDISTRICT).order_by("code"):
        short, english = area.name.removesuffix("街道"), area.name_en
        office = create_organisation(
            f"HX-S{area.code[6:]}",
            OrganisationFacts(
                name=f"{short}街道办事处",
                name_en=f"{english} Office",
                kind="subdistrict",
                department_kind="subdistrict",
                area_code=area.code,
                administrative_parent=centre.pk,
            ),
            by=SYSTEM,
            now=now,
        )
        create_organisation(
            f"HX-Z{area.code[6:]}",
            OrganisationFacts(
                name=f"{short}街道综合治理分中心",
                name_en=f"{english} Sub-centre",
                kind="centre",
                area_code=area.code,
                administrative_parent=office.pk,
                professional_parent=centre.pk,
            ),
            by=SYSTEM,
            now=now,
        )
