"""The API of suggestions and of how they learn."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.roles import May
from config.idempotency import Idempotent
from hotline.models import TrainingRun
from hotline.serializers_suggesting import (
    ItemsIn,
    ItemsOut,
    TrainingDetailOut,
    TrainingIn,
    TrainingOut,
    UnitsIn,
    UnitsOut,
)
from hotline.suggesting.asking import ask_for_training, runs_for
from hotline.suggesting.items import suggest_items
from hotline.suggesting.topics import suggest_topics
from hotline.suggesting.units import suggest_units
from incidents.querysets import READ
from steps.api import demand

# Who decides about items and units: clerks, dispatchers, operators.
_SUGGESTED_TO = (May.ACCEPT, May.DISPATCH, May.TAKE_CALLS)


class ItemsView(Idempotent, APIView):
    """Items for a text."""

    needs_scope = READ

    @extend_schema(
        operation_id="suggest_items",
        summary="Items that a text may be about, each with its reason",
        request=ItemsIn,
        responses=ItemsOut,
        examples=[OpenApiExample("A text", {"text": "小区门口垃圾成堆没人收"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Five items of the edition in force at most, and topics where some were learned. Nothing is decided by it."""
        demand(request, *_SUGGESTED_TO)
        given = ItemsIn(data=request.data)
        given.is_valid(raise_exception=True)
        facts = given.validated_data
        found = suggest_items(facts["text"], facts["title"])
        topics = suggest_topics(facts["text"], facts["title"])
        return Response(ItemsOut({"items": found.items, "topics": topics, "note": found.note}).data)


class UnitsView(Idempotent, APIView):
    """Units for a matter in an area."""

    needs_scope = READ

    @extend_schema(
        operation_id="suggest_units",
        summary="Units that may have to act, each with its reason",
        request=UnitsIn,
        responses=UnitsOut,
        examples=[
            OpenApiExample(
                "A matter", {"item": "010101", "area_code": "120103001"}, request_only=True
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Three units at most: by the rules, and by what became of like cases. Nothing is decided by it."""
        demand(request, *_SUGGESTED_TO)
        given = UnitsIn(data=request.data)
        given.is_valid(raise_exception=True)
        facts = given.validated_data
        found = suggest_units(
            facts["item"],
            facts["area_code"],
            source=facts["source"],
            at=facts.get("at") or timezone.now(),
        )
        return Response(UnitsOut({"units": found.units, "note": found.note}).data)


class TrainingList(Idempotent, ListAPIView[TrainingRun]):
    """Trainings; and asking for one."""

    serializer_class = TrainingOut
    filter_backends = ()
    ordering_fields = (("id", "desc"),)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return TrainingRun.objects.none()
        return runs_for(demand(self.request, May.MANAGE_CATALOGUE))

    @extend_schema(operation_id="trainings", summary="How suggestions learned")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every training with its figures, the newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="training_start",
        summary="Let suggestions learn anew",
        request=TrainingIn,
        responses={201: TrainingDetailOut},
        examples=[OpenApiExample("Items", {"purpose": "items"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """A worker begins in seconds; follow `progress`. 409 where one waits already."""
        by = demand(request, May.MANAGE_CATALOGUE)
        given = TrainingIn(data=request.data)
        given.is_valid(raise_exception=True)
        run = ask_for_training(by=by, now=timezone.now(), **given.validated_data)
        return Response(
            TrainingDetailOut(run).data,
            status=201,
            headers={"Location": f"/api/v1/hotline/trainings/{run.pk}"},
        )


class TrainingDetail(APIView):
    """One training."""

    @extend_schema(
        operation_id="training",
        summary="One training with its figures and confusion",
        responses=TrainingDetailOut,
    )
    def get(self, request: Request, pk: int) -> Response:
        """`figures.table` counts, row by row, what each label of `figures.labels` was taken for."""
        run = runs_for(demand(request, May.MANAGE_CATALOGUE)).filter(pk=pk).first()
        if run is None:
            raise Http404
        return Response(TrainingDetailOut(run).data)
