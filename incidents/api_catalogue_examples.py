"""Examples in the API's description of the catalogue."""

from typing import Any

ITEM: dict[str, Any] = {
    "code": "010101",
    "name": "暴露垃圾",
    "name_en": "Exposed garbage",
    "edition": "yiwang-238",
    "class": {"code": "01", "name": "市容环境", "name_en": "City appearance"},
    "subclass": {"code": "0101", "name": "环境卫生", "name_en": "Sanitation"},
    "department_kind": "sanitation",
    "department": "环卫",
    "self_handle": True,
    "risk": "yellow",
    "triple": {"intuitiveness": 3, "disorder": 2, "harm": 1},
    "evidence": ["scene", "after"],
    "enabled": True,
    "source": "GB47678.5-06010+YC-E",
    "limits": [
        {
            "id": 1,
            "urgency": "normal",
            "value": "4.00",
            "kind": "work_hour",
            "text": "4 个工作时",
            "condition": "",
            "closing_condition": "",
            "verbatim": "4 h work",
            "handling_units": [],
            "supervising_units": [],
            "needs_person": False,
        },
        {
            "id": 2,
            "urgency": "urgent",
            "value": "2.00",
            "kind": "hour_cont",
            "text": "2 小时（连续）",
            "condition": "",
            "closing_condition": "",
            "verbatim": "2 h continuous",
            "handling_units": [],
            "supervising_units": [],
            "needs_person": False,
        },
    ],
}
ITEM_DETAIL: dict[str, Any] = {
    **ITEM,
    "filing_standards": [{"text": "照片或描述能看清问题本身", "product_default": True}],
    "closing_standards": [{"text": "问题已消除", "product_default": True}],
}
VERSION: dict[str, Any] = {
    "code": "yiwang-238",
    "name": "一网默认事项目录（9大类38小类238项）",
    "name_en": "Yiwang default catalogue (9 classes, 38 subclasses, 238 items)",
    "status": "active",
    "source": "",
    "effective_from": "2026-03-10",
    "imported_at": "2026-03-10T10:00:00+08:00",
    "activated_at": "2026-03-10T10:00:00+08:00",
    "items": 238,
}
RESPONSIBILITY: dict[str, Any] = {
    "item": "010101",
    "area": "120103001",
    "on": "2026-03-10",
    "chosen": {
        "unit": {"code": "HX-C01", "name": "河西洁城环卫服务一公司"},
        "reason": "规则12：大营门街道的事项“暴露垃圾”。另有1条较宽的规则让位。",
        "why": {
            "by": "rule",
            "rule": 12,
            "level": "item",
            "item_code": "010101",
            "matter": "暴露垃圾",
            "matter_en": "Exposed garbage",
            "area_code": "120103001",
            "area": "大营门街道",
            "area_en": "Dayingmen Subdistrict",
            "priority": 0,
            "lost": 1,
            "on": "2026-03-10",
        },
    },
    "others": [],
}
