"""What the API of suggestions takes and gives."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from hotline.choices import Purpose
from hotline.models import TrainingRun
from incidents.choices import Source
from incidents.models import CatalogueItem
from incidents.serializers import UnitOut

_LONGEST_TEXT = 10_000


class ItemsIn(serializers.Serializer[Any]):
    """A text as somebody wrote or said it."""

    text = serializers.CharField(max_length=_LONGEST_TEXT)
    title = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class SuggestedItemOut(serializers.Serializer[Any]):
    """An item with its reason; `score` from 0 to 1."""

    code = serializers.CharField(source="entry.code")
    name = serializers.CharField(source="entry.shown_name")
    score = serializers.FloatField()
    reason = serializers.CharField()
    why = serializers.JSONField()


class SuggestedTopicOut(serializers.Serializer[Any]):
    """A topic with its reason; `likely` from 0 to 1."""

    topic = serializers.CharField(source="label")
    likely = serializers.FloatField()
    reason = serializers.CharField()


class ItemsOut(serializers.Serializer[Any]):
    """Best first. `note` says what they stand on where no model helped."""

    items = SuggestedItemOut(many=True)
    topics = SuggestedTopicOut(many=True)
    note = serializers.CharField(allow_blank=True)


class UnitsIn(serializers.Serializer[Any]):
    """A matter in an area; `at` is when it is dispatched, now without it."""

    item = serializers.SlugRelatedField[CatalogueItem](
        slug_field="code",
        queryset=CatalogueItem.objects.filter(version__status="active", enabled=True),
    )
    area_code = serializers.RegexField(r"\d{0,15}\Z", required=False, allow_blank=True, default="")
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of that name
        Source.choices, required=False, allow_blank=True, default=""
    )
    at = serializers.DateTimeField(required=False)


class SuggestedUnitOut(serializers.Serializer[Any]):
    """A unit with its reason."""

    unit = UnitOut()
    reason = serializers.CharField()
    why = serializers.JSONField()


class UnitsOut(serializers.Serializer[Any]):
    """Best first. `note` says what they stand on where no history helped."""

    units = SuggestedUnitOut(many=True)
    note = serializers.CharField(allow_blank=True)


class TrainingIn(serializers.Serializer[Any]):
    """What is to be learned anew."""

    purpose = serializers.ChoiceField(
        Purpose.choices, help_text=_("Topics are learned from files only.")
    )

    def validate_purpose(self, value: str) -> Purpose:
        return Purpose(value)


class TrainingOut(serializers.ModelSerializer[TrainingRun]):
    """A training. `progress` is in percent."""

    accuracy = serializers.FloatField(source="figures.accuracy", default=None, allow_null=True)
    macro_f1 = serializers.FloatField(source="figures.macro_f1", default=None, allow_null=True)

    class Meta:
        model = TrainingRun
        fields: tuple[str, ...] = (
            "id", "purpose", "state", "asked_by", "asked_at", "started_at", "finished_at", "progress",
            "cases", "held_back", "accuracy", "macro_f1", "error",
        )  # fmt: skip


class TrainingDetailOut(TrainingOut):
    """A training with its confusion, and the figures of the model before it."""

    class Meta(TrainingOut.Meta):
        fields = (*TrainingOut.Meta.fields, "figures")
