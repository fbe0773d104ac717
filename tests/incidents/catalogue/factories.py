"""Editions, rules and areas for tests of the catalogue."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from accounts.actor import SYSTEM, Actor
from accounts.models import Organisation
from accounts.roles import Role
from grids.models import Area, Level
from incidents.catalogue import item_coded
from incidents.catalogue_editions import activate, import_edition
from incidents.catalogue_formats import SHIPPED, read_catalogue
from incidents.models import CatalogueItem, CatalogueVersion, ResponsibilityRule
from tests.factories import HOME, actor

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)  # Tuesday 10:00 in Shanghai
TODAY = date(2026, 3, 10)
CITY_EXCERPT = Path(__file__).with_name("city_excerpt.csv")

HEADER = SHIPPED.read_text("utf-8-sig").splitlines()[0]
ROWS = {
    "garbage": "01,市容环境,city_appearance,0101,环境卫生,sanitation,010101,暴露垃圾,exposed_garbage,"
    "sanitation,4,2,work,3,2,1,yes,YC-E",
    "rubble": "01,市容环境,city_appearance,0101,环境卫生,sanitation,010102,积存垃圾渣土,accumulated_rubbish,"
    "subdistrict,40,24,work,3,2,2,no,YC-E",
    "cover": "02,公共设施,public_facilities,0201,井盖设施,manhole_covers,020101,污水井盖缺失,sewage_cover_missing,"
    "water_drainage,2,2,calendar,3,2,3,no,YC-C",
    "petition": "09,矛盾纠纷,disputes,0903,涉稳风险,stability_risks,090303,信访事项,petition,"
    "petition_office,1440,24,calendar,1,2,2,no,LAW-XF",
}


def composed(*names: str, **replaced: str) -> bytes:
    """A small catalogue in the shipped layout; `replaced` words in it are replaced."""
    text = "\n".join([HEADER, *(ROWS[name] for name in names or ROWS)])
    for old, new in replaced.items():
        text = text.replace(old, new)
    return text.encode()


def edition(
    data: bytes | None = None, code: str = "test-1", active: bool = True
) -> CatalogueVersion:
    """An imported edition, in force unless asked otherwise."""
    read = read_catalogue(composed() if data is None else data)
    version = import_edition(read=read, code=code, name=code, by=SYSTEM, now=NOW).version
    return activate(version, by=SYSTEM, now=NOW) if active else version


def shipped() -> CatalogueVersion:
    """The shipped catalogue, in force."""
    return edition(SHIPPED.read_bytes(), code="shipped")


def item(code: str = "010101") -> CatalogueItem:
    """An item of the edition in force."""
    return item_coded(code)


def areas(*codes: str) -> None:
    """Areas in use, with everything above them."""
    levels = {
        4: Level.CITY,
        6: Level.DISTRICT,
        9: Level.SUBDISTRICT,
        12: Level.COMMUNITY,
        15: Level.GRID,
    }
    for code in codes:
        for length, level in levels.items():
            if len(code) >= length:
                Area.objects.get_or_create(
                    code=code[:length],
                    defaults={
                        "level": level,
                        "name": f"区域{code[:length]}",
                        "name_en": f"Area {code[:length]}",
                        "valid_from": date(2020, 1, 1),
                        "parent_id": code[: {4: 0, 6: 4, 9: 6, 12: 9, 15: 12}[length]] or None,
                    },
                )


def rule(
    unit: Organisation, item_code: str = "", area_code: str = HOME, **fields: Any
) -> ResponsibilityRule:
    """A stored rule, past every check."""
    fields.setdefault("valid_from", date(2020, 1, 1))
    return ResponsibilityRule.objects.create(
        organisation=unit, item_code=item_code, area_code=area_code, **fields
    )


def manager(area_code: str = HOME) -> Actor:
    """Who administers the catalogue."""
    return actor(Role.SYSTEM_ADMIN, area_code)
