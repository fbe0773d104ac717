"""The two layouts in which catalogues come, told apart by their headers.

`composed`: one row per item, with names in two languages, risk triple and hours (the shipped default).
`city`: one row per condition of a component or an event, with limits as written (GB/T 30428 in practice).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from clocks.choices import AllowanceKind as Kind
from config.refusal import Refused
from config.tables import Row, read_rows
from incidents.catalogue_limit_text import read_limit
from incidents.catalogue_reading import ItemRow, LimitRow, Odd, ReadCatalogue
from incidents.catalogue_standards import default_evidence, default_lines
from incidents.catalogue_units_text import alike, read_units
from incidents.choices import Urgency

SHIPPED = Path(__file__).with_name("catalogue_238.csv")

COMPOSED: dict[str, tuple[str, ...]] = {
    "class_code": ("大类编码",),
    "class_zh": ("大类",),
    "class_en": ("大类英文",),
    "sub_code": ("小类编码",),
    "sub_zh": ("小类",),
    "sub_en": ("小类英文",),
    "item_code": ("事项编码",),
    "item_zh": ("事项",),
    "item_en": ("事项英文",),
    "department_kind": ("部门类别",),
    "limit_hours_normal": ("普通时限",),
    "limit_hours_urgent": ("紧急时限",),
    "limit_basis": ("时限计法",),
    "intuitiveness": ("直观性",),
    "disorder": ("无序性",),
    "harm": ("危害性",),
    "self_handle": ("可自处",),
    "source": ("来源",),
}
CITY: dict[str, tuple[str, ...]] = {
    "kind": ("类别",),
    "big_code": ("大类代码",),
    "big_name": ("大类名称",),
    "small_code": ("小类代码",),
    "small_name": ("小类名称",),
    "filing_condition": ("立案条件",),
    "closing_condition": ("结案条件", "结案标准"),
    "limit_text": ("处置时限", "结案时限"),
    "limit_value": ("时限数值",),
    "limit_unit": ("时限单位",),
    "handling_unit": ("处置单位", "责任单位"),
    "supervising_unit": ("监督单位", "主管单位"),
}
LONGEST = {"code": 20, "name": 120, "class": 80, "units": 80, "limit": 200}


def read_catalogue(
    data: bytes, *, days_are: Kind = Kind.WORK_DAY, hours_are: Kind = Kind.WORK_HOUR
) -> ReadCatalogue:
    """Read a catalogue file in either layout. `days_are` and `hours_are` say how a city's standard means days and
    hours that are called neither working nor urgent. Raises Refused where the file is no catalogue."""
    try:
        rows = read_rows(data, COMPOSED, ("item_code", "item_zh", "class_code", "limit_basis"))
    except Refused as refusal:
        if refusal.code != "no_header":
            raise
    else:
        return _composed(rows)
    try:
        rows = read_rows(data, CITY, ("big_code", "small_code", "small_name", "limit_text"))
    except Refused as refusal:
        if refusal.code != "no_header":
            raise
        raise Refused(
            "not_a_catalogue",
            _(
                "This is no catalogue that can be read. Its header needs either %(composed)s, or %(city)s, "
                "each in a cell of its own, not merged."
            )
            % {
                "composed": "item_code、item_zh、class_code、limit_basis",
                "city": "大类代码、小类代码、小类名称、处置时限",
            },
            field="file",
        ) from refusal
    return _city(rows, days_are, hours_are)


# --- composed: one row per item ------------------------------------------------------------------


def _composed(rows: Sequence[Row]) -> ReadCatalogue:
    read = ReadCatalogue("composed", rows=len(rows))
    codes: dict[str, int] = {}
    names: dict[str, str] = {}
    for row in rows:
        item = _composed_item(row, read)
        if item is None:
            continue
        if item.code in codes:
            read.odd(Odd.BAD_VALUE, row.number, "item_code", item.code, f"#{codes[item.code]}")
            continue
        if names.setdefault(item.name, item.code) != item.code:
            read.odd(Odd.SAME_NAME, row.number, "item_zh", item.name, names[item.name])
        codes[item.code] = row.number
        read.items.append(item)
    return read


def _composed_item(row: Row, read: ReadCatalogue) -> ItemRow | None:
    cells = {name: row[name].strip() for name in COMPOSED}
    if not _complete(
        row, read, cells, ("class_code", "class_zh", "sub_code", "sub_zh", "item_code", "item_zh")
    ):
        return None
    try:
        triple = _triple(cells)
        limits = _composed_limits(cells)
    except (ValueError, ArithmeticError) as error:
        read.odd(Odd.BAD_VALUE, row.number, "", " ".join(cells.values())[:120], str(error))
        return None
    harm = triple[2] if triple else None
    self_handle = cells["self_handle"].lower() in ("yes", "true", "1", "是")
    return ItemRow(
        code=cells["item_code"],
        name=cells["item_zh"],
        name_en=_title(cells["item_en"]),
        class_code=cells["class_code"],
        class_name=cells["class_zh"],
        class_name_en=_title(cells["class_en"]),
        sub_code=cells["sub_code"],
        sub_name=cells["sub_zh"],
        sub_name_en=_title(cells["sub_en"]),
        department_kind=cells["department_kind"],
        self_handle=self_handle,
        triple=triple,
        filing_standards=tuple(default_lines("filing", cells["class_code"], harm)),
        closing_standards=tuple(default_lines("closing", cells["class_code"], harm)),
        evidence=tuple(default_evidence(cells["class_code"], harm)),
        source=cells["source"],
        limits=tuple(limits),
    )


def _triple(cells: Mapping[str, str]) -> tuple[int, int, int] | None:
    parts = [cells[name] for name in ("intuitiveness", "disorder", "harm")]
    if not any(parts):
        return None
    numbers = tuple(int(part) for part in parts)
    if not all(1 <= number <= 3 for number in numbers):
        raise ValueError(f"triple {'/'.join(parts)}")
    return numbers[0], numbers[1], numbers[2]


def _composed_limits(cells: Mapping[str, str]) -> list[LimitRow]:
    """The normal limit by its basis, the urgent one always continuous (domain section 6)."""
    basis = cells["limit_basis"]
    if basis not in ("work", "calendar"):
        raise ValueError(f"limit_basis {basis}")
    limits = []
    normal, urgent = cells["limit_hours_normal"], cells["limit_hours_urgent"]
    if normal:
        value, kind = normal_limit(_hours(normal), basis, cells["source"])
        limits.append(LimitRow(Urgency.NORMAL, value, kind.value, f"{normal} h {basis}"))
    if urgent:
        value, kind = urgent_limit(_hours(urgent))
        limits.append(LimitRow(Urgency.URGENT, value, kind.value, f"{urgent} h continuous"))
    return limits


def _hours(text: str) -> Decimal:
    hours = Decimal(text)
    if not hours.is_finite() or hours <= 0:
        raise ValueError(f"hours {text}")
    return hours


# Limits that a law counts: the table shows them as hours for sorting only (domain sections 2.3, 2.7, 2.8, 2.13).
_BY_LAW: dict[str, Callable[[Decimal], tuple[Decimal, Kind]]] = {
    "LAW-XF": lambda hours: (hours / 24, Kind.LEGAL_DAY),  # petitions: 60 days
    "LAW-LABOUR": lambda hours: (hours / 24, Kind.LEGAL_DAY),  # labour mediation: 15 days
    "LAW-MEDICAL": lambda hours: (
        hours / 8,
        Kind.LEGAL_WORKDAY,
    ),  # medical mediation: 30 working days
    "LAW-ZJ": lambda hours: (
        hours / 8,
        Kind.LEGAL_WORKDAY,
    ),  # landlords report within 3 working days
    "MED1M": lambda _hours: (Decimal(1), Kind.LEGAL_MONTH),  # people's mediation: one month
}


def normal_limit(hours: Decimal, basis: str, source: str) -> tuple[Decimal, Kind]:
    """The normal limit of a composed row as (value, kind).

    Work: 8 h are one rolling working day, less stays working hours. Calendar: continuous hours, from two days on
    shown as days of 24 hours, which counts the same. A limit set by law gets its legal kind.
    """
    for tag in source.split("+"):
        if tag in _BY_LAW:
            value, kind = _BY_LAW[tag](hours)
            return value.normalize() if value else value, kind
    if basis == "work":
        return (hours / 8, Kind.WORK_DAY) if hours % 8 == 0 else (hours, Kind.WORK_HOUR)
    if hours >= 48 and hours % 24 == 0:
        return hours / 24, Kind.NATURAL_DAY
    return hours, Kind.HOUR_CONT


def urgent_limit(hours: Decimal) -> tuple[Decimal, Kind]:
    """The urgent limit, always continuous; less than an hour in minutes."""
    return (hours * 60, Kind.MINUTE_CONT) if hours < 1 else (hours, Kind.HOUR_CONT)


def _title(name: str) -> str:
    """`exposed_garbage` → `Exposed garbage`."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _complete(
    row: Row, read: ReadCatalogue, cells: Mapping[str, str], needed: Sequence[str]
) -> bool:
    missing = [name for name in needed if not cells[name]]
    if missing:
        read.odd(Odd.NO_CODE, row.number, "、".join(missing), " ".join(cells.values())[:120])
        return False
    for name in needed:
        most = LONGEST["code"] if name.endswith("code") else LONGEST["class"]
        if name in ("item_zh", "small_name"):
            most = LONGEST["name"]
        if len(cells[name]) > most:
            read.odd(Odd.TOO_LONG, row.number, name, cells[name][:120], str(most))
            return False
    return True


