"""The API of supervision: the same actions and filters as the pages."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.roles import May
from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from incidents.models import Incident
from incidents.querysets import READ, WRITE
from incidents.serializers import IncidentOut
from steps.api import actor_of, demand
from supervision.api_examples import ORDER, ORDERS, STEP_TEXTS, URGE, URGED
from supervision.desk import spread, watched
from supervision.filters import DeskFilter, OrderFilter
from supervision.models import Order
from supervision.orders import open_orders
from supervision.querysets import visible_to
from supervision.reading import for_list, unit_coded
from supervision.serializers import (
    OrderOut,
    OrdersIn,
    SendBackIn,
    SpreadOut,
    StepIn,
    UrgedOut,
    UrgeIn,
)
from supervision.steps import ORDER_STEPS
from supervision.taking import take
from supervision.urging import urge_many


class WatchedCases(ListAPIView[Incident]):
    """Red and amber cases in scope."""

    needs_scope = READ
    serializer_class = IncidentOut
    filterset_class = DeskFilter
    ordering_fields = (("due_order", "asc"), ("id", "asc"))

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Incident.objects.none()
        seen = watched(demand(self.request, May.SUPERVISE), timezone.now())
        return seen.select_related("item__version", "unit", "centre", "main_case")

    @extend_schema(operation_id="supervision_cases", summary="Cases that are late or nearly so")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Open cases of the supervised areas that are amber or red, the one longest overdue first."""
        return super().get(request, *args, **kwargs)


class SpreadView(APIView):
    """The spread of late cases."""

    needs_scope = READ

    @extend_schema(
        operation_id="supervision_spread",
        summary="Late cases by unit and by area",
        responses=SpreadOut,
    )
    def get(self, request: Request) -> Response:
        """Counted over the oldest 2,000 at most."""
        return Response(SpreadOut(spread(demand(request, May.SUPERVISE), timezone.now())).data)


class UrgeView(Idempotent, APIView):
    """Urging several cases."""

    needs_scope = WRITE

    @extend_schema(
        operation_id="supervision_urge",
        summary="Urge one case or several",
        request=UrgeIn,
        responses=UrgedOut(many=True),
        examples=[
            OpenApiExample("Two cases", URGE, request_only=True),
            OpenApiExample("How each went", URGED, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """Each on its own: one that is refused stops no other."""
        by = demand(request, May.URGE)
        given = UrgeIn(data=request.data)
        given.is_valid(raise_exception=True)
        facts = given.validated_data
        done = urge_many(numbers=facts["numbers"], text=facts["text"], by=by, now=timezone.now())
        return Response(UrgedOut(done, many=True).data)


class OrderList(Idempotent, ListAPIView[Order]):
    """Orders in scope; and opening some."""

    needs_scope = {"GET": READ, "POST": WRITE}
    serializer_class = OrderOut
    filterset_class = OrderFilter
    ordering_fields = (("id", "desc"),)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Order.objects.none()
        actor = demand(self.request, May.SUPERVISE, May.ANSWER_ORDER)
        return for_list(visible_to(actor)).prefetch_related("replies")

    @extend_schema(
        operation_id="supervision_orders",
        summary="Orders that you see",
        examples=[OpenApiExample("An order", ORDER, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those on cases that you supervise or coordinate, and those that your organisation must answer."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="supervision_order_open",
        summary="Order an answer on one case or several",
        request=OrdersIn,
        responses={201: OrderOut(many=True)},
        examples=[OpenApiExample("Two cases", ORDERS, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """All are opened, or none."""
        by = demand(request, May.SUPERVISE)
        given = OrdersIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(OrderOut(_opened(given.validated_data, by), many=True).data, status=201)


def _opened(facts: dict[str, Any], by: Actor) -> list[Order]:
    unit = unit_coded(facts.get("unit", ""))
    try:
        return open_orders(
            numbers=facts["numbers"],
            unit_id=unit.pk if unit else None,
            question=facts["question"],
            answer_by=facts["answer_by"],
            by=by,
            now=timezone.now(),
        )
    except Incident.DoesNotExist:
        raise Http404 from None


def _seen(request: Request, pk: int) -> Order:
    actor = demand(request, May.SUPERVISE, May.ANSWER_ORDER)
    found = for_list(visible_to(actor)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _etag(order: Order) -> str:
    return etag_of("order", order.pk, order.version)


def _answer(order: Order) -> Response:
    return Response(OrderOut(order).data, headers={"ETag": _etag(order)})


class OrderDetail(APIView):
    """One order."""

    needs_scope = READ

    @extend_schema(
        operation_id="supervision_order",
        summary="One order with its answers",
        responses=OrderOut,
        examples=[OpenApiExample("An order", ORDER, response_only=True)],
    )
    def get(self, request: Request, pk: int) -> Response:
        """With the ETag that its steps need."""
        return _answer(_seen(request, pk))


class OrderStepView(Idempotent, APIView):
    """Taking one step; a subclass for each row of the table (see `step_views`)."""

    needs_scope = WRITE
    needs_if_match = ("POST",)
    step = ""
    takes: type[StepIn] = StepIn

    def taken(self, request: Request, pk: int) -> Response:
        """Take the step as the caller, over the version that `If-Match` names."""
        seen = _seen(request, pk)
        check_if_match(request, _etag(seen))
        given = self.takes(data=request.data)
        given.is_valid(raise_exception=True)
        anyhow = request.headers.get("If-Match", "").strip() == "*"
        take(
            self.step,
            order_id=pk,
            text=given.validated_data["text"],
            answer_by=given.validated_data.get("answer_by"),
            by=actor_of(request),
            now=timezone.now(),
            version=None if anyhow else seen.version,
        )
        return _answer(_seen(request, pk))


def step_views() -> dict[str, type[OrderStepView]]:
    """A view for each step of an order."""
    return {code: _step_view(code) for code in ORDER_STEPS}


def _step_view(code: str) -> type[OrderStepView]:
    step, takes = ORDER_STEPS[code], SendBackIn if code == "send_back" else StepIn

    @extend_schema(
        operation_id=f"supervision_step_{code}",
        summary=f"{step.label}",
        description=f"From {', '.join(sorted(step.sources))} to {step.to}. {step.why}",
        request=takes,
        responses=OrderOut,
        examples=[OpenApiExample("Words", {"text": STEP_TEXTS[code]}, request_only=True)],
    )
    def post(self: OrderStepView, request: Request, pk: int) -> Response:
        """Take the step on the version that was seen. 412 where somebody was first."""
        return self.taken(request, pk)

    name = "".join(part.title() for part in code.split("_"))
    body = {"step": code, "takes": takes, "post": post, "__doc__": step.why or str(step.label)}
    return type(f"{name}Order", (OrderStepView,), body)
