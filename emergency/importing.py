"""Enrolling many people out of a table (CSV or Excel): every defect is reported before anything is written.

One row is one enrolment. All rows are written in one transaction, or none.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.roles import May
from config.tables import Defect, Row, read_rows
from emergency.choices import EnrolmentKind, EnrolmentState, Per, Skill
from emergency.enrolling import demand_permission, drawn_up, write_enrolments
from emergency.models import Enrolment
from emergency.step_forms import EnrolFacts, areas_below

MOST_ROWS, MOST_BYTES = 5001, 2**20  # the headings are a row too

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
_NAMES = {name: words for name, *words in COLUMNS}
_NEEDED = ("area", "kind", "valid_from")
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
    rows = read_rows(content, _NAMES, _NEEDED, most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
    found.rows = len(rows)
    for row in rows:
        _examine_row(row, known, found, now)
    _find_twins(found)
    if not rows:
        found.defects.append(Defect(0, "", "", _("The table has no rows.")))
    return found


def import_all(content: bytes, *, by: Actor, now: datetime) -> Examined:
    """Write all rows where there is no defect; else nothing. The report either way."""
    with transaction.atomic():
        found = examine(content, by=by, now=now)
        if not found.defects:
            write_enrolments(list(found.ready.values()), by=by, now=now)
    return found


def heading_of(name: str) -> str:
    """The Chinese heading of a field, as the template has it."""
    return next((chinese for code, chinese, _english in COLUMNS if code == name), name)


# --- one row ---------------------------------------------------------------------------------------


def _codes_known(by: Actor) -> frozenset[str]:
    """The areas in which this person enrols, read once and not for each row."""
    return frozenset(code for code, _name in areas_below(by.area_prefixes(May.ENROL), 15))


def _examine_row(row: Row, known: frozenset[str], found: Examined, now: datetime) -> None:
    form = EnrolFacts(_facts({name: cell.strip() for name, cell in row.cells.items()}))
    form.know_areas(known)
    if form.is_valid():
        found.ready[row.number] = drawn_up(form.cleaned_data, now)
    for name, errors in form.errors.items():
        for error in errors:
            found.defects.append(Defect(row.number, heading_of(name), "", str(error)))


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
            found.defects.append(Defect(row, "", "", sentence))
        elif key in there:
            sentence = _("This person is enrolled in this area with this kind already.")
            found.defects.append(Defect(row, "", "", sentence))
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