# --- city: one row per condition -----------------------------------------------------------------

_CITY_KINDS = {
    "component": ("C", "部件", "Components"),
    "部件": ("C", "部件", "Components"),
    "event": ("E", "事件", "Events"),
    "事件": ("E", "事件", "Events"),
}


def _city(rows: Sequence[Row], days_are: Kind, hours_are: Kind) -> ReadCatalogue:
    read = ReadCatalogue("city", len(rows), days_are=days_are.value, hours_are=hours_are.value)
    items: dict[str, ItemRow] = {}
    limits: dict[str, list[LimitRow]] = {}
    for row in rows:
        item = _city_item(row, read)
        if item is None:
            continue
        first = items.setdefault(item.code, item)
        if first.name != item.name:
            read.odd(Odd.TWO_NAMES, row.number, "small_name", item.name, first.name)
        limit = _city_limit(row, read, days_are, hours_are)
        if limit is not None:
            _add(limits.setdefault(item.code, []), limit, row, read)
    read.items = [
        replace(item, limits=tuple(limits.get(code, ()))) for code, item in sorted(items.items())
    ]
    _look_over(read)
    return read


def _city_item(row: Row, read: ReadCatalogue) -> ItemRow | None:
    cells = {
        name: "".join(row[name].split())
        for name in ("kind", "big_code", "big_name", "small_code", "small_name")
    }
    for name, bare in cells.items():
        if bare != row[name]:
            read.odd(Odd.SPACES, row.number, name, row[name])
    if not _complete(row, read, cells, ("big_code", "big_name", "small_code", "small_name")):
        return None
    if cells["kind"] not in _CITY_KINDS:
        read.odd(Odd.BAD_VALUE, row.number, "kind", cells["kind"])
        return None
    letter, name, name_en = _CITY_KINDS[cells["kind"]]
    sub_code = letter + cells["big_code"]
    return ItemRow(
        code=sub_code + cells["small_code"],
        name=cells["small_name"],
        class_code=letter,
        class_name=name,
        class_name_en=name_en,
        sub_code=sub_code,
        sub_name=cells["big_name"],
        evidence=tuple(default_evidence("", None)),
    )


