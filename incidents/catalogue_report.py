"""The report of an import in words: the same lines for the command and for the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clocks.choices import AllowanceKind
from incidents.catalogue_limit_text import unclear_words
from incidents.catalogue_reading import FATAL, Odd, Oddity

_FIGURES: dict[str, Promise] = {
    "rows": gettext_lazy("Rows"),
    "classes": gettext_lazy("Classes"),
    "subclasses": gettext_lazy("Subclasses"),
    "items": gettext_lazy("Items"),
    "limits": gettext_lazy("Limits"),
    "urgent": gettext_lazy("Urgent limits"),
    "several_limits": gettext_lazy("Items with several limits by condition"),
    "self_handle": gettext_lazy("Items that may be self-handled"),
    "handling_units": gettext_lazy("Handling units"),
    "supervising_units": gettext_lazy("Supervising units"),
    "needs_person": gettext_lazy("Limits that wait for a person"),
    "assumed": gettext_lazy("Limits read by an assumption"),
    "odd": gettext_lazy("Odd places"),
}
_COLUMNS: dict[str, Promise] = {
    "limit_text": gettext_lazy("limit"),
    "filing_condition": gettext_lazy("filing condition"),
    "closing_condition": gettext_lazy("closing condition"),
    "small_name": gettext_lazy("item"),
    "item_zh": gettext_lazy("item"),
    "handling_unit": gettext_lazy("handling units"),
    "handling_units": gettext_lazy("handling units"),
    "supervising_unit": gettext_lazy("supervising units"),
    "supervising_units": gettext_lazy("supervising units"),
}


@dataclass(frozen=True)
class Finding:
    """An odd place in words."""

    what: str
    row: int
    column: str
    text: str
    note: str
    fatal: bool


def figures(report: Mapping[str, Any]) -> list[tuple[str, int]]:
    """(label, number) of everything counted that is not nothing."""
    counts = report.get("counts", {})
    return [(str(label), counts[key]) for key, label in _FIGURES.items() if counts.get(key)]


def kinds(report: Mapping[str, Any]) -> list[tuple[str, int]]:
    """(kind of allowance in words, number of limits)."""
    return [
        (str(AllowanceKind(kind).label) if kind else _("waits for a person"), number)
        for kind, number in report.get("kinds", {}).items()
    ]


def assumption(report: Mapping[str, Any]) -> str:
    """How bare days and hours were read, as a sentence; empty where the file has none."""
    if not report.get("counts", {}).get("assumed"):
        return ""
    return _(
        "The standard says neither working nor continuous: “天” was read as %(days)s, “小时” as %(hours)s."
    ) % {
        "days": AllowanceKind(report["days_are"]).label,
        "hours": AllowanceKind(report["hours_are"]).label,
    }


def findings(report: Mapping[str, Any]) -> list[Finding]:
    """Every odd place, what stands against importing first, then in the order of the file."""
    odd = [Oddity.kept(stored) for stored in report.get("oddities", [])]
    odd.sort(key=lambda o: (o.odd not in FATAL, o.odd != Odd.LIMIT, o.row))
    return [
        Finding(
            str(o.odd.label),
            o.row,
            str(_COLUMNS.get(o.column, o.column)),
            o.text,
            unclear_words(o.note) if o.odd == Odd.LIMIT else o.note,
            o.odd in FATAL,
        )
        for o in odd
    ]


def lines(report: Mapping[str, Any]) -> Iterator[str]:
    """The whole report as plain lines."""
    for label, number in figures(report):
        yield f"{number:>6}  {label}"
    for label, number in kinds(report):
        yield f"{number:>6}    · {label}"
    if sentence := assumption(report):
        yield sentence
    for found in findings(report):
        place = _("row %(row)s") % {"row": found.row} if found.row else _("whole file")
        note = f" — {found.note}" if found.note else ""
        text = " ".join(found.text.split())
        yield f"{'!' if found.fatal else '·'} {place} {found.column} “{text}”{note}: {found.what}"
