"""Rules of responsibility from a table: everything wrong is reported, and then nothing is written."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Organisation
from config.refusal import Refused
from config.tables import Defect, Row, read_rows
from incidents.models import ResponsibilityRule
from incidents.responsibility_rules import (
    PRIORITIES,
    Wording,
    add_rules,
    known_areas,
    known_item_codes,
    wording_of,
)

COLUMNS: dict[str, tuple[str, ...]] = {
    "item_code": ("事项编码", "事项代码", "item"),
    "area_code": ("区域编码", "区域代码", "area"),
    "organisation": ("单位编码", "单位", "责任单位", "unit"),
    "priority": ("优先级",),
    "valid_from": ("生效日期", "from"),
    "valid_to": ("失效日期", "截止日期", "until"),
    "note": ("备注",),
}
NEEDED = ("item_code", "area_code", "organisation")
_ANY = frozenset({"", "*", "＊", "any", "全部", "所有"})


@dataclass
class RulesRead:
    """A table of rules as read: `fresh` would be written, `there` exist already."""

    rows: int = 0
    fresh: list[tuple[int, Wording]] = field(default_factory=list)
    there: int = 0
    problems: list[Defect] = field(default_factory=list)


def read_rules(data: bytes, *, today: date) -> RulesRead:
    """Read a table of rules and check it whole: unknown items, areas and units, bad dates, ties within the file and
    with the rules that exist. Rows without a first day begin `today` (local). Raises Refused where the file
    is no table."""
    rows = read_rows(data, COLUMNS, NEEDED)
    read = RulesRead(rows=len(rows))
    register = _Register(rows)
    for row in rows:
        wording = _wording(row, register, today, read)
        if wording is not None:
            read.fresh.append((row.number, wording))
    _against_each_other(read)
    _against_the_stored(read)
    return read


def import_rules(*, read: RulesRead, by: Actor, now: datetime) -> list[ResponsibilityRule]:
    """Write what was read, all or none. Raises Refused `rules_unsound` where there is any problem."""
    if read.problems:
        raise Refused(
            "rules_unsound",
            _("%(count)s rows are wrong. Nothing was written; mend them and import again.")
            % {"count": len({problem.row for problem in read.problems})},
            field="file",
        )
    return add_rules(wordings=[wording for _row, wording in read.fresh], by=by, now=now)


class _Register:
    """What the rows may name, read once for the whole table."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.items = known_item_codes()
        self.areas = known_areas({row["area_code"].strip() for row in rows})
        self._by_code: dict[str, Organisation] = {}
        self._by_name: dict[str, list[Organisation]] = defaultdict(list)
        for organisation in Organisation.objects.all():
            self._by_code[organisation.code] = organisation
            self._by_name[organisation.name].append(organisation)

    def unit(self, text: str) -> Organisation:
        """The organisation with this code or, where only one has it, this name. Raises ValueError in words."""
        found = self._by_code.get(text)
        if found is None:
            named = self._by_name.get(text, [])
            if len(named) > 1:
                raise ValueError(_("Several organisations have this name; give the code."))
            if not named:
                raise ValueError(_("There is no such organisation."))
            found = named[0]
        if not found.active:
            raise ValueError(_("This organisation is not active any more."))
        return found


def _wording(row: Row, register: _Register, today: date, read: RulesRead) -> Wording | None:
    cells = {name: row[name].strip() for name in COLUMNS}
    before = len(read.problems)
    item_code = "" if cells["item_code"].lower() in _ANY else cells["item_code"]
    area_code = "" if cells["area_code"].lower() in _ANY else cells["area_code"]

    def wrong(column: str, sentence: str | Promise) -> None:
        read.problems.append(Defect(row.number, COLUMNS[column][0], cells[column], sentence))

    if item_code and item_code not in register.items:
        wrong("item_code", _("No edition of the catalogue has this item, subclass or class."))
    if area_code and area_code not in register.areas:
        wrong("area_code", _("There is no area in use with this code."))
    unit = None
    try:
        unit = register.unit(cells["organisation"])
    except ValueError as error:
        wrong("organisation", error.args[0])
    values = _values(cells, today, wrong)
    if unit is None or values is None or len(read.problems) > before:
        return None
    priority, first, last = values
    return Wording(
        item_code=item_code,
        area_code=area_code,
        organisation=unit,
        priority=priority,
        valid_from=first,
        valid_to=last,
        note=cells["note"][:200],
    )


def _values(
    cells: Mapping[str, str], today: date, wrong: Callable[[str, str | Promise], None]
) -> tuple[int, date, date | None] | None:
    priority = _whole(cells["priority"] or "0")
    if priority is None or priority not in PRIORITIES:
        wrong("priority", _("The priority must be a whole number between -1000 and 1000."))
        return None
    days: list[date | None] = []
    for column in ("valid_from", "valid_to"):
        day = _day(cells[column]) if cells[column] else None
        if cells[column] and day is None:
            wrong(column, _("This is no date; write it as 2026-01-31."))
            return None
        days.append(day)
    first, last = days[0] or today, days[1]
    if last is not None and last < first:
        wrong("valid_to", _("The last day lies before the first."))
        return None
    return priority, first, last


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    parts = text.replace("/", "-").replace(".", "-").split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def _against_each_other(read: RulesRead) -> None:
    groups: dict[tuple[str, str, int], list[tuple[int, Wording]]] = defaultdict(list)
    kept: list[tuple[int, Wording]] = []
    for row, wording in read.fresh:
        group = groups[wording.key]
        tied = next(((r, w) for r, w in group if wording.ties(w)), None)
        if tied is not None:
            _note_tie(read, row, wording, _("row %(row)s") % {"row": tied[0]}, tied[1])
        elif any(wording.repeats(w) for _r, w in group):
            read.there += 1
        else:
            group.append((row, wording))
            kept.append((row, wording))
    read.fresh = kept


def _against_the_stored(read: RulesRead) -> None:
    stored: dict[tuple[str, str, int], list[ResponsibilityRule]] = defaultdict(list)
    for rule in ResponsibilityRule.objects.select_related("organisation"):
        stored[rule.item_code, rule.area_code, rule.priority].append(rule)
    kept: list[tuple[int, Wording]] = []
    for row, wording in read.fresh:
        beside = stored[wording.key]
        tied = next((r for r in beside if wording.ties(wording_of(r))), None)
        if tied is not None:
            name = _("rule %(rule)s") % {"rule": tied.pk}
            _note_tie(read, row, wording, name, wording_of(tied))
        if any(wording.repeats(wording_of(rule)) for rule in beside):
            read.there += 1
        else:
            kept.append((row, wording))
    read.fresh = kept


def _note_tie(
    read: RulesRead, row: int, wording: Wording, with_what: str | Promise, other: Wording
) -> None:
    sentence = _(
        "Ties with %(other)s: same item, area and priority at the same time, but another unit (%(unit)s)."
    ) % {"other": with_what, "unit": other.organisation.shown_name}
    text = f"{wording.item_code or '*'} × {wording.area_code or '*'} → {wording.organisation.code}"
    read.problems.append(Defect(row, COLUMNS["organisation"][0], text, sentence))
