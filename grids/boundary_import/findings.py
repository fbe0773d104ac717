"""What an examination finds: one row per defect, with the feature's name and what is done about it."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """Kinds of finding. Stable codes: they stand in exported reports."""

    UNREADABLE = "unreadable_geometry"
    EMPTY = "empty_geometry"
    WRONG_TYPE = "wrong_type"
    UNCLOSED = "unclosed_ring"
    INVALID = "invalid_ring"
    Z_VALUES = "z_values"
    SWAPPED = "swapped_axes"
    NOT_DEGREES = "not_degrees"
    OUTSIDE_CHINA = "outside_china"
    NO_CODE = "no_code"
    MALFORMED_CODE = "malformed_code"
    UNKNOWN_CODE = "unknown_code"
    RETIRED_CODE = "retired_code"
    DUPLICATE_CODE = "duplicate_code"
    NAME_DIFFERS = "name_differs"
    NO_POLYGON = "no_polygon"
    OVERLAP = "overlap"
    GAP = "gap"
    OUTSIDE_PARENT = "outside_parent"
    NO_PARENT_BOUNDARY = "no_parent_boundary"
    SEVERAL_PARTS = "several_parts"
    CODE_TRIMMED = "code_trimmed"
    REPROJECTED = "reprojected"
    BELOW_TOLERANCE = "below_tolerance"
    STALE_CHILDREN = "stale_children"


KIND_NAMES: dict[Kind, Promise] = {
    Kind.UNREADABLE: _("Unreadable geometry"),
    Kind.EMPTY: _("No geometry"),
    Kind.WRONG_TYPE: _("Not a polygon"),
    Kind.UNCLOSED: _("Ring not closed"),
    Kind.INVALID: _("Invalid ring"),
    Kind.Z_VALUES: _("Heights"),
    Kind.SWAPPED: _("Latitude before longitude"),
    Kind.NOT_DEGREES: _("Not in degrees"),
    Kind.OUTSIDE_CHINA: _("Outside China"),
    Kind.NO_CODE: _("No code"),
    Kind.MALFORMED_CODE: _("Malformed code"),
    Kind.UNKNOWN_CODE: _("Code not in the divisions"),
    Kind.RETIRED_CODE: _("Retired code"),
    Kind.DUPLICATE_CODE: _("Duplicate code"),
    Kind.NAME_DIFFERS: _("Other name"),
    Kind.NO_POLYGON: _("Division without polygon"),
    Kind.OVERLAP: _("Overlap"),
    Kind.GAP: _("Gap"),
    Kind.OUTSIDE_PARENT: _("Outside its parent"),
    Kind.NO_PARENT_BOUNDARY: _("Parent without boundary"),
    Kind.SEVERAL_PARTS: _("Several parts"),
    Kind.CODE_TRIMMED: _("Code shortened"),
    Kind.REPROJECTED: _("Reprojected"),
    Kind.BELOW_TOLERANCE: _("Below tolerance"),
    Kind.STALE_CHILDREN: _("Synthetic areas inside"),
}


class Outcome(StrEnum):
    """What happens to the feature a finding is about."""

    LEFT_OUT = "left_out"
    REPAIRED = "repaired"
    KEPT = "kept"
    MISSING = "missing"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One defect of one feature (or pair, or gap). `amount` is in m² where it is an area.

    `feature` is the feature's number in the file, from 1; 0 where the finding is about none of them.
    `lon`, `lat` (WGS 84) is a point to look at.
    """

    kind: Kind
    outcome: Outcome
    found: str
    done: str
    feature: int = 0
    code: str = ""
    name: str = ""
    other_code: str = ""
    other_name: str = ""
    amount: float | None = None
    share: float | None = None
    lon: float | None = None
    lat: float | None = None

    def row(self) -> dict[str, Any]:
        """The finding as one flat row for CSV and JSON; numbers rounded to what they are worth."""
        row = asdict(self)
        row["kind"], row["outcome"] = str(self.kind), str(self.outcome)
        for name, digits in (("amount", 2), ("share", 6), ("lon", 7), ("lat", 7)):
            if row[name] is not None:
                row[name] = round(row[name], digits)
        return row


@dataclass
class Report:
    """All findings of one examination, and the totals that stand above them."""

    file: str
    level: str
    crs: str
    layer: str = ""
    code_field: str = ""
    name_field: str = ""
    features: int = 0
    taken: int = 0
    findings: list[Finding] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Finding]:
        return [finding for finding in self.findings if finding.kind is kind]

    def sort(self) -> None:
        order = {kind: i for i, kind in enumerate(Kind)}
        self.findings.sort(key=lambda f: (order[f.kind], f.code, f.other_code, f.feature))
