"""Examples for the description of the API."""

from typing import Any

ORDERS: dict[str, Any] = {
    "numbers": ["20261122000381", "20261122000417"],
    "question": "两件均已超期，请说明原因和完成时间。",
    "value": "1",
    "kind": "work_day",
}
ORDER: dict[str, Any] = {
    "id": 12,
    "version": 2,
    "number": "20261122000381",
    "unit": {"code": "HX-SAN", "name": "河西区环境卫生管理局"},
    "question": "已超期，请说明原因和完成时间。",
    "state": "answered",
    "state_label": "已答复",
    "round": 1,
    "cause": "",
    "from_post": "督查员 · 河西区",
    "area_code": "120103007001001",
    "allowance_value": "1.00",
    "allowance_kind": "work_day",
    "opened_at": "2026-11-23T09:00:00+08:00",
    "due_at": "2026-11-24T09:00:00+08:00",
    "amber_at": "2026-11-23T17:24:00+08:00",
    "ended_at": None,
    "end_reason": "",
    "replies": [
        {
            "round": 1,
            "text": "清运车辆故障，今日下午完成。",
            "replied_at": "2026-11-23T11:20:00+08:00",
            "verdict": "",
            "judged_at": None,
        }
    ],
}
STEP_TEXTS: dict[str, str] = {
    "answer": "清运车辆故障，今日下午完成。",
    "accept": "同意。",
    "send_back": "请补充现场照片。",
    "close": "已办结。",
    "withdraw": "重复下达。",
}
URGE: dict[str, Any] = {"numbers": ["20261122000381", "20261122000417"], "text": "请尽快处置。"}
URGED: list[dict[str, Any]] = [
    {"number": "20261122000381", "urged": True, "why_not": ""},
    {"number": "20261122000417", "urged": False, "why_not": "没有这个案件。"},
]
RULE: dict[str, Any] = {
    "id": 1,
    "version": 1,
    "colour": "yellow",
    "counted": "overdue",
    "threshold": 3,
    "within_days": 30,
    "active": True,
}
CARD: dict[str, Any] = {
    "id": 4,
    "version": 1,
    "colour": "yellow",
    "unit": {"code": "HX-SAN", "name": "河西区环境卫生管理局"},
    "rule": RULE,
    "drawn_at": "2026-11-23T10:00:02+08:00",
    "lifted_at": None,
    "lift_reason": "",
}
