"""The API of campaigns: the same actions and filters as the pages, one address for each step."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.roles import May
from campaigns.door import CAMPAIGNS
from campaigns.drafting import draft
from campaigns.filters import CampaignFilter
from campaigns.judging import urge_laggards
from campaigns.listing import read_targets
from campaigns.models import Campaign
from campaigns.querysets import CONCERNED, READ, WRITE, visible_to
from campaigns.reading import CampaignReading, board
from campaigns.serializers import (
    BarOut,
    CampaignOut,
    ListIn,
    ListOut,
    UrgedLaggardsOut,
    UrgeLaggardsIn,
)
from campaigns.step_forms import DraftFacts
from config.idempotency import Idempotent
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
from steps.schema import serializer_of

_DRAFT = {
    "kind": "sweep",
    "title": "沿街商铺消防隐患扫街筛查",
    "text": "逐户查看消防通道、灭火器、电动车充电",
    "due_on": "2026-12-31",
    "area": "120103007",
}


def answer(request: Request, campaign: Campaign, status: int = 200) -> Response:
    """A campaign with its lines, and its ETag."""
    found = seen(CAMPAIGNS, request, campaign.number)
    reading = CampaignReading(found, actor_of(request), timezone.now())
    return answered(CAMPAIGNS, found, BarOut(reading.bar).data, at="campaigns", status=status)


class CampaignList(Idempotent, RecordList[Campaign]):
    """Campaigns in scope, newest first; and drafting one."""

    needs_scope = {"GET": READ, "POST": WRITE}
    model, readers = Campaign, CONCERNED
    serializer_class = CampaignOut
    filterset_class = CampaignFilter
    ordering_fields = (("drafted_at", "desc"), ("id", "desc"))

    def in_scope(self, actor: Actor) -> QuerySet[Campaign]:
        return visible_to(actor).select_related("organisation")

    @extend_schema(operation_id="campaigns_list", summary="Campaigns in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The campaigns that fit the filters. Follow `next` to go on."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="campaigns_draft",
        summary="Draft a campaign",
        request=serializer_of("DraftCampaignFacts", DraftFacts),
        responses={201: BarOut},
        examples=[OpenApiExample("A sweep", _DRAFT, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Draft it; whom it goes to, targets and check-list are steps of their own."""
        made = draft(by=actor_of(request), now=timezone.now(), facts=facts_of(request))
        return answer(request, made, 201)


class Board(APIView):
    """What runs."""

    needs_scope = READ

    @extend_schema(
        operation_id="campaigns_board", summary="Running campaigns", responses=BarOut(many=True)
    )
    def get(self, request: Request) -> Response:
        """All that run in scope with their figures, the one that lags most first."""
        found = board(demand(request, *CONCERNED), timezone.now())
        return Response(BarOut(found, many=True).data)


class CheckList(Idempotent, APIView):
    """Checking a list of targets before it is written."""

    needs_scope = WRITE

    @extend_schema(
        operation_id="campaigns_check_targets",
        summary="Check a list of targets",
        request=ListIn,
        responses=ListOut,
    )
    def post(self, request: Request, number: str) -> Response:
        """Every defect of every line; nothing is written. `add_targets` writes the list, whole or not at all."""
        found = seen(CAMPAIGNS, request, number)
        meeting = CAMPAIGNS.meet(found, actor_of(request), timezone.now())
        CAMPAIGNS.demand_role(meeting, CAMPAIGNS.table["add_targets"])
        given = ListIn(data=request.data)
        given.is_valid(raise_exception=True)
        facts = given.validated_data
        read = read_targets(found, facts["lines"], every_grid=facts["every_grid"])
        body = {
            "fresh": len(read.fresh),
            "there": read.there,
            "problems": read.problems,
            "untold": read.untold,
        }
        return Response(ListOut(body).data)


class Urge(Idempotent, APIView):
    """Urging all who lag."""

    needs_scope = WRITE

    @extend_schema(
        operation_id="campaigns_urge",
        summary="Urge all who lag",
        request=UrgeLaggardsIn,
        responses=UrgedLaggardsOut,
    )
    def post(self, request: Request, number: str) -> Response:
        """Whoever was urged within the hour is left alone."""
        found = seen(CAMPAIGNS, request, number)
        by = demand(request, May.LAUNCH_CAMPAIGN)
        given = UrgeLaggardsIn(data=request.data)
        given.is_valid(raise_exception=True)
        text = given.validated_data["text"]
        n = urge_laggards(campaign=found, by=by, now=timezone.now(), text=text)
        return Response(UrgedLaggardsOut({"urged": n}).data)


CampaignDetail = detail_view(
    CAMPAIGNS, tag="campaigns", scope=READ, of="a campaign", answer=answer, responses=BarOut
)
CampaignOffers = offers_view(CAMPAIGNS, tag="campaigns", scope=READ)
CampaignTimeline = timeline_view(CAMPAIGNS, tag="campaigns", scope=READ, of="a campaign")
STEPS = step_views(CAMPAIGNS, tag="campaigns", answer=answer, responses=BarOut)
