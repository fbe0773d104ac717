"""Examples in the API's description."""

from typing import Any

REPORT: dict[str, Any] = {
    "text": "谊景村3号楼东侧有一处暴露垃圾，气味较大。",
    "item": "010101",
    "lon": 117.2215,
    "lat": 39.0812,
    "crs": "wgs84",
    "address": "谊景村3号楼东侧",
    "external_id": "12345-2026-000381",
}
INCIDENT: dict[str, Any] = {
    "number": "20261122000381",
    "version": 3,
    "state": "dispatched",
    "state_label": "已派遣",
    "source": "partner",
    "external_id": "12345-2026-000381",
    "item": {
        "code": "010101",
        "name": "暴露垃圾",
        "name_en": "exposed garbage",
        "version": "default-238",
    },
    "urgency": "normal",
    "risk": "yellow",
    "title": "",
    "text": "谊景村3号楼东侧有一处暴露垃圾，气味较大。",
    "address": "谊景村3号楼东侧",
    "lon": 117.2215,
    "lat": 39.0812,
    "accuracy_m": None,
    "placed": "gps",
    "grid_code": "120103007001001",
    "area_code": "120103007001001",
    "centre": {"code": "HX-CENTRE", "name": "河西区社会治理指挥中心"},
    "unit": {"code": "HX-SAN", "name": "河西区环境卫生管理局"},
    "main_case": None,
    "escalated_level": 0,
    "lamp": "green",
    "due_at": "2026-11-23T10:00:00+08:00",
    "due_stage": "receive",
}
REPORTED: dict[str, Any] = {
    "incident": INCIDENT
    | {"version": 1, "state": "reported", "state_label": "已上报", "unit": None},
    "created": True,
    "notes": [],
    "suggested_items": [],
}
STEP_FACTS: dict[str, dict[str, Any]] = {
    "place": {"lon": 117.2215, "lat": 39.0812, "address": "谊景村3号楼东侧"},
    "classify": {"item": "010101", "urgency": "normal"},
    "file": {"item": "010101", "standards": [1, 2, 3]},
    "refuse": {"ground": "outside_catalogue", "informed": "phone", "note": "已告知办理途径。"},
    "dispatch": {"lead": "HX-SAN", "instruction": "请按时限处置。"},
    "return": {"reason": "产权不属我单位。"},
    "answer": {"text": "已清理完毕。"},
    "pass_check": {"text": "现场已恢复。"},
    "rework": {"reason": "仍有残留。"},
    "inform": {"how": "phone", "note": "已告知结果。"},
    "close": {"standards": [1, 2]},
    "rate": {"satisfaction": "satisfied", "solved": True},
    "appeal": {"reason": "上游管线抢修封路，无法进场。"},
    "refuse_appeal": {"note": "未提供封路证明。"},
    "withdraw": {"reason": "反映人撤回。"},
    "raise": {"reason": "需街道协调产权单位。"},
    "take_over": {"reason": "跨社区，由街道牵头。"},
    "hand_back": {"reason": "已协调到位，由社区继续跟进。"},
    "comment": {"text": "已电话联系。"},
}
