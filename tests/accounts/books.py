"""Workbooks as administrators send them, and as nobody should."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook

ORGANISATION_HEAD = [
    "代码",
    "名称",
    "英文名称",
    "类型",
    "部门类别",
    "区域编码",
    "行政上级（块）",
    "业务上级（条）",
]
PEOPLE_HEAD = ["用户名", "姓名", "机构代码", "手机号"]
POST_HEAD = ["用户名", "角色", "机构代码", "区域编码", "起始日期", "截止日期"]


def book(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook with these rows in these sheets."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        tab = made.create_sheet(title)
        for row in rows:
            tab.append(list(row))
    return saved(made)


def saved(made: Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def district() -> bytes:
    """Two organisations (the child first), two people, three posts: all sound."""
    return book(
        {
            "机构": [
                ORGANISATION_HEAD,
                [
                    "HX-HW",
                    "河西区环卫中心",
                    "",
                    "外包单位",
                    "sanitation",
                    "120103",
                    "HX-CGW",
                    "HX-CGW",
                ],
                [
                    "HX-CGW",
                    "河西区城市管理委员会",
                    "Urban Management",
                    "部门",
                    "",
                    "120103",
                    "",
                    "",
                ],
            ],
            "人员": [
                PEOPLE_HEAD,
                ["Zhang.San", "张三", "HX-CGW", 13812341234],
                ["li.si", "李四", "HX-HW", "138 1234 5678"],
            ],
            "岗位": [
                POST_HEAD,
                ["zhang.san", "部门经办人", "HX-CGW", "", "2026-03-01", ""],
                ["zhang.san", "单位负责人", "HX-CGW", "", "2026年3月1日", "2027/12/31"],
                ["li.si", "外包单位", "HX-HW", "120103", "2026.3.1", None],
            ],
        }
    )


def rezipped(content: bytes, replace: Mapping[str, bytes]) -> bytes:
    """The same zip with some parts put in place of others, or added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in replace:
                new.writestr(name, old.read(name))
        for name, part in replace.items():
            new.writestr(name, part)
    return stream.getvalue()
