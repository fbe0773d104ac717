"""What the API of campaigns takes and gives. Times are ISO 8601 with offset, positions WGS 84 degrees."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from campaigns.models import Assignment, Campaign, Milestone, Target, Visit
from clocks.lamps import Lamp, lamp
from incidents.serializers import UnitOut


class TargetFiguresOut(serializers.Serializer[Any]):
    """Targets by what was found there last; `percent` is visited and problem out of all, rounded down."""

    total = serializers.IntegerField()
    todo = serializers.IntegerField()
    absent = serializers.IntegerField()
    visited = serializers.IntegerField()
    problem = serializers.IntegerField()
    percent = serializers.IntegerField()


class CheckLineOut(serializers.Serializer[Any]):
    """A line of the check-list; a visit answers it in `line_<number>`."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    kind = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # a field of that name


class CampaignOut(serializers.ModelSerializer[Campaign]):
    """A campaign in a list."""

    organisation = UnitOut(allow_null=True)
    checklist = CheckLineOut(many=True)

    class Meta:
        model = Campaign
        fields = (
            "number", "version", "kind", "state", "title", "text", "area_code", "organisation", "meeting_name",
            "held_on", "due_on", "limit_value", "limit_kind", "checklist", "drafted_at", "launched_at", "ended_at",
        )  # fmt: skip


class CampaignMilestoneOut(serializers.ModelSerializer[Milestone]):
    class Meta:
        model = Milestone
        fields = ("id", "text", "due_on", "reached_at")


class AssignmentOut(serializers.ModelSerializer[Assignment]):
    """An assignment. `lamp` is of the clock that is due first."""

    campaign = serializers.SlugRelatedField[Campaign](slug_field="number", read_only=True)
    unit = UnitOut(allow_null=True)
    lamp = serializers.SerializerMethodField()

    class Meta:
        model = Assignment
        fields = (
            "number", "version", "campaign", "state", "area_code", "unit", "text", "due_on", "due_at", "amber_at",
            "lamp", "sent_at", "received_at", "reported_at", "noted_at", "urged_at", "urged_count", "ended_at",
        )  # fmt: skip

    def get_lamp(self, assignment: Assignment) -> Lamp:
        return lamp(assignment.due_at, assignment.amber_at, timezone.now())


class RowOut(serializers.Serializer[Any]):
    """An assignment with its figures."""

    assignment = AssignmentOut()
    place = serializers.CharField()
    figures = TargetFiguresOut()
    percent = serializers.IntegerField()
    milestones = serializers.IntegerField()
    reached = serializers.IntegerField()
    lags = serializers.BooleanField()
    lacks_note = serializers.BooleanField()


class BarOut(serializers.Serializer[Any]):
    """A campaign with its lines, laggards first."""

    campaign = CampaignOut()
    figures = TargetFiguresOut()
    percent = serializers.IntegerField()
    laggards = serializers.IntegerField()
    late = serializers.IntegerField()
    lamp = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    rows = RowOut(many=True)


class ZoneOut(serializers.Serializer[Any]):
    """A zone with its cadres and figures."""

    id = serializers.IntegerField(source="zone.pk")
    name = serializers.CharField(source="zone.name")
    starts_on = serializers.DateField(source="zone.starts_on")
    ends_on = serializers.DateField(source="zone.ends_on", allow_null=True)
    figures = TargetFiguresOut()
    people = serializers.SerializerMethodField()

    def get_people(self, shown: Any) -> list[dict[str, Any]]:
        return [
            {"name": name, "leads": leads, "arrived_at": at} for name, leads, at in shown.people
        ]


class AssignmentDetailOut(serializers.Serializer[Any]):
    """An assignment with figures, zones and milestones."""

    row = RowOut()
    zones = ZoneOut(many=True)
    milestones = CampaignMilestoneOut(many=True)


class VisitOut(serializers.ModelSerializer[Visit]):
    """A visit; `answers` by number of the line, `incident` where its problem became a case."""

    incident = serializers.SlugRelatedField[Any](
        slug_field="number", read_only=True, allow_null=True
    )

    class Meta:
        model = Visit
        fields = ("visited_at", "visited_by", "found", "answers", "note", "incident")


class TargetOut(serializers.ModelSerializer[Target]):
    """A target; `state` is what the last visit found."""

    campaign = serializers.SlugRelatedField[Campaign](slug_field="number", read_only=True)
    assignment = serializers.SlugRelatedField[Assignment](slug_field="number", read_only=True)

    class Meta:
        model = Target
        fields = (
            "number", "version", "campaign", "assignment", "zone", "kind", "state", "name", "address", "area_code",
            "lon", "lat", "updated_at",
        )  # fmt: skip


class TargetDetailOut(serializers.Serializer[Any]):
    """A target with its visits, the newest first."""

    target = TargetOut()
    visits = VisitOut(many=True)


class MineOut(serializers.Serializer[Any]):
    """A zone of mine, or what lies in my grids of one campaign (`zone` null), and where to go next."""

    zone = serializers.IntegerField(source="zone.pk", allow_null=True, default=None)
    zone_name = serializers.CharField(source="zone.name", allow_null=True, default=None)
    campaign = serializers.CharField(source="campaign.number")
    assignment = serializers.CharField(source="assignment.number")
    figures = TargetFiguresOut()
    arrived_at = serializers.DateTimeField(allow_null=True)
    next_ones = TargetOut(many=True)
    more = serializers.IntegerField()


class ListIn(serializers.Serializer[dict[str, Any]]):
    """A list of targets as CSV: headings, or name, address and whom it belongs to."""

    lines = serializers.CharField(required=False, allow_blank=True, default="")
    every_grid = serializers.BooleanField(required=False, default=False)


class DefectOut(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    text = serializers.CharField()
    sentence = serializers.CharField()


class ListOut(serializers.Serializer[Any]):
    """What a list says: how many would be written, how many are there already, and every defect."""

    fresh = serializers.IntegerField()
    there = serializers.IntegerField()
    problems = DefectOut(many=True)
    untold = serializers.IntegerField()


class UrgedLaggardsOut(serializers.Serializer[Any]):
    urged = serializers.IntegerField()


class UrgeLaggardsIn(serializers.Serializer[dict[str, Any]]):
    text = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
