"""The API of the limits of stages."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.roles import May
from clocks.limits import Row, change_limit, row_for, rows_for
from clocks.serializers import LimitIn, LimitOut
from config.etags import check_if_match, etag_of

_LIMIT = {"value": "1.00", "kind": "work_day"}


def _actor(request: Request) -> Actor:
    """The caller. Raises PermissionDenied."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.require(May.MANAGE_CALENDAR)
    return actor


def _seen(actor: Actor, code: str) -> Row:
    found = row_for(actor, code)
    if found is None:
        raise Http404
    return found


def _etag(row: Row) -> str:
    return etag_of("limit", row.code, row.version)


def _answer(row: Row) -> Response:
    return Response(LimitOut(row).data, headers={"ETag": _etag(row)})


class LimitList(APIView):
    """The limits of stages."""

    @extend_schema(
        operation_id="clocks_limits",
        summary="How long stages may take",
        responses=LimitOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """All of them; handling is not among them, its limit is the item's."""
        return Response(LimitOut(rows_for(_actor(request)), many=True).data)


class LimitDetail(APIView):
    """One limit."""

    needs_if_match = ("PUT",)

    @extend_schema(
        operation_id="clocks_limit", summary="How long a stage may take", responses=LimitOut
    )
    def get(self, request: Request, code: str) -> Response:
        """Send its `ETag` back in `If-Match` to change it."""
        return _answer(_seen(_actor(request), code))

    @extend_schema(
        operation_id="clocks_limit_change",
        summary="Change how long a stage may take",
        request=LimitIn,
        responses=LimitOut,
        examples=[OpenApiExample("A working day", _LIMIT, request_only=True)],
    )
    def put(self, request: Request, code: str) -> Response:
        """It holds for what begins from now on; what runs keeps its deadline."""
        by = _actor(request)
        seen = _seen(by, code)
        check_if_match(request, _etag(seen))
        given = LimitIn(data=request.data)
        given.is_valid(raise_exception=True)
        allowance = given.validated_data["allowance"]
        facts = {"allowance": allowance, "version": seen.version}
        return _answer(change_limit(code, **facts, by=by, now=timezone.now()))
