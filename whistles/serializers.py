"""What the API of whistles takes and gives. Times are ISO 8601 with offset, positions WGS 84 degrees."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from clocks.lamps import Lamp, lamp
from incidents.serializers import UnitOut
from steps.serializers import OfferOut
from whistles.choices import Stage
from whistles.models import Milestone, PersonnelSuggestion, Whistle, WhistleType


class WhistleTypeOut(serializers.ModelSerializer[WhistleType]):
    """A kind of whistle; limits as value and kind, null where the stage is not asked for."""

    limits = serializers.SerializerMethodField()

    class Meta:
        model = WhistleType
        fields = (
            "code",
            "name",
            "name_en",
            "mechanism",
            "blown_by",
            "enabled",
            "version",
            "limits",
        )

    def get_limits(self, kind: WhistleType) -> dict[str, dict[str, str] | None]:
        found = {stage: kind.allowance(stage) for stage in Stage}
        return {
            str(stage): {"value": str(one.value), "kind": str(one.kind)} if one else None
            for stage, one in found.items()
        }


class PartOut(serializers.Serializer[Any]):
    """A unit's part. The grade is empty to a unit until the whistle is evaluated, and always to other units."""

    unit = UnitOut(source="part.unit")
    lead = serializers.BooleanField(source="part.lead")
    state = serializers.CharField(source="part.state")
    signed_at = serializers.DateTimeField(source="part.signed_at", allow_null=True)
    sign_in_time = serializers.BooleanField(source="part.sign_in_time", allow_null=True)
    contacted_at = serializers.DateTimeField(source="part.contacted_at", allow_null=True)
    arrived_at = serializers.DateTimeField(source="part.arrived_at", allow_null=True)
    arrive_in_time = serializers.BooleanField(source="part.arrive_in_time", allow_null=True)
    arrived_lon = serializers.FloatField(source="part.arrived_lon", allow_null=True)
    arrived_lat = serializers.FloatField(source="part.arrived_lat", allow_null=True)
    arrived_accuracy_m = serializers.FloatField(source="part.arrived_accuracy_m", allow_null=True)
    late = serializers.BooleanField(source="part.is_late")
    absent = serializers.BooleanField(source="part.is_absent")
    delivered_at = serializers.DateTimeField(source="part.delivered_at", allow_null=True)
    delivery = serializers.CharField(source="part.delivery", allow_blank=True)
    left_at = serializers.DateTimeField(source="part.left_at", allow_null=True)
    objection = serializers.CharField(source="part.objection", allow_blank=True)
    grade = serializers.SerializerMethodField()
    grade_text = serializers.CharField(allow_blank=True)

    def get_grade(self, shown: Any) -> str:
        return str(shown.part.grade) if shown.grade else ""


class MilestoneOut(serializers.ModelSerializer[Milestone]):
    """A step of the plan."""

    unit = UnitOut(allow_null=True)

    class Meta:
        model = Milestone
        fields = ("id", "text", "unit", "due_on", "done_at")


class WhistleOut(serializers.ModelSerializer[Whistle]):
    """A whistle in a list. `lamp` is of the clock that is due first."""

    type = serializers.SlugRelatedField[WhistleType](slug_field="code", read_only=True)
    street = UnitOut(allow_null=True)
    lamp = serializers.SerializerMethodField()
    units = serializers.SerializerMethodField()

    class Meta:
        model = Whistle
        fields = (
            "number", "version", "state", "type", "text", "street_code", "area_code", "street", "address", "lon",
            "lat", "stay", "lamp", "due_at", "amber_at", "drafted_at", "approved_at", "blown_at", "confirmed_at",
            "evaluated_at", "ended_at", "updated_at", "units",
        )  # fmt: skip

    def get_lamp(self, whistle: Whistle) -> Lamp:
        return lamp(whistle.due_at, whistle.amber_at, timezone.now())

    def get_units(self, whistle: Whistle) -> list[str]:
        return [part.unit.code for part in whistle.summonses.all()]


class WhistleDetailOut(serializers.Serializer[Any]):
    """A whistle with its units, its plan, and the cases that it hangs on."""

    whistle = WhistleOut()
    parts = PartOut(many=True)
    plan = MilestoneOut(many=True)
    cases = serializers.ListField(child=serializers.CharField())


class WhistleOfferOut(OfferOut):
    """A step as the caller meets it now; `unit` where it is about one."""

    unit = serializers.CharField(source="part.unit.code", default=None, allow_null=True)


class FigureLineOut(serializers.Serializer[Any]):
    """A street's or a unit's line. `grade` is the mean of 100, 85, 60 and 0 points; null without any."""

    code = serializers.CharField()
    name = serializers.CharField()
    blown = serializers.IntegerField()
    summoned = serializers.IntegerField()
    signed_in_time = serializers.IntegerField()
    sign_judged = serializers.IntegerField()
    arrived_in_time = serializers.IntegerField()
    arrive_judged = serializers.IntegerField()
    late = serializers.IntegerField()
    absent = serializers.IntegerField()
    released = serializers.IntegerField()
    grade = serializers.FloatField(allow_null=True)
    too_many = serializers.BooleanField()
    never = serializers.BooleanField()


class FiguresOut(serializers.Serializer[Any]):
    """Who blows how often, and who comes, in a period."""

    first_day = serializers.DateField()
    last_day = serializers.DateField()
    median = serializers.FloatField()
    multiple = serializers.FloatField()
    streets = FigureLineOut(many=True)
    units = FigureLineOut(many=True)


class PeriodIn(serializers.Serializer[dict[str, Any]]):
    """Local days, both included; without them the last 90 days."""

    first = serializers.DateField(required=False)
    last = serializers.DateField(required=False)


class SuggestionOut(serializers.ModelSerializer[PersonnelSuggestion]):
    """A suggestion without the person: for the list."""

    unit = UnitOut()

    class Meta:
        model = PersonnelSuggestion
        fields = ("id", "version", "state", "kind", "unit", "street_code", "suggested_at")


class SuggestionDetailOut(SuggestionOut):
    """A suggestion with what it says; each reading is journaled."""

    whistle = serializers.SlugRelatedField[Whistle](
        slug_field="number", read_only=True, allow_null=True
    )

    class Meta(SuggestionOut.Meta):
        fields = (*SuggestionOut.Meta.fields, "person_name", "text", "answer", "whistle", "decided_at",
                  "received_at")  # type: ignore[assignment]  # fmt: skip


class AnswerIn(serializers.Serializer[dict[str, Any]]):
    """What is answered to a suggestion, if anything."""

    answer = serializers.CharField(required=False, allow_blank=True, max_length=2000)