def _city_limit(row: Row, read: ReadCatalogue, days_are: Kind, hours_are: Kind) -> LimitRow | None:
    text = row["limit_text"]
    if len(text) > LONGEST["limit"]:
        read.odd(Odd.TOO_LONG, row.number, "limit_text", text[:120], str(LONGEST["limit"]))
        return None
    for name in ("filing_condition", "closing_condition"):
        if row[name] != "".join(row[name].split()):
            read.odd(Odd.SPACES, row.number, name, row[name])
    limit = read_limit(
        text, days_are=days_are, hours_are=hours_are,
        number=row["limit_value"].strip(), unit=row["limit_unit"].strip(),
    )  # fmt: skip
    read.assumed += limit.assumed
    if limit.unclear is not None:
        read.odd(Odd.LIMIT, row.number, "limit_text", text, limit.unclear)
    return LimitRow(
        limit.urgency,
        limit.value,
        limit.kind.value if limit.kind else "",
        text,
        condition=row["filing_condition"].strip(),
        closing_condition=row["closing_condition"].strip(),
        handling_units=_units(row, "handling_unit", read),
        supervising_units=_units(row, "supervising_unit", read),
        needs_person=limit.unclear.value if limit.unclear else "",
    )


def _units(row: Row, column: str, read: ReadCatalogue) -> tuple[str, ...]:
    return read_units(row[column], lambda odd, text: read.odd(odd, row.number, column, text))


def _add(limits: list[LimitRow], limit: LimitRow, row: Row, read: ReadCatalogue) -> None:
    if limit in limits:
        read.odd(Odd.REPEATED, row.number, "", limit.condition)
        return
    if limit.condition and any(other.condition == limit.condition for other in limits):
        read.odd(Odd.SAME_CONDITION, row.number, "filing_condition", limit.condition)
    limits.append(limit)


def _look_over(read: ReadCatalogue) -> None:
    """What can be seen only over the whole file."""
    first: dict[str, str] = {}
    for item in read.items:
        if item.name in first:
            read.odd(Odd.SAME_NAME, 0, "small_name", item.name, f"{first[item.name]} / {item.code}")
        first.setdefault(item.name, item.code)
    for column in ("handling_units", "supervising_units"):
        names = {unit for limit in read.limits for unit in getattr(limit, column)}
        for one, other in alike(names):
            read.odd(Odd.ALIKE_UNITS, 0, column, one, other)
