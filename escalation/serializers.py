"""What the API of ladders takes and gives. Times are ISO 8601 with offset."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from escalation.choices import Deed, When
from escalation.models import EscalationRule, Ladder
from incidents.choices import Risk, Stage, Urgency


class RungIn(serializers.Serializer[dict[str, Any]]):
    """One rung of a rule."""

    when = serializers.ChoiceField(When.choices)
    value = serializers.IntegerField(
        default=0, help_text=_("Per cent of the limit for `share`, whole limits for `after`.")
    )
    deed = serializers.ChoiceField(Deed.choices)
    days = serializers.IntegerField(
        default=0,
        help_text=_("Repeats a reminder at the opening of so many working days after it."),
    )


class RuleIn(serializers.Serializer[dict[str, Any]]):
    """A rule. Empty conditions hold for any."""

    name = serializers.CharField(max_length=80)
    area_code = serializers.CharField(max_length=15, required=False, allow_blank=True, default="")
    item_code = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    risk = serializers.ChoiceField(Risk.choices, required=False, allow_blank=True, default="")
    urgency = serializers.ChoiceField(Urgency.choices, required=False, allow_blank=True, default="")
    stage = serializers.ChoiceField(Stage.choices, required=False, allow_blank=True, default="")
    rungs = RungIn(many=True)
    active = serializers.BooleanField(default=True)


class RuleOut(serializers.ModelSerializer[EscalationRule]):
    """A rule with its version; send the `ETag` back in `If-Match` to change it."""

    name = serializers.CharField(source="shown_name")
    rungs = RungIn(many=True)

    class Meta:
        model = EscalationRule
        fields = (
            "id", "name", "area_code", "item_code", "risk", "urgency", "stage", "rungs", "active",
            "version", "changed_at", "changed_by",
        )  # fmt: skip


class RungOut(serializers.Serializer[Any]):
    """A rung: fired (`at`), or to come."""

    number = serializers.IntegerField()
    deed = serializers.ChoiceField(Deed.choices)
    text = serializers.CharField()
    moment = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    planned_at = serializers.DateTimeField(allow_null=True)
    fired = serializers.BooleanField()
    late = serializers.BooleanField()
    moved = serializers.BooleanField(help_text=_("False where the case was on that level already."))


class ClimbingOut(serializers.Serializer[Any]):
    """The ladder of one clock of a case."""

    stage = serializers.CharField(source="ladder.clock.stage")
    round = serializers.IntegerField()
    state = serializers.ChoiceField(["climbs", "paused", "waits", "failing", "ended"])
    rule = serializers.CharField()
    due_at = serializers.DateTimeField(source="ladder.due_at", allow_null=True)
    fired = RungOut(many=True)
    coming = RungOut(many=True)


class PreviewIn(serializers.Serializer[dict[str, Any]]):
    """A kind of case."""

    area = serializers.CharField(max_length=15, required=False, default="", allow_blank=True)
    item = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    urgency = serializers.ChoiceField(Urgency.choices, required=False, default=Urgency.NORMAL)
    stage = serializers.ChoiceField(Stage.choices, required=False, default=Stage.HANDLE)


class PreviewOut(serializers.Serializer[Any]):
    """How such a case would climb if the stage began now."""

    rule = RuleOut(allow_null=True)
    others = RuleOut(many=True)
    limit = serializers.CharField(source="allowance")
    due = serializers.DateTimeField(allow_null=True)
    lines = RungOut(many=True)


class FailingOut(serializers.ModelSerializer[Ladder]):
    """A ladder whose next rung could not be done."""

    number = serializers.CharField(source="incident.number")
    stage = serializers.CharField(source="clock.stage")

    class Meta:
        model = Ladder
        fields = (
            "id",
            "number",
            "stage",
            "area_code",
            "failures",
            "failed_at",
            "last_error",
            "next_at",
        )
