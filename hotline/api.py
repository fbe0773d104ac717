"""The API of hotline orders: the same actions and filters as the pages, one address for each step."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.roles import May
from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from hotline import photos
from hotline.callers import history_of, masked, post_that_may_call
from hotline.calls import demand_phone_system, hang_up, ring
from hotline.door import DOOR
from hotline.filters import OrderFilter
from hotline.intake import take_in
from hotline.intake_form import Intake
from hotline.models import Call, Order, OrderPhoto
from hotline.querysets import READ, SEES, WRITE, for_list, tier_coded, tiers, visible_to
from hotline.serializers import (
    CallerIn,
    CallIn,
    HotlineCallOut,
    HotlineOrderDetailOut,
    HotlineOrderOut,
    HotlineOrderTakenOut,
    OrderPhotoIn,
    OrderPhotoOut,
    RingingIn,
    TierOut,
)
from hotline.tiers import TierForm, change_tier
from incidents.photos import examine
from steps.api import (
    RecordList,
    actor_of,
    answered,
    demand,
    detail_view,
    facts_of,
    offers_view,
    seen,
    step_views,
    timeline_view,
)
from steps.forms import FactsRefused
from steps.schema import serializer_of

_ORDER = {
    "channel": "board",
    "text": "小区南门口垃圾堆了三天没人清理",
    "caller_phone": "13812341234",
    "item": "010101",
    "tier": "general",
    "lon": 117.2231,
    "lat": 39.1045,
    "decision": "dispatch",
    "external_id": "board-20260309-17",
}


_AT = "hotline/orders"


def _detail(request: Request, order: Order) -> dict[str, Any]:
    """The order for this caller."""
    known = bool(order.caller_name or order.caller_phone)
    may = post_that_may_call(actor_of(request), order) is not None
    context = {"caller": masked(order) if known and may else None}
    body: dict[str, Any] = HotlineOrderDetailOut(order, context=context).data
    return body


def _answer(request: Request, order: Order) -> Response:
    return answered(DOOR, order, _detail(request, order), at=_AT)


class OrderList(Idempotent, RecordList[Order]):
    """Hotline orders in scope, newest first; and taking one in."""

    needs_scope = {"GET": READ, "POST": WRITE}
    model, readers = Order, SEES
    serializer_class = HotlineOrderOut
    filterset_class = OrderFilter
    ordering_fields = (("taken_at", "desc"), ("id", "desc"))

    def in_scope(self, actor: Actor) -> QuerySet[Order]:
        return for_list(visible_to(actor))

    @extend_schema(operation_id="hotline_orders_list", summary="Hotline orders in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The orders that fit the filters. Follow `next` to go on."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="hotline_orders_take_in",
        summary="Take an order in",
        request=serializer_of("HotlineOrderFacts", Intake),
        responses={200: HotlineOrderTakenOut, 201: HotlineOrderTakenOut},
        examples=[OpenApiExample("A message of a board", _ORDER, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """From any channel. It is never refused for its caller or its place. 200 where it had come before."""
        taken = take_in(by=actor_of(request), now=timezone.now(), facts=facts_of(request))
        body = {
            "order": _detail(request, taken.order),
            "created": taken.created,
            "notes": [str(note) for note in taken.notes],
        }
        status = 201 if taken.created else 200
        return answered(DOOR, taken.order, body, at=_AT, status=status)


class OrderPhotoList(Idempotent, APIView):
    """The photos of an order."""

    needs_scope = {"GET": READ, "POST": WRITE}
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="hotline_orders_photos",
        summary="The photos of a hotline order",
        responses=OrderPhotoOut(many=True),
    )
    def get(self, request: Request, number: str) -> Response:
        """All photos, the oldest first."""
        order = seen(DOOR, request, number)
        return Response(OrderPhotoOut(order.photos.order_by("id"), many=True).data)

    @extend_schema(
        operation_id="hotline_orders_photo_add",
        summary="Add a photo",
        request={"multipart/form-data": OrderPhotoIn},
        responses={201: OrderPhotoOut},
    )
    def post(self, request: Request, number: str) -> Response:
        """It is judged by its content, re-encoded, and its EXIF data are not kept."""
        seen(DOOR, request, number)
        given = OrderPhotoIn(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        photo = examine(file, file.name)
        made = photos.add(number=number, by=actor_of(request), now=timezone.now(), photo=photo)
        return Response(OrderPhotoOut(made).data, status=201)


class OrderPhotoFile(APIView):
    """A photo's picture."""

    needs_scope = READ

    @extend_schema(
        operation_id="hotline_orders_photo_file",
        summary="A photo's picture: size is full or thumb",
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: str, photo_id: int, size: str) -> FileResponse:
        """The JPEG, for whoever may see the order."""
        try:
            return photos.photo_response(actor_of(request), number, photo_id, size)
        except OrderPhoto.DoesNotExist:
            raise Http404 from None


