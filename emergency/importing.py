"""Enrolling many people out of a table (CSV or Excel): every defect is reported before anything is written.

One row is one enrolment. All rows are written in one transaction, or none.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from accounts.actor import Actor
from accounts.roles import May
from accounts.workbook.guard import refuse_unless_workbook
from config.refusal import Refused
from emergency.choices import EnrolmentKind, EnrolmentState, Per, Skill
from emergency.enrolling import demand_permission, drawn_up, write_enrolments
from emergency.models import Enrolment
from emergency.step_forms import EnrolFacts, areas_below

MOST_ROWS, MOST_BYTES = 5000, 2**20

# The columns: field of the form, Chinese heading, English heading.
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("username", "账号", "user name"),
    ("name", "姓名", "name"),
    ("phone", "手机号", "phone"),
    ("area", "区域代码", "area code"),
    ("kind", "类别", "kind"),
    ("skills", "技能", "skills"),
    ("required_hours", "要求学时", "hours required"),
    ("required_per", "周期", "for each"),
    ("valid_from", "开始日期", "from"),
    ("valid_to", "结束日期", "until"),
)
_NEEDED = {"area", "kind", "valid_from"}
# Chinese words for what is stored as a code; the codes themselves are taken too.
WORDS: dict[str, dict[str, str]] = {
    "kind": {
        "人大代表": EnrolmentKind.DEPUTY,
        "党代表": EnrolmentKind.DELEGATE,
        "政协委员": EnrolmentKind.CONSULTATIVE,
        "双报到党员": EnrolmentKind.PARTY_MEMBER,
        "党员": EnrolmentKind.PARTY_MEMBER,
        "下沉干部": EnrolmentKind.CADRE,
        "志愿者": EnrolmentKind.VOLUNTEER,
        "专业人员": EnrolmentKind.PROFESSIONAL,
    },
    "required_per": {"月": Per.MONTH, "每月": Per.MONTH, "年": Per.YEAR, "每年": Per.YEAR},
    "skills": {
        "医护": Skill.MEDIC,
        "急救": Skill.FIRST_AID,
        "心理疏导": Skill.COUNSELLOR,
        "电工": Skill.ELECTRICIAN,
        "水暖工": Skill.PLUMBER,
        "机械操作": Skill.MACHINE,
        "驾驶": Skill.DRIVER,
        "救援": Skill.RESCUE,
        "调解": Skill.MEDIATION,
        "计算机通信": Skill.COMPUTER,
        "外语手语": Skill.LANGUAGE,
        "餐饮后勤": Skill.CATERING,
    },
}


@dataclass(frozen=True)
class Defect:
    """What is wrong with one row (0: with the table), in which column, as a sentence."""

    row: int
    column: str
    sentence: str | Promise


@dataclass
class Examined:
    """What the table says: enrolments ready to be written, and every defect."""

    ready: dict[int, Enrolment] = field(default_factory=dict)  # by row
    defects: list[Defect] = field(default_factory=list)
    rows: int = 0


def examine(content: bytes, *, by: Actor, now: datetime) -> Examined:
    """Look at every row; nothing is written. Raises PermissionDenied, and Refused where it is no table at all."""
    demand_permission(by)
    found = Examined()
    known = _codes_known(by)
    for number, cells in _rows(content, found):
        found.rows += 1
        _examine_row(number, cells, known, found, now)
    _find_twins(found)
    if not found.rows and not found.defects:
        found.defects.append(Defect(0, "", gettext_lazy("The table has no rows.")))
    return found


def import_all(content: bytes, *, by: Actor, now: datetime) -> Examined:
    """Write all rows where there is no defect; else nothing. The report either way."""
    with transaction.atomic():
        found = examine(content, by=by, now=now)
        if not found.defects:
            write_enrolments(list(found.ready.values()), by=by, now=now)
    return found


# --- rows ------------------------------------------------------------------------------------------


def _rows(content: bytes, found: Examined) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number, field → text) of every row that is not empty."""
    if len(content) > MOST_BYTES:
        raise Refused(
            "table_too_big", _("The file is larger than 1 MB: divide the table."), field="file"
        )
    lines = _lines_of_workbook(content) if content[:2] == b"PK" else _lines_of_text(content)
    heading = next(lines, [])
    columns = _columns(heading, found)
    if columns is None:
        return
    for number, line in enumerate(lines, start=2):
        if number > MOST_ROWS + 1:
            sentence = gettext_lazy("At most 5,000 rows at a time; divide the table.")
            found.defects.append(Defect(number, "", sentence))
            return
        cells = {name: line[at].strip() for at, name in columns.items() if at < len(line)}
        if any(cells.values()):
            yield number, cells


