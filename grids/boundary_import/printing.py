"""The report of an examination as a table for the eye, and as CSV or JSON for other programs."""

import csv
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from django.utils.translation import gettext as _

from grids.boundary_import.findings import (
    KIND_NAMES,
    Finding,
    Kind,
    Outcome,
    Report,
)
from grids.models import Level


def lines(report: Report) -> Iterator[str]:
    """The report as lines of text: what was read, each finding in a table, and the totals."""
    yield _("%(file)s, layer %(layer)s: %(features)d features at level %(level)s, from %(crs)s") % {
        "file": report.file,
        "layer": report.layer,
        "features": report.features,
        "level": Level(report.level).label,
        "crs": report.crs,
    }
    yield _("Codes from the field “%(codes)s”, names from “%(names)s”.") % {
        "codes": report.code_field,
        "names": report.name_field or "—",
    }
    yield ""
    yield from _table(report.findings)
    yield ""
    yield from _totals(report)


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    head = [_("Defect"), _("Code"), _("Name"), _("What was found"), _("What was done")]
    rows = [
        [str(KIND_NAMES[f.kind]), f.code, f.name, f.found + _where(f), f.done] for f in findings
    ]
    if not rows:
        yield _("No defect was found.")
        return
    widths = [max(_width(row[i]) for row in [head, *rows]) for i in range(len(head) - 1)]
    for row in [head, ["─" * width for width in widths] + ["─" * _width(head[-1])], *rows]:
        yield "  ".join([*(_padded(c, w) for c, w in zip(row, widths, strict=False)), row[-1]])


def _where(finding: Finding) -> str:
    if finding.lon is None or finding.lat is None:
        return ""
    return f" ({finding.lon:.5f}, {finding.lat:.5f})"


def _totals(report: Report) -> Iterator[str]:
    for kind, count in sorted(Counter(f.kind for f in report.findings).items(), key=_order):
        yield f"{count:>6}  {KIND_NAMES[kind]}"
    out = {f.feature for f in report.findings if f.outcome is Outcome.LEFT_OUT}
    yield _("%(taken)d boundaries are sound, %(out)d of %(features)d features are left out.") % {
        "taken": report.taken,
        "out": len(out),
        "features": report.features,
    }


def _order(counted: tuple[Kind, int]) -> int:
    return list(Kind).index(counted[0])


def _width(text: str) -> int:
    """Columns in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def write_report(report: Report, path: Path) -> None:
    """The findings as `.json` (with the head of the report) or as CSV for a spreadsheet (UTF-8 with a mark)."""
    rows = [finding.row() for finding in report.findings]
    if path.suffix.lower() == ".json":
        head = {f.name: getattr(report, f.name) for f in fields(report) if f.name != "findings"}
        text = json.dumps({**head, "findings": rows}, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(Finding)])
        writer.writeheader()
        writer.writerows(rows)
