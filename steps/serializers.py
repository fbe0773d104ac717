"""What the API tells of any record that moves by steps."""

from typing import Any

from rest_framework import serializers


class OfferOut(serializers.Serializer[Any]):
    """A step as the caller meets it now."""

    step = serializers.CharField(source="step.code")
    label = serializers.CharField(source="step.label")  # type: ignore[assignment]  # a field of that name
    to = serializers.CharField(source="step.to", allow_null=True)
    allowed = serializers.BooleanField()
    why_not = serializers.CharField(allow_blank=True)


class LineOut(serializers.Serializer[Any]):
    """Something that happened to the record."""

    at = serializers.DateTimeField(source="event.at")
    verb = serializers.CharField(source="event.verb")
    label = serializers.CharField()  # type: ignore[assignment]  # likewise
    who = serializers.CharField()
    post = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