def _lines_of_text(content: bytes) -> Iterator[list[str]]:
    """CSV in UTF-8 (with or without mark) or GB 18030, as Excel writes it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    try:
        yield from csv.reader(io.StringIO(text.replace("\x00", ""), newline=""))
    except csv.Error as error:
        raise Refused(
            "table_unreadable", _("This is no CSV that can be read to its end."), field="file"
        ) from error


def _lines_of_workbook(content: bytes) -> Iterator[list[str]]:
    refuse_unless_workbook(content)
    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, keep_links=False).worksheets[0]
        sheet.reset_dimensions()
        rows = [[_text(cell) for cell in row[:40]] for row in _first_rows(sheet)]
    except Exception as error:  # whatever openpyxl finds in a broken file
        raise Refused(
            "workbook_damaged",
            _("The workbook is damaged and cannot be read to its end. Save it anew in Excel."),
            field="file",
        ) from error
    yield from rows


def _first_rows(sheet: Any) -> Iterator[Any]:
    return iter(sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2))


def _text(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _columns(heading: Sequence[str], found: Examined) -> dict[int, str] | None:
    """Place → field. None where a column that every row needs is not there."""
    known = {word: name for name, *words in COLUMNS for word in (name, *words)}
    columns = {
        at: known[word.strip().lower()]
        for at, word in enumerate(heading)
        if word.strip().lower() in known
    }
    lacking = sorted(_NEEDED - set(columns.values()))
    for name in lacking:
        sentence = _("There is no column “%(name)s”.") % {"name": heading_of(name)}
        found.defects.append(Defect(1, heading_of(name), sentence))
    return None if lacking else columns


def heading_of(name: str) -> str:
    """The Chinese heading of a field, as the template has it."""
    return next((chinese for code, chinese, _english in COLUMNS if code == name), name)


# --- one row ---------------------------------------------------------------------------------------


def _codes_known(by: Actor) -> frozenset[str]:
    """The areas in which this person enrols, read once and not for each row."""
    return frozenset(code for code, _name in areas_below(by.area_prefixes(May.ENROL), 15))


def _examine_row(
    number: int,
    cells: Mapping[str, str],
    known: frozenset[str],
    found: Examined,
    now: datetime,
) -> None:
    form = EnrolFacts(_facts(cells))
    form.know_areas(known)
    if form.is_valid():
        found.ready[number] = drawn_up(form.cleaned_data, now)
    for name, errors in form.errors.items():
        for error in errors:
            found.defects.append(Defect(number, heading_of(name), str(error)))


def _facts(cells: Mapping[str, str]) -> dict[str, Any]:
    """The cells as the form takes them: words for codes, several skills by any separator."""
    facts: dict[str, Any] = dict(cells)
    for name in ("kind", "required_per"):
        text = facts.get(name, "")
        facts[name] = WORDS[name].get(text, text)
    facts["required_per"] = facts["required_per"] or Per.MONTH
    skills = facts.get("skills", "").replace("、", ",").replace("，", ",").replace(";", ",")
    facts["skills"] = [
        WORDS["skills"].get(each.strip(), each.strip())
        for each in skills.split(",")
        if each.strip()
    ]
    for name in ("valid_from", "valid_to"):
        facts[name] = facts.get(name, "").replace("/", "-").replace(".", "-")
    return facts


def _find_twins(found: Examined) -> None:
    """Rows that say the same as another row, or as what is enrolled already. One query."""
    seen: dict[tuple[str, str, str], int] = {}
    there = set(
        Enrolment.objects.filter(
            who__in={one.who for one in found.ready.values()}, state=EnrolmentState.ACTIVE
        ).values_list("who", "area_code", "kind")
    )
    for row, one in found.ready.items():
        key = (one.who, one.area_code, str(one.kind))
        if key in seen:
            sentence = _("The same as row %(n)s.") % {"n": seen[key]}
            found.defects.append(Defect(row, "", sentence))
        elif key in there:
            sentence = _("This person is enrolled in this area with this kind already.")
            found.defects.append(Defect(row, "", sentence))
        seen.setdefault(key, row)
    found.defects.sort(key=lambda defect: defect.row)


def template() -> bytes:
    """An empty table with its headings and one example, in UTF-8 with mark, as Excel opens it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([chinese for _code, chinese, _english in COLUMNS])
    example = [
        "",
        "张三",
        "13800000000",
        "120103007001",
        "志愿者",
        "急救、驾驶",
        "4",
        "月",
        "2026-01-01",
        "",
    ]
    writer.writerow(example)
    return ("\ufeff" + out.getvalue()).encode()
