"""A list of targets is read whole: every defect is reported, and only then is anything written.

A list comes pasted (name, address, to whom), or as a table with headings out of CSV or Excel. Each target finds its
assignment: by the organisation or area that its line names, by its point, or because there is only one.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.choices import TargetKind
from campaigns.models import Assignment, Campaign, Target
from config.refusal import Refused
from config.tables import Defect, Row, read_rows
from grids.locate import locate
from grids.models import Area, Level

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("名称", "单位名称", "企业名称", "户名", "对象"),
    "address": ("地址", "详细地址"),
    "to": ("归属", "网格编码", "区域编码", "承接单位", "单位编码", "to"),
    "kind": ("类别", "类型"),
    "lon": ("经度", "lng", "longitude"),
    "lat": ("纬度", "latitude"),
}
NEEDED = ("name",)
PASTED = ("name", "address", "to", "kind", "lon", "lat")
LONGEST = {"name": 120, "address": 200}
MOST_TOLD = 200  # defects that are told one by one
_KINDS: dict[str, TargetKind] = {
    "": TargetKind.FIRM,
    "场所": TargetKind.PLACE,
    "企业": TargetKind.FIRM,
    "单位": TargetKind.FIRM,
    "商户": TargetKind.FIRM,
    "住户": TargetKind.HOME,
    "户": TargetKind.HOME,
    "网格": TargetKind.GRID,
    **{kind.value: kind for kind in TargetKind},
}


@dataclass
class ListRead:
    """A list as it was read: `fresh` would be written, `there` are listed already. Beyond `MOST_TOLD` defects
    the others are counted in `untold`."""

    fresh: list[Target] = field(default_factory=list)
    there: int = 0
    problems: list[Defect] = field(default_factory=list)
    untold: int = 0

    def wrong(self, row: int, text: str, sentence: str | Promise) -> None:
        if len(self.problems) < MOST_TOLD:
            self.problems.append(Defect(row, "", text, sentence))
        else:
            self.untold += 1

    @property
    def by_assignment(self) -> list[tuple[Assignment, int]]:
        """How many fresh targets each assignment would get."""
        counts = Counter(one.assignment_id for one in self.fresh)
        found = {one.assignment_id: one.assignment for one in self.fresh}
        return [(found[pk], counts[pk]) for pk in sorted(counts)]


def told(defect: Defect) -> str:
    """A defect as one sentence that names its line."""
    shown = f"“{defect.text[:30]}”: " if defect.text else ""
    return _("Line %(row)s: %(what)s") % {
        "row": defect.row,
        "what": f"{shown}{defect.sentence}",
    }


def as_lines(data: bytes) -> str:
    """A file (CSV or Excel) as the text that stands in the form, with its headings. Raises Refused."""
    rows = read_rows(data, COLUMNS, NEEDED)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS[name][0] for name in PASTED)
    writer.writerows([row[name].strip() for name in PASTED] for row in rows)
    return out.getvalue()


def read_targets(campaign: Campaign, text: str, *, every_grid: bool = False) -> ListRead:
    """Read a list for a campaign and check it whole."""
    read, finder = ListRead(), _Finder(campaign)
    if text.strip():
        for row in _rows(text, read):
            _take(row, finder, read)
    if every_grid:
        for grid in finder.grids:
            _take(grid, finder, read)
    _leave_out_listed(campaign, read)
    return read


def _rows(text: str, read: ListRead) -> list[Row]:
    """The rows of a pasted list, whether it has headings or not; out of a spreadsheet, columns come with tabs."""
    lines = list(_cells(text))
    bare = io.StringIO()
    writer = csv.writer(bare, lineterminator="\n")
    writer.writerows(lines)
    try:
        return read_rows(bare.getvalue().encode(), COLUMNS, NEEDED)
    except Refused as refused:
        if refused.code != "no_header":
            read.wrong(1, "", refused.sentence)
            return []
    return [
        Row(number, dict(zip(PASTED, cells, strict=False)))
        for number, cells in enumerate(lines, 1)
        if any(cell.strip() for cell in cells)
    ]


def _cells(text: str) -> Iterator[list[str]]:
    mark = "\t" if "\t" in text.split("\n", 1)[0] else ","
    reading = text.replace("，", ",") if mark == "," else text
    yield from csv.reader(io.StringIO(reading, newline=""), delimiter=mark)


class _Finder:
    """The assignments of a campaign, by what a line may name."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.assignments: Sequence[Assignment] = [
            one
            for one in campaign.assignments.select_related("unit")
            if one.state not in ("cancelled", "accepted", "delisted")
        ]
        self.seen: dict[str, int] = {}

    @cached_property
    def by_unit(self) -> Mapping[str, list[Assignment]]:
        found: dict[str, list[Assignment]] = {}
        for one in self.assignments:
            if one.unit is not None:
                for name in {one.unit.code, one.unit.name}:
                    found.setdefault(name, []).append(one)
        return found

    @cached_property
    def by_area(self) -> Mapping[str, Assignment]:
        return {one.area_code: one for one in self.assignments if one.unit_id is None}

    @cached_property
    def areas(self) -> frozenset[str]:
        known = Area.objects.subtree(self.campaign.area_code).active()
        return frozenset(known.values_list("code", flat=True))

    @cached_property
    def grids(self) -> list[Row]:
        """Every grid of the area as a row of a list."""
        found = Area.objects.subtree(self.campaign.area_code).active().at(Level.GRID).listed()
        return [
            Row(0, {"name": grid.name, "address": grid.code, "to": grid.code, "kind": "grid"})
            for grid in found.order_by("code")
        ]

    def of_area(self, code: str) -> Assignment | None:
        """The assignment to the smallest area around this one."""
        above = (code[:length] for length in range(len(code), 0, -1))
        return next((self.by_area[one] for one in above if one in self.by_area), None)

    def only_one(self) -> Assignment | None:
        return self.assignments[0] if len(self.assignments) == 1 else None


