"""The API of what belongs to campaigns: assignments, targets and one's own zones."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor, ActorKind
from campaigns.door import ASSIGNMENTS, TARGETS
from campaigns.filters import AssignmentFilter, TargetFilter
from campaigns.models import Assignment, Target
from campaigns.querysets import (
    READ,
    assignments_visible_to,
    targets_visible_to,
    with_names,
)
from campaigns.reading import AssignmentReading, TargetReading, mine
from campaigns.serializers import (
    AssignmentDetailOut,
    AssignmentOut,
    MineOut,
    TargetDetailOut,
    TargetOut,
)
from steps.api import (
    RecordList,
    actor_of,
    answered,
    detail_view,
    offers_view,
    seen,
    step_views,
    timeline_view,
)


def assignment_answer(request: Request, assignment: Assignment) -> Response:
    """An assignment with figures, zones and milestones, and its ETag."""
    found = seen(ASSIGNMENTS, request, assignment.number)
    reading = AssignmentReading(found, actor_of(request), timezone.now())
    return answered(ASSIGNMENTS, found, AssignmentDetailOut(reading).data)


def target_answer(request: Request, target: Target) -> Response:
    """A target with its visits, and its ETag."""
    found = seen(TARGETS, request, target.number)
    reading = TargetReading(found, actor_of(request), timezone.now())
    body = {"target": found, "visits": [visit for visit, _answers in reading.visits]}
    return answered(TARGETS, found, TargetDetailOut(body).data)


class AssignmentList(RecordList[Assignment]):
    """Assignments in scope."""

    needs_scope = READ
    model = Assignment
    serializer_class = AssignmentOut
    filterset_class = AssignmentFilter
    ordering_fields = (("id", "desc"),)

    def in_scope(self, actor: Actor) -> QuerySet[Assignment]:
        return with_names(assignments_visible_to(actor))

    @extend_schema(operation_id="campaign_assignments_list", summary="Assignments in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those of campaigns that you sent or watch, and those that were sent to you."""
        return super().get(request, *args, **kwargs)


class TargetList(RecordList[Target]):
    """Targets in scope."""

    needs_scope = READ
    model = Target
    serializer_class = TargetOut
    filterset_class = TargetFilter
    ordering_fields = (("id", "asc"),)

    def in_scope(self, actor: Actor) -> QuerySet[Target]:
        return targets_visible_to(actor).select_related("campaign", "assignment")

    @extend_schema(operation_id="campaign_targets_list", summary="Targets in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those of the assignments that you see, and those of your zones and grids."""
        return super().get(request, *args, **kwargs)


class MyZones(APIView):
    """One's own zones."""

    needs_scope = READ

    @extend_schema(
        operation_id="campaign_zones_mine",
        summary="My zones, and where to go next",
        responses=MineOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """For people; a partner system serves in no zone."""
        actor = actor_of(request)
        if actor.kind is not ActorKind.USER:
            raise PermissionDenied
        return Response(MineOut(mine(actor, timezone.now()), many=True).data)


AssignmentDetail = detail_view(
    ASSIGNMENTS,
    tag="campaign_assignments",
    scope=READ,
    of="an assignment",
    answer=assignment_answer,
    responses=AssignmentDetailOut,
)
AssignmentOffers = offers_view(ASSIGNMENTS, tag="campaign_assignments", scope=READ)
AssignmentTimeline = timeline_view(
    ASSIGNMENTS, tag="campaign_assignments", scope=READ, of="an assignment"
)
ASSIGNMENT_STEPS = step_views(
    ASSIGNMENTS,
    tag="campaign_assignments",
    answer=assignment_answer,
    responses=AssignmentDetailOut,
)

TargetDetail = detail_view(
    TARGETS,
    tag="campaign_targets",
    scope=READ,
    of="a target",
    answer=target_answer,
    responses=TargetDetailOut,
)
TargetOffers = offers_view(TARGETS, tag="campaign_targets", scope=READ)
TARGET_STEPS = step_views(
    TARGETS, tag="campaign_targets", answer=target_answer, responses=TargetDetailOut
)
