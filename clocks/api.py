"""The API of this room."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clocks.allowance import Allowance
from clocks.calendars import calendar_for
from clocks.explain import DayLine, Explanation
from clocks.questions import explained, governing_calendar
from clocks.serializers import DueIn, DueOut
from clocks.wording import NOTES, reason_of

_EXAMPLE = {
    "start": "2026-02-13T16:00:00+08:00",
    "allowance": {"value": "4.00", "kind": "work_hour", "text": "4 个工作时"},
    "area": "120103",
    "calendar": {"area_code": "", "name": "中国", "version": 1, "published_until": "2026-12-31"},
    "due": "2026-02-14T10:00:00+08:00",
    "amber": "2026-02-14T09:12:00+08:00",
    "nominal_date": None,
    "notes": [],
    "days": [
        {
            "date": "2026-02-13",
            "kind": "work",
            "name": "",
            "counted": True,
            "reason": "counted",
            "text": "计入",
            "number": "2",
            "minutes": "120",
            "periods": [{"start": "2026-02-13T16:00:00+08:00", "end": "2026-02-13T18:00:00+08:00"}],
        },
        {
            "date": "2026-02-14",
            "kind": "makeup",
            "name": "春节",
            "counted": True,
            "reason": "counted",
            "text": "计入 · 调休上班",
            "number": "4",
            "minutes": "120",
            "periods": [{"start": "2026-02-14T08:00:00+08:00", "end": "2026-02-14T10:00:00+08:00"}],
        },
    ],
}
_CALENDAR_ENDS = {
    "type": "urn:yiwang:problem:calendar_ends",
    "title": "无法按要求办理",
    "status": 422,
    "detail": "工作日历目前只公布到 2026-12-31，该期限在此之后；导入下一年日历后即可计算。",
    "code": "calendar_ends",
    "instance": "/api/v1/clocks/due",
}


class DueView(APIView):
    """When a limit ends."""

    needs_scope = "clocks:read"

    @extend_schema(
        operation_id="clocks_due",
        summary="When a limit ends, and which days it counts",
        description=(
            "Adds a limit to a start in one of the seven ways of counting, over the working calendar of an"
            " area, and lists each day that counts and each that does not, with the reason. Past the last"
            " published day the answer is 422 `calendar_ends`: a deadline is never guessed."
        ),
        parameters=[DueIn],
        responses=DueOut,
        examples=[
            OpenApiExample(
                "Four working hours over a make-up Saturday", _EXAMPLE, response_only=True
            ),
            OpenApiExample(
                "Past the published calendar",
                _CALENDAR_ENDS,
                response_only=True,
                status_codes=["422"],
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        """The deadline with its reasons."""
        asked = DueIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        told = explained(given["start"], given["allowance"], given["area"])
        return Response(DueOut(_answer(told, given["allowance"], given["area"])).data)


def _answer(told: Explanation, allowance: Allowance, area_code: str) -> dict[str, Any]:
    calendar = governing_calendar(area_code)
    return {
        "start": told.start,
        "allowance": {"value": allowance.value, "kind": allowance.kind, "text": str(allowance)},
        "area": area_code,
        "calendar": {
            "area_code": calendar.area_code,
            "name": calendar.name,
            "version": calendar.version,
            "published_until": calendar_for(area_code).last,
        },
        "due": told.due,
        "amber": told.amber,
        "nominal_date": told.nominal,
        "notes": [{"code": note.value, "text": str(NOTES[note])} for note in told.notes],
        "days": [_day(line) for line in told.days],
    }


def _day(line: DayLine) -> dict[str, Any]:
    return {
        "date": line.date,
        "kind": line.kind,
        "name": line.name,
        "counted": line.counted,
        "reason": line.reason.value,
        "text": reason_of(line),
        "number": f"{line.number:f}",
        "minutes": f"{line.minutes:f}",
        "periods": [{"start": begin, "end": end} for begin, end in line.spans],
    }
