"""The API of emergencies: modes, activations, call-ups, whoever is called; the actions and filters of the pages."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.roles import May
from config.etags import etag_of
from config.idempotency import Idempotent
from emergency.declaring import declare
from emergency.doors import ACTIVATIONS, CALL_UPS, CALLED
from emergency.filters import ActivationFilter
from emergency.mode import mode_of
from emergency.models import Activation, Called, CallUp, Pace
from emergency.paces import PaceForm, change_pace
from emergency.querysets import (
    READ,
    WATCHES,
    WRITE,
    activations_visible_to,
    call_ups_visible_to,
    own_calls,
    paces,
    prefixes,
)
from emergency.reading import Board
from emergency.serializers import (
    ActivationOut,
    BoardOut,
    CalledOut,
    CallUpOut,
    ModeOut,
    PaceOut,
)
from emergency.step_forms import DeclareFacts
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
    version_given,
)
from steps.schema import serializer_of

_DECLARATION = {
    "area": "120103007",
    "kind": "flood",
    "level": "orange",
    "reason": "持续强降雨，低洼路段积水",
    "instructions": "各社区排查地下空间，转移低洼住户",
    "call_all": False,
}


class ModeView(APIView):
    """Peace or emergency."""

    needs_scope = READ

    @extend_schema(operation_id="emergency_mode", summary="The mode of an area", responses=ModeOut)
    def get(self, request: Request, area_code: str) -> Response:
        """By its own activation and those above it. 404 where the caller has nothing to do with the area."""
        codes = prefixes(demand(request, *WATCHES), *WATCHES)
        if not any(area_code.startswith(code) or code.startswith(area_code) for code in codes):
            raise Http404
        return Response(ModeOut(mode_of(area_code)).data)


# --- activations -----------------------------------------------------------------------------------


def activation_answer(_request: Request, found: Activation, status: int = 200) -> Response:
    """The activation with its ETag."""
    body = ActivationOut(found).data
    return answered(ACTIVATIONS, found, body, at="emergency/activations", status=status)


class ActivationList(Idempotent, RecordList[Activation]):
    """Activations in scope; and declaring one."""

    needs_scope = {"GET": READ, "POST": WRITE}
    model, readers = Activation, WATCHES
    serializer_class = ActivationOut
    filterset_class = ActivationFilter
    ordering_fields = (("declared_at", "desc"), ("id", "desc"))

    def in_scope(self, actor: Actor) -> QuerySet[Activation]:
        return activations_visible_to(actor).select_related("declared_by")

    @extend_schema(operation_id="emergency_list", summary="Areas in emergency, and those that were")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest first; `state=declared` for those in force."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="emergency_declare",
        summary="Put an area into emergency",
        request=serializer_of("DeclareEmergencyFacts", DeclareFacts),
        responses={201: ActivationOut},
        examples=[OpenApiExample("A flood", _DECLARATION, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """409 where the area is in emergency already."""
        made = declare(by=actor_of(request), now=timezone.now(), facts=facts_of(request))
        return activation_answer(request, made, 201)


ActivationDetail = detail_view(
    ACTIVATIONS,
    tag="emergency",
    scope=READ,
    of="an emergency",
    answer=activation_answer,
    responses=ActivationOut,
)
ActivationOffers = offers_view(ACTIVATIONS, tag="emergency", scope=READ)
ActivationTimeline = timeline_view(ACTIVATIONS, tag="emergency", scope=READ, of="an emergency")
ACTIVATION_STEPS = step_views(
    ACTIVATIONS, tag="emergency", answer=activation_answer, responses=ActivationOut
)

# --- call-ups --------------------------------------------------------------------------------------


def call_up_answer(request: Request, found: CallUp) -> Response:
    """The board with the ETag of the call-up."""
    team = request.query_params.get("team", "")
    board = Board(found, actor_of(request), timezone.now(), team)
    return answered(CALL_UPS, found, BoardOut(board).data)


class CallUpList(RecordList[CallUp]):
    """Call-ups in scope, and those in which the caller leads a team."""

    needs_scope = READ
    model = CallUp
    serializer_class = CallUpOut
    ordering_fields = (("id", "desc"),)

    def in_scope(self, actor: Actor) -> QuerySet[CallUp]:
        return call_ups_visible_to(actor).select_related("activation")

    @extend_schema(operation_id="emergency_call_ups", summary="Call-ups")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest first."""
        return super().get(request, *args, **kwargs)


class CallUpDetail(APIView):
    """One call-up, live."""

    needs_scope = READ

    @extend_schema(
        operation_id="emergency_board",
        summary="The board of a call-up",
        responses=BoardOut,
        parameters=[OpenApiParameter("team", int, description="The people of this team.")],
    )
    def get(self, request: Request, number: str) -> Response:
        """Counts by team; people of one team, else whoever is missing, at most 200."""
        return call_up_answer(request, seen(CALL_UPS, request, number))


# --- whoever is called -----------------------------------------------------------------------------


def called_answer(_request: Request, found: Called) -> Response:
    """The person called, with the ETag."""
    return answered(CALLED, found, CalledOut(found).data)


class OwnCalls(RecordList[Called]):
    """Where the caller is called to."""

    needs_scope = READ
    model = Called
    serializer_class = CalledOut
    ordering_fields = (("id", "desc"),)

    def in_scope(self, actor: Actor) -> QuerySet[Called]:
        return own_calls(actor)

    @extend_schema(operation_id="emergency_own_calls", summary="Where you are called to")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The latest first."""
        return super().get(request, *args, **kwargs)


class CalledDetail(APIView):
    """One person called."""

    needs_scope = READ

    @extend_schema(
        operation_id="emergency_called", summary="One person called", responses=CalledOut
    )
    def get(self, request: Request, number: str) -> Response:
        """For the person, the leader and whoever watches the area."""
        return called_answer(request, seen(CALLED, request, number))


# --- times -----------------------------------------------------------------------------------------


class PaceList(APIView):
    """The times of call-ups by level."""

    needs_scope = READ

    @extend_schema(
        operation_id="emergency_paces",
        summary="The times of call-ups by level",
        responses=PaceOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """In minutes."""
        demand(request, May.MANAGE_LADDERS)
        return Response(PaceOut(paces(), many=True).data)


class PaceDetail(Idempotent, APIView):
    """The times of one level."""

    needs_scope = {"POST": WRITE}
    needs_if_match = ("POST",)

    @extend_schema(
        operation_id="emergency_pace_change",
        summary="Change the times of a level",
        request=serializer_of("PaceFacts", PaceForm),
        responses=PaceOut,
    )
    def post(self, request: Request, level: str) -> Response:
        """Call-ups under way keep theirs. The ETag is `"pace-LEVEL-VERSION"`."""
        by = demand(request, May.MANAGE_LADDERS)
        found = paces().filter(level=level).first()
        if found is None:
            raise Http404
        version = version_given(request, _pace_etag(found), found.version)
        changed = change_pace(
            level=level,
            facts=facts_of(request),
            version=version,
            by=by,
            now=timezone.now(),
        )
        return Response(PaceOut(changed).data, headers={"ETag": _pace_etag(changed)})


def _pace_etag(pace: Pace) -> str:
    return etag_of("pace", pace.level, pace.version)


CALL_UP_STEPS = step_views(
    CALL_UPS, tag="emergency_call_up", answer=call_up_answer, responses=BoardOut
)
CALLED_STEPS = step_views(CALLED, tag="emergency_called", answer=called_answer, responses=CalledOut)
