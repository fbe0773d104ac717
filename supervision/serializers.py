"""What the API of this room takes and gives. Times are ISO 8601 with offset."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clocks.allowance import Allowance, AllowanceError
from clocks.choices import AllowanceKind
from incidents.serializers import UnitOut
from supervision.choices import Colour, Counted
from supervision.models import Card, CardRule, Order, Reply
from supervision.reading import grounds
from supervision.taking import LONGEST_TEXT


class _Timed(serializers.Serializer[Any]):
    """A limit (`value`, `kind`) or a moment (`until`), which then wins."""

    value = serializers.CharField(max_length=12, required=False)
    kind = serializers.ChoiceField(AllowanceKind.choices, required=False)
    until = serializers.DateTimeField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The limit itself may say no."""
        attrs["answer_by"] = attrs.get("until") or _limit(attrs)
        return attrs


def _limit(attrs: dict[str, Any]) -> "Allowance | datetime | None":
    if "value" not in attrs:
        return None
    try:
        return Allowance.parse(attrs["value"], attrs.get("kind", ""))
    except AllowanceError as fault:
        raise serializers.ValidationError({fault.field: [str(fault.sentence)]}) from fault


class OrdersIn(_Timed):
    """Orders on one case or several: all are opened, or none."""

    numbers = serializers.ListField(
        child=serializers.CharField(max_length=20), min_length=1, help_text=_("Numbers of cases.")
    )
    question = serializers.CharField(max_length=LONGEST_TEXT)
    unit = serializers.CharField(
        max_length=40,
        required=False,
        help_text=_("Code of the unit; without it whoever must act now."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if attrs["answer_by"] is None:
            raise serializers.ValidationError({"until": [_("Say by when it must be answered.")]})
        return attrs


class StepIn(serializers.Serializer[Any]):
    """The words of a step: the answer, the reason or the note."""

    text = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, default=""
    )


class SendBackIn(StepIn, _Timed):
    """Why, and how long the unit has now; without a limit as long as before."""


class ReplyOut(serializers.ModelSerializer[Reply]):
    """What the unit answered in one round, and what was said to it."""

    class Meta:
        model = Reply
        fields = ("round", "text", "replied_at", "verdict", "judged_at")


class OrderOut(serializers.ModelSerializer[Order]):
    """An order. `due_at` is the deadline of the present round."""

    number = serializers.CharField(source="incident.number")
    unit = UnitOut()
    state_label = serializers.CharField(source="get_state_display")
    replies = ReplyOut(many=True)

    class Meta:
        model = Order
        fields = (
            "id", "version", "number", "unit", "question", "state", "state_label", "round", "cause",
            "from_post", "area_code", "allowance_value", "allowance_kind", "opened_at", "due_at",
            "amber_at", "ended_at", "end_reason", "replies",
        )  # fmt: skip


class UrgeIn(serializers.Serializer[Any]):
    """Cases to be urged, each on its own."""

    numbers = serializers.ListField(child=serializers.CharField(max_length=20), min_length=1)
    text = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, default=""
    )


class UrgedOut(serializers.Serializer[Any]):
    """What became of one case."""

    number = serializers.CharField()
    urged = serializers.SerializerMethodField()
    why_not = serializers.CharField(source="sentence", allow_blank=True)

    def get_urged(self, each: Any) -> bool:
        return each.refused is None


class TallyOut(serializers.Serializer[Any]):
    """Late cases of one unit (`key`: its id, empty where no unit has it yet) or one area (`key`: its code)."""

    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    red = serializers.IntegerField()
    amber = serializers.IntegerField()


class SpreadOut(serializers.Serializer[Any]):
    """How the late cases spread. `capped`: only the oldest were counted."""

    units = TallyOut(many=True)
    areas = TallyOut(many=True)
    red = serializers.IntegerField()
    amber = serializers.IntegerField()
    capped = serializers.BooleanField()


class CardRuleOut(serializers.ModelSerializer[CardRule]):
    """So many misses of one kind within so many days draw a card."""

    class Meta:
        model = CardRule
        fields = ("id", "version", "colour", "counted", "threshold", "within_days", "active")


class CardRuleIn(serializers.Serializer[Any]):
    """A new rule."""

    colour = serializers.ChoiceField(Colour.choices)
    counted = serializers.ChoiceField(Counted.choices)
    threshold = serializers.IntegerField()
    within_days = serializers.IntegerField()


class CardRuleEdit(serializers.Serializer[Any]):
    """The figures of a rule, and whether it is in force."""

    threshold = serializers.IntegerField()
    within_days = serializers.IntegerField()
    active = serializers.BooleanField()


class GroundOut(serializers.Serializer[Any]):
    """Something that a card was drawn for: the case's `number`, or what else it was `about`. `through` is the
    contractor whose lateness it was."""

    counted = serializers.CharField(source="miss.counted")
    at = serializers.DateTimeField(source="miss.at")
    number = serializers.CharField(source="miss.incident.number", allow_null=True)
    about = serializers.CharField()
    through = UnitOut(source="miss.through", allow_null=True)
    forgiven_at = serializers.DateTimeField(source="miss.forgiven_at", allow_null=True)


class CardOut(serializers.ModelSerializer[Card]):
    """A card of a unit."""

    unit = UnitOut()
    rule = CardRuleOut()

    class Meta:
        model = Card
        fields = ("id", "version", "colour", "unit", "rule", "drawn_at", "lifted_at", "lift_reason")


class CardDetailOut(CardOut):
    """A card with its grounds."""

    grounds = serializers.SerializerMethodField()

    class Meta(CardOut.Meta):
        fields = (*CardOut.Meta.fields, "grounds")  # type: ignore[assignment]

    def get_grounds(self, card: Card) -> list[dict[str, Any]]:
        return list(GroundOut(grounds(card), many=True).data)


class LiftIn(serializers.Serializer[Any]):
    """Why the card is lifted."""

    reason = serializers.CharField(max_length=LONGEST_TEXT)
