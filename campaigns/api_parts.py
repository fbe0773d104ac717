"""The API of what belongs to campaigns: assignments, targets and one's own zones."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import ActorKind
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
from steps.api import actor_of, etag, seen, step_views
from steps.history import timeline
from steps.serializers import LineOut, OfferOut


def assignment_answer(request: Request, assignment: Assignment) -> Response:
    found = seen(ASSIGNMENTS, request, assignment.number)
    reading = AssignmentReading(found, actor_of(request), timezone.now())
    return Response(AssignmentDetailOut(reading).data, headers={"ETag": etag(ASSIGNMENTS, found)})


def target_answer(request: Request, target: Target) -> Response:
    found = seen(TARGETS, request, target.number)
    reading = TargetReading(found, actor_of(request), timezone.now())
    body = {"target": found, "visits": [visit for visit, _answers in reading.visits]}
    return Response(TargetDetailOut(body).data, headers={"ETag": etag(TARGETS, found)})


class AssignmentList(ListAPIView[Assignment]):
    """Assignments in scope."""

    needs_scope = READ
    serializer_class = AssignmentOut
    filterset_class = AssignmentFilter
    ordering_fields = (("id", "desc"),)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Assignment.objects.none()
        return with_names(assignments_visible_to(actor_of(self.request)))

    @extend_schema(operation_id="campaign_assignments_list", summary="Assignments in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those of campaigns that you sent or watch, and those that were sent to you."""
        return super().get(request, *args, **kwargs)


class AssignmentDetail(APIView):
    """One assignment."""

    needs_scope = READ

    @extend_schema(
        operation_id="campaign_assignments_read",
        summary="One assignment",
        responses=AssignmentDetailOut,
    )
    def get(self, request: Request, number: str) -> Response:
        """With figures, zones and milestones, and the ETag that its steps need."""
        return assignment_answer(request, seen(ASSIGNMENTS, request, number))


class AssignmentOffers(APIView):
    """What may be done with an assignment now."""

    needs_scope = READ

    @extend_schema(
        operation_id="campaign_assignments_steps",
        summary="Steps that you could take",
        responses=OfferOut(many=True),
    )
    def get(self, request: Request, number: str) -> Response:
        """Allowed ones first, the others with the reason why not."""
        found = seen(ASSIGNMENTS, request, number)
        offers = ASSIGNMENTS.available(found, actor_of(request), timezone.now())
        return Response(OfferOut(offers, many=True).data)


class AssignmentTimeline(APIView):
    """What happened to an assignment."""

    needs_scope = READ

    @extend_schema(
        operation_id="campaign_assignments_timeline",
        summary="What happened",
        responses=LineOut(many=True),
    )
    def get(self, request: Request, number: str) -> Response:
        """The oldest first."""
        found = seen(ASSIGNMENTS, request, number)
        return Response(LineOut(timeline((ASSIGNMENTS.subject, found.pk)), many=True).data)


class TargetList(ListAPIView[Target]):
    """Targets in scope."""

    needs_scope = READ
    serializer_class = TargetOut
    filterset_class = TargetFilter
    ordering_fields = (("id", "asc"),)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Target.objects.none()
        seen_ones = targets_visible_to(actor_of(self.request))
        return seen_ones.select_related("campaign", "assignment")

    @extend_schema(operation_id="campaign_targets_list", summary="Targets in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those of the assignments that you see, and those of your zones and grids."""
        return super().get(request, *args, **kwargs)


class TargetDetail(APIView):
    """One target."""

    needs_scope = READ

    @extend_schema(
        operation_id="campaign_targets_read", summary="One target", responses=TargetDetailOut
    )
    def get(self, request: Request, number: str) -> Response:
        """With its visits, and the ETag that its steps need."""
        return target_answer(request, seen(TARGETS, request, number))


class TargetOffers(APIView):
    """What may be done with a target now."""

    needs_scope = READ

    @extend_schema(
        operation_id="campaign_targets_steps",
        summary="Steps that you could take",
        responses=OfferOut(many=True),
    )
    def get(self, request: Request, number: str) -> Response:
        """Allowed ones first, the others with the reason why not."""
        found = seen(TARGETS, request, number)
        offers = TARGETS.available(found, actor_of(request), timezone.now())
        return Response(OfferOut(offers, many=True).data)


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


ASSIGNMENT_STEPS = step_views(
    ASSIGNMENTS,
    tag="campaign_assignments",
    answer=assignment_answer,
    responses=AssignmentDetailOut,
)
TARGET_STEPS = step_views(
    TARGETS, tag="campaign_targets", answer=target_answer, responses=TargetDetailOut
)
