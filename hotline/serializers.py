"""What the API of the hotline takes and gives. Times are ISO 8601 with offset, positions WGS 84 degrees."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from clocks.lamps import Lamp, lamp
from hotline.models import Call, Order, OrderPhoto, Part, Tier, Visit
from incidents.models import CatalogueItem, Incident
from incidents.serializers import UnitOut


class TierOut(serializers.ModelSerializer[Tier]):
    """An urgency, with its limits as value and kind."""

    class Meta:
        model = Tier
        fields = (
            "code", "name", "name_en", "urgent", "version", "dispatch_value", "dispatch_kind", "receive_value",
            "receive_kind", "return_value", "return_kind", "handle_value", "handle_kind", "visit_value", "visit_kind",
        )  # fmt: skip


class HotlineOrderOut(serializers.ModelSerializer[Order]):
    """An order in a list. `lamp` is of the clock that is due first. Callers are never in lists."""

    tier = serializers.SlugRelatedField[Tier](slug_field="code", read_only=True)
    unit = UnitOut(allow_null=True)
    item = serializers.SlugRelatedField[CatalogueItem](
        slug_field="code", read_only=True, allow_null=True
    )
    lamp = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields: tuple[str, ...] = (
            "number", "version", "state", "channel", "confidential", "text", "item", "tier", "area_code", "address",
            "lon", "lat", "unit", "return_count", "attempts", "rehandled", "lamp", "due_at", "amber_at", "taken_at",
            "dispatched_at", "accepted_at", "accepted_silently", "replied_at", "visited_at", "ended_at", "updated_at",
        )  # fmt: skip

    def get_lamp(self, order: Order) -> Lamp:
        return lamp(order.due_at, order.amber_at, timezone.now())


class OrderPartOut(serializers.ModelSerializer[Part]):
    """A unit's share."""

    unit = UnitOut()

    class Meta:
        model = Part
        fields = (
            "unit",
            "lead",
            "round",
            "sent_at",
            "received_at",
            "returned_at",
            "replied_at",
            "reply",
        )


class ReturnVisitOut(serializers.ModelSerializer[Visit]):
    """A call back."""

    class Meta:
        model = Visit
        fields = ("reached", "contacted", "solved", "satisfaction", "text", "called_at")


class CallerOut(serializers.Serializer[Any]):
    """Who called, masked."""

    name = serializers.CharField()
    phone = serializers.CharField()


class HotlineOrderDetailOut(HotlineOrderOut):
    """One order. `caller` is masked, and null to whoever may not call back."""

    case = serializers.SlugRelatedField[Incident](
        slug_field="number", read_only=True, allow_null=True
    )
    repeats = serializers.SlugRelatedField[Order](
        slug_field="number", read_only=True, allow_null=True
    )
    caller = serializers.SerializerMethodField()
    parts = OrderPartOut(many=True)
    visits = ReturnVisitOut(many=True)

    class Meta(HotlineOrderOut.Meta):
        fields = (
            *HotlineOrderOut.Meta.fields, "reply", "way", "line", "repeats", "case", "extension", "extension_days",
            "external_id", "caller", "parts", "visits",
        )  # fmt: skip

    def get_caller(self, order: Order) -> dict[str, str] | None:
        found = self.context["caller"]
        return CallerOut(found).data if found else None


class HotlineOrderTakenOut(serializers.Serializer[Any]):
    """An order as it was taken in; `notes` say what was kept how."""

    order = HotlineOrderDetailOut()
    created = serializers.BooleanField()
    notes = serializers.ListField(child=serializers.CharField())


class RingingIn(serializers.Serializer[dict[str, Any]]):
    """A call that rings, as the telephone system knows it."""

    call_id = serializers.CharField(max_length=80)
    number = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    line = serializers.CharField(required=False, allow_blank=True, max_length=20, default="")
    operator = serializers.CharField(required=False, allow_blank=True, max_length=150, default="")


class CallIn(serializers.Serializer[dict[str, Any]]):
    """Which call."""

    call_id = serializers.CharField(max_length=80)


class HotlineCallOut(serializers.ModelSerializer[Call]):
    """A call; the number is not given back."""

    class Meta:
        model = Call
        fields = ("call_id", "state", "rung_at", "answered_at")


class CallerIn(serializers.Serializer[dict[str, Any]]):
    """A whole number; a piece of one finds nobody."""

    number = serializers.CharField(max_length=40)


class OrderPhotoIn(serializers.Serializer[dict[str, Any]]):
    file = serializers.FileField()


class OrderPhotoOut(serializers.ModelSerializer[OrderPhoto]):
    """A photo of an order."""

    class Meta:
        model = OrderPhoto
        fields = ("id", "width", "height", "round", "uploaded_at")
