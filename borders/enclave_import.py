"""Many enclaves from a table: everything wrong is reported, and then nothing is written."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Organisation
from borders.models import Enclave
from borders.raising import demand
from borders.registering import enter, place, post_over
from config.refusal import Refused
from config.tables import Defect, Row, read_rows
from incidents.responsibility_rules import known_areas

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("点位名称", "飞地名称", "名称"),
    "reference": ("原编号", "编号"),
    "owner": ("权属单位", "移交单位"),
    "area": ("所在区域编码", "区域编码"),
    "lon": ("经度",),
    "lat": ("纬度",),
    "address": ("地址", "坐落"),
    "population": ("人口", "居民人数"),
    "households": ("户数",),
    "area_m2": ("面积", "面积（平方米）", "占地面积"),
    "text": ("情况说明", "问题说明", "备注"),
}
NEEDED = ("name", "owner")
_LONGEST = {"name": 120, "reference": 40, "address": 200, "text": 2000}
_WHOLE = ("population", "households", "area_m2")
Wrong = Callable[[str, "str | Promise"], None]


@dataclass
class EnclavesRead:
    """A table as read: `fresh` would be written, `there` are in the register already (same former number)."""

    rows: int = 0
    fresh: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    there: int = 0
    problems: list[Defect] = field(default_factory=list)


def read_file(data: bytes, *, by: Actor) -> EnclavesRead:
    """Read a CSV or Excel table. Raises Refused where the file is no table, PermissionDenied."""
    return check_rows(read_rows(data, COLUMNS, NEEDED), by=by)


def check_rows(rows: Sequence[Row], *, by: Actor) -> EnclavesRead:
    """Check rows whole: units, areas, places, numbers, repetitions within the table and in the register."""
    demand(by)
    register = _Register(rows)
    read = EnclavesRead(rows=len(rows))
    for row in rows:
        _check(row, register, by, read)
    return read


class _Register:
    """What the rows may name, read once for the whole table."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.areas = known_areas({row["area"].strip() for row in rows})
        self._units: dict[str, list[Organisation]] = defaultdict(list)
        for unit in Organisation.objects.filter(active=True):
            for name in {unit.code, unit.name}:
                self._units[name].append(unit)
        references = [row["reference"].strip() for row in rows]
        known = Enclave.objects.filter(reference__in=[r for r in references if r])
        self.references = set(known.values_list("reference", flat=True))
        self.seen: dict[str, int] = {}
        names = Enclave.objects.filter(name__in=[row["name"].strip() for row in rows])
        self.names = set(names.exclude(state="struck").values_list("name", "area_code"))

    def unit(self, text: str) -> Organisation:
        """The active unit of this code or, where only one has it, this name. Raises ValueError in words."""
        found = self._units.get(text, [])
        if len(found) > 1:
            raise ValueError(_("Several organisations have this name; give the code."))
        if not found:
            raise ValueError(_("There is no active organisation with this code or name."))
        return found[0]


def _check(row: Row, register: _Register, by: Actor, read: EnclavesRead) -> None:
    cells = {name: row[name].strip() for name in COLUMNS}
    before = len(read.problems)

    def wrong(column: str, sentence: str | Promise) -> None:
        read.problems.append(Defect(row.number, COLUMNS[column][0], cells[column], sentence))

    if cells["reference"] in register.references:
        read.there += 1
        return
    facts = _facts(cells, register, wrong)
    _check_once(row.number, cells, register, wrong)
    if len(read.problems) > before:
        return
    try:
        found = _placed(facts, by)
    except Refused as refused:
        wrong(refused.field if refused.field in COLUMNS else "area", str(refused))
        return
    if (found.name, found.area_code) in register.names:
        wrong("name", _("An enclave of this name is registered there already."))
        return
    register.names.add((found.name, found.area_code))
    read.fresh.append((row.number, facts))


def _facts(cells: Mapping[str, str], register: _Register, wrong: Wrong) -> dict[str, Any]:
    facts: dict[str, Any] = dict(cells, boundary=None)
    for column, most in _LONGEST.items():
        if len(cells[column]) > most:
            wrong(column, _("Too long: at most %(most)s characters.") % {"most": most})
    if not cells["name"]:
        wrong("name", _("Say what the place is called."))
    try:
        facts["owner"] = register.unit(cells["owner"])
    except ValueError as error:
        wrong("owner", error.args[0])
    if cells["area"] and cells["area"] not in register.areas:
        wrong("area", _("There is no area in use with this code."))
    for column in _WHOLE:
        facts[column] = _whole(cells[column], column, wrong)
    facts |= _point(cells, wrong)
    return facts


def _whole(text: str, column: str, wrong: Wrong) -> int | None:
    if not text:
        return None
    try:
        number = round(float(text.replace(",", "").replace("，", "")))
        if 0 <= number <= 2_000_000_000:
            return number
    except (ValueError, OverflowError):
        pass
    wrong(column, _("This must be a whole number, not below zero."))
    return None


def _point(cells: Mapping[str, str], wrong: Wrong) -> dict[str, float | None]:
    """Longitude and latitude, both or neither."""
    point: dict[str, float | None] = {"lon": None, "lat": None}
    for column, most in (("lon", 180), ("lat", 90)):
        if not cells[column]:
            continue
        try:
            value = float(cells[column])
        except ValueError:
            value = float("nan")
        if not -most <= value <= most:
            wrong(column, _("This must be degrees (WGS 84), for example 117.2231 and 39.1045."))
            return {"lon": None, "lat": None}
        point[column] = value
    if (point["lon"] is None) != (point["lat"] is None):
        wrong("lat", _("A point needs both longitude and latitude."))
    return point


def _check_once(number: int, cells: Mapping[str, str], register: _Register, wrong: Wrong) -> None:
    reference = cells["reference"]
    if reference and reference in register.seen:
        wrong(
            "reference",
            _("Row %(row)s has the same number.") % {"row": register.seen[reference]},
        )
    elif reference:
        register.seen[reference] = number


def _placed(facts: Mapping[str, Any], by: Actor) -> Enclave:
    """The enclave as it would be written, to see whether its place will do. Raises Refused."""
    trial = Enclave()
    place(trial, facts)
    post_over(by, trial.area_code)
    return trial


@transaction.atomic
def import_enclaves(*, read: EnclavesRead, by: Actor, now: datetime) -> list[Enclave]:
    """Write what was read, all or none. Raises Refused `enclaves_unsound` where there is any problem."""
    demand(by)
    if read.problems:
        raise Refused(
            "enclaves_unsound",
            _("%(count)s rows are wrong. Nothing was written; mend them and import again.")
            % {"count": len({problem.row for problem in read.problems})},
            field="file",
        )
    return [enter(facts, by=by, now=now, imported=True) for _row, facts in read.fresh]
