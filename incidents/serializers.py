"""What the API of cases takes and gives. Times are ISO 8601 with offset, positions WGS 84 degrees."""

from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Organisation
from clocks.lamps import Lamp, lamp
from grids.coordinates import SYSTEMS
from incidents.choices import Level, PhotoKind, Source, Urgency
from incidents.models import CatalogueItem, Incident, Photo


class UnitOut(serializers.ModelSerializer[Organisation]):
    """An organisation in a few words."""

    name = serializers.CharField(source="shown_name")

    class Meta:
        model = Organisation
        fields = ("code", "name")


class ItemOut(serializers.ModelSerializer[CatalogueItem]):
    """The matter, with the edition of the catalogue under which the case was filed."""

    version = serializers.CharField(source="version.code")

    class Meta:
        model = CatalogueItem
        fields = ("code", "name", "name_en", "version")


class IncidentOut(serializers.ModelSerializer[Incident]):
    """A case. `lamp` is of the clock that is due first (`due_at`, `due_stage`). Reporters are never named."""

    state_label = serializers.CharField(source="get_state_display")
    item = ItemOut(allow_null=True)
    unit = UnitOut(allow_null=True)
    centre = UnitOut(allow_null=True)
    main_case = serializers.SlugRelatedField[Incident](slug_field="number", read_only=True)
    escalated_level = serializers.ChoiceField(
        Level.choices,
        help_text=_("Who answers for it: 0 grid, 1 community, 2 street, 3 district, 4 city."),
    )
    lamp = serializers.SerializerMethodField()

    class Meta:
        model = Incident
        fields = (
            "number", "version", "state", "state_label", "source", "external_id", "item", "urgency",
            "risk", "title", "text", "address", "lon", "lat", "accuracy_m", "placed", "grid_code",
            "area_code", "centre", "unit", "main_case", "confidential", "supervised", "lamp", "due_at",
            "amber_at", "due_stage", "urged_count", "return_count", "rework_count", "reopened_count", "escalated_level",
            "extension_count", "suspended_until", "not_accepted", "informed", "satisfaction", "solved",
            "reported_at", "filed_at", "dispatched_at", "received_at", "answered_at", "closed_at",
            "evaluated_at", "ended_at", "updated_at",
        )  # fmt: skip

    def get_lamp(self, case: Incident) -> Lamp:
        return lamp(case.due_at, case.amber_at, timezone.now())


@cache
def _drawing() -> IncidentOut:
    return IncidentOut()


def as_json(case: Incident) -> dict[str, Any]:
    """A case as every answer shows it. Its fields are built once a process: they cost as much as a report's SQL."""
    drawn: dict[str, Any] = _drawing().to_representation(case)
    return drawn


class ReportIn(serializers.Serializer[dict[str, Any]]):
    """A report. It is never refused for its position or an unknown item: `notes` say what was kept."""

    text = serializers.CharField(max_length=10_000, help_text=_("What is wrong."))
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of that name
        Source.choices,
        required=False,
        help_text=_("Without it: partner, or grid for grid workers."),
    )
    item = serializers.CharField(
        max_length=20, required=False, allow_blank=True, help_text=_("Code of a catalogue item.")
    )
    lon = serializers.FloatField(required=False, allow_null=True, help_text=_("Degrees."))
    lat = serializers.FloatField(required=False, allow_null=True, help_text=_("Degrees."))
    crs = serializers.ChoiceField([(c, c) for c in SYSTEMS], required=False, default="wgs84")
    accuracy_m = serializers.FloatField(required=False, allow_null=True, min_value=0)
    grid = serializers.CharField(max_length=15, required=False, allow_blank=True)
    area = serializers.CharField(
        max_length=15, required=False, allow_blank=True,
        help_text=_("Whose centre receives it where there is no position."),
    )  # fmt: skip
    urgency = serializers.ChoiceField(Urgency.choices, required=False, default=Urgency.NORMAL)
    confidential = serializers.BooleanField(required=False, default=False)
    reporter_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    reporter_phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    external_id = serializers.CharField(
        max_length=80, required=False, allow_blank=True,
        help_text=_("Your own number: what comes twice is taken once."),
    )  # fmt: skip
    main_case = serializers.CharField(
        max_length=20,
        required=False,
        allow_blank=True,
        help_text=_("The case that this one repeats."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs.get("lon") is None) != (attrs.get("lat") is None):
            raise serializers.ValidationError(
                {"lat": _("A point needs both longitude and latitude.")}, code="half_a_point"
            )
        return attrs


class ReportedOut(serializers.Serializer[dict[str, Any]]):
    """The case, and sentences about what could not be used and what was kept."""

    incident = IncidentOut()
    created = serializers.BooleanField(help_text=_("False where it had come before."))
    notes = serializers.ListField(child=serializers.CharField())
    suggested_items = serializers.ListField(child=serializers.CharField())


class PhotoIn(serializers.Serializer[dict[str, Any]]):
    """A JPEG, PNG, HEIC or WebP of at most 20 MB."""

    kind = serializers.ChoiceField(PhotoKind.choices, default=PhotoKind.SCENE)
    file = serializers.FileField()


class PhotoOut(serializers.ModelSerializer[Photo]):
    """A photo. Fetch it from `url` (or `thumbnail_url`) with the same credentials."""

    url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()

    class Meta:
        model = Photo
        fields = (
            "id", "kind", "width", "height", "sha256", "taken_at", "lon", "lat", "uploaded_at", "url",
            "thumbnail_url",
        )  # fmt: skip

    def get_url(self, photo: Photo) -> str:
        return self._address(photo, "full")

    def get_thumbnail_url(self, photo: Photo) -> str:
        return self._address(photo, "thumb")

    def _address(self, photo: Photo, size: str) -> str:
        number = self.context["number"]
        path = f"/api/v1/incidents/{number}/photos/{photo.pk}/{size}"
        address: str = self.context["request"].build_absolute_uri(path)
        return address