class TierList(APIView):
    """The urgencies and their limits."""

    needs_scope = READ

    @extend_schema(
        operation_id="hotline_tiers",
        summary="Urgencies of hotline orders and their limits",
        responses=TierOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """How long each stage may take."""
        demand(request, *SEES, May.MANAGE_CATALOGUE)
        return Response(TierOut(tiers(), many=True).data)


class TierDetail(Idempotent, APIView):
    """One urgency."""

    needs_scope = {"GET": READ}
    needs_if_match = ("POST",)

    @extend_schema(operation_id="hotline_tier", summary="An urgency", responses=TierOut)
    def get(self, request: Request, code: str) -> Response:
        """With its `ETag`, for changing it."""
        demand(request, *SEES, May.MANAGE_CATALOGUE)
        return self._answer(code)

    @extend_schema(
        operation_id="hotline_tier_change",
        summary="Change an urgency (administrators)",
        request=serializer_of("HotlineTierFacts", TierForm),
        responses=TierOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """Write it over the version that `If-Match` names. Clocks that run keep what they were given."""
        by = actor_of(request)
        by.require(May.MANAGE_CATALOGUE)
        edited, stored = tier_coded(code), tier_coded(code)
        if edited is None or stored is None:
            raise Http404
        check_if_match(request, etag_of("hotline_tier", stored.pk, stored.version))
        form = TierForm({"version": stored.version, **facts_of(request)}, instance=edited)
        if not form.is_valid():
            raise FactsRefused(form)
        facts = dict(form.cleaned_data)
        version = facts.pop("version")
        change_tier(stored, by=by, now=timezone.now(), version=version, **facts)
        return self._answer(code)

    def _answer(self, code: str) -> Response:
        found = tier_coded(code)
        if found is None:
            raise Http404
        etag = etag_of("hotline_tier", found.pk, found.version)
        return Response(TierOut(found).data, headers={"ETag": etag})


class Ringing(APIView):
    """A telephone system announces a call. Its own id makes it idempotent: no `Idempotency-Key` is asked for."""

    needs_scope = WRITE

    @extend_schema(
        operation_id="hotline_calls_ringing",
        summary="A call rings",
        request=RingingIn,
        responses={200: HotlineCallOut, 201: HotlineCallOut},
        examples=[
            OpenApiExample(
                "A call",
                {
                    "call_id": "pbx-7f3a",
                    "number": "13812341234",
                    "line": "12345",
                    "operator": "operator",
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """It shows on the operators' pages within two seconds. Sent again, it is the same call (200)."""
        demand_phone_system(actor_of(request))
        given = RingingIn(data=request.data)
        given.is_valid(raise_exception=True)
        rung = ring(by=actor_of(request), now=timezone.now(), **given.validated_data)
        return Response(HotlineCallOut(rung.call).data, status=201 if rung.created else 200)


class CallEnded(APIView):
    """A telephone system says that a call is over."""

    needs_scope = WRITE

    @extend_schema(
        operation_id="hotline_calls_ended",
        summary="The caller rang off",
        request=CallIn,
        responses=HotlineCallOut,
    )
    def post(self, request: Request) -> Response:
        """What nobody answered is listed as missed. What was answered stays answered."""
        demand_phone_system(actor_of(request))
        given = CallIn(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            call = hang_up(by=actor_of(request), now=timezone.now(), **given.validated_data)
        except Call.DoesNotExist:
            raise Http404 from None
        return Response(HotlineCallOut(call).data)


class CallerHistory(APIView):
    """What one number asked for. By POST, because a number has no place in an address, which logs keep."""

    needs_scope = READ

    @extend_schema(
        operation_id="hotline_callers_history",
        summary="The orders of a caller's number",
        request=CallerIn,
        responses=HotlineOrderOut(many=True),
    )
    def post(self, request: Request) -> Response:
        """Open orders first, then the newest; twenty at most. Nothing is changed."""
        by = demand(request, May.TAKE_CALLS, May.VISIT)
        given = CallerIn(data=request.data)
        given.is_valid(raise_exception=True)
        found = history_of(by, given.validated_data["number"])
        return Response(HotlineOrderOut(found.orders, many=True).data)


OrderDetail = detail_view(
    DOOR,
    tag="hotline_orders",
    scope=READ,
    of="a hotline order",
    answer=_answer,
    responses=HotlineOrderDetailOut,
)
OrderOffers = offers_view(DOOR, tag="hotline_orders", scope=READ)
OrderTimeline = timeline_view(DOOR, tag="hotline_orders", scope=READ, of="a hotline order")
STEP_VIEWS = step_views(
    DOOR,
    tag="hotline_orders",
    answer=_answer,
    responses=HotlineOrderDetailOut,
)