def key_of(name: str, address: str) -> str:
    """Name and address without spaces, marks and the width of letters."""
    bare = re.sub(r"[\s\-—_,.;:，。、；：()（）#号]", "", f"{name}|{address}")
    return bare.translate({0xFF01 + i: 0x21 + i for i in range(94)}).lower()[:330]


def _take(row: Row, finder: _Finder, read: ListRead) -> None:
    before = len(read.problems) + read.untold
    name, address = row["name"].strip(), row["address"].strip()

    def wrong(sentence: str | Promise) -> None:
        read.wrong(row.number, name, sentence)

    if not name:
        wrong(_("The name is missing."))
    for label, value, most in (
        (_("Name"), name, LONGEST["name"]),
        (_("Address"), address, LONGEST["address"]),
    ):
        if len(value) > most:
            wrong(
                _("%(what)s is too long: at most %(most)s characters.")
                % {"what": label, "most": most}
            )
    kind = _KINDS.get(row["kind"].strip().lower())
    if kind is None:
        wrong(_("The kind is one of: place, firm, household, grid."))
    point = _point(row, wrong)
    assignment, area_code = _where(row["to"].strip(), point, finder, wrong)
    key = key_of(name, address)
    if key in finder.seen and name:
        wrong(_("The same as line %(row)s.") % {"row": finder.seen[key]})
    finder.seen.setdefault(key, row.number)
    if len(read.problems) + read.untold > before or assignment is None or kind is None:
        return
    lon, lat = point or (None, None)
    read.fresh.append(
        Target(
            campaign=finder.campaign, assignment=assignment, area_code=area_code, kind=kind, name=name,
            address=address, lon=lon, lat=lat, key=key,
        )
    )  # fmt: skip


Wrong = Callable[[str | Promise], None]


def _point(row: Row, wrong: Wrong) -> tuple[float, float] | None:
    typed = (row["lon"].strip(), row["lat"].strip())
    if not any(typed):
        return None
    try:
        lon, lat = (float(one) for one in typed)
    except ValueError:
        wrong(gettext_lazy("Longitude and latitude are numbers, and both are needed."))
        return None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        wrong(
            gettext_lazy("This is no place on earth: longitude first, then latitude, in degrees.")
        )
        return None
    return lon, lat


def _where(
    to: str, point: tuple[float, float] | None, finder: _Finder, wrong: Wrong
) -> tuple[Assignment | None, str]:
    """The assignment that gets it, and the most exact area known."""
    grid = (locate(*point).grid_code or "") if point else ""
    if to in finder.by_unit:
        named = finder.by_unit[to]
        if len(named) > 1:
            wrong(_("Several tasks go to this organisation; name the area instead."))
        return named[0], grid or named[0].area_code
    if to and not to.split(" ", maxsplit=1)[0].isdigit():
        wrong(_("Nobody in this campaign is called “%(to)s”.") % {"to": to[:40]})
        return None, ""
    area_code = to.split(" ", maxsplit=1)[0] or grid
    if area_code and to and area_code not in finder.areas:
        wrong(
            _("There is no area %(code)s in use in the campaign's area.") % {"code": area_code[:15]}
        )
        return None, ""
    assignment = finder.of_area(area_code) if area_code else None
    assignment = assignment or finder.only_one()
    if assignment is None:
        wrong(
            _("It belongs to nobody to whom the campaign goes: name the area or the organisation.")
        )
        return None, ""
    return assignment, area_code or assignment.area_code


def _leave_out_listed(campaign: Campaign, read: ListRead) -> None:
    """What the campaign lists already is no defect: it is simply there."""
    known = set(campaign.targets.values_list("key", flat=True))
    fresh = [one for one in read.fresh if one.key not in known]
    read.there = len(read.fresh) - len(fresh)
    read.fresh = fresh
