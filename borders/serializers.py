"""What the API of this room gives. Times are ISO 8601 with offset, positions WGS 84 degrees."""

import json
from typing import Any

import shapely
from django.utils import timezone
from rest_framework import serializers

from borders.models import Check, Enclave, Matter, Opinion, Problem, Signature
from clocks.lamps import Lamp, lamp
from incidents.serializers import UnitOut


class _Lit(serializers.ModelSerializer[Any]):
    """A record with its lamp."""

    lamp = serializers.SerializerMethodField()

    def get_lamp(self, record: Any) -> Lamp:
        return lamp(record.due_at, record.amber_at, timezone.now())


class OpinionOut(serializers.ModelSerializer[Opinion]):
    """What one unit holds; `says` is empty until it has answered."""

    unit = UnitOut()

    class Meta:
        model = Opinion
        fields = ("unit", "asked_at", "until", "says", "text", "given_at", "is_late")


class MatterOut(_Lit):
    """A matter without a lead, as in a list."""

    lead = UnitOut(allow_null=True)

    class Meta:
        model = Matter
        fields = (
            "number", "version", "state", "title", "item_code", "area_code", "raised_at", "due_at", "lamp", "lead",
            "rule_id", "carried", "carried_last_at",
        )  # fmt: skip


class MatterDetailOut(MatterOut):
    """With the units' opinions, the ruling and the cases in which it showed (those that the caller sees)."""

    opinions = OpinionOut(many=True)
    assisting = UnitOut(many=True)
    cases = serializers.SerializerMethodField()

    class Meta(MatterOut.Meta):
        fields = (
            *MatterOut.Meta.fields,
            "text",
            "basis",
            "ruled_at",
            "opinions",
            "assisting",
            "cases",
        )  # type: ignore[assignment]

    def get_cases(self, _matter: Matter) -> list[str]:
        return [case.number for case in self.context.get("cases", [])]


class CheckOut(serializers.ModelSerializer[Check]):
    """One check, as it was entered."""

    kind = serializers.CharField()

    class Meta:
        model = Check
        fields = ("kind", "passed", "note", "checked_at", "mended_at", "mending")


class SignatureOut(serializers.ModelSerializer[Signature]):
    """One side's signature under one wording."""

    organisation = UnitOut()

    class Meta:
        model = Signature
        fields = ("side", "handover_version", "organisation", "signed_at")


class ProblemOut(serializers.ModelSerializer[Problem]):
    """A problem of old; `id` names it in steps."""

    owner = UnitOut()

    class Meta:
        model = Problem
        fields = (
            "id",
            "title",
            "text",
            "item_code",
            "owner",
            "state",
            "listed_at",
            "solved_at",
            "solution",
        )


class EnclaveOut(_Lit):
    """An enclave, as in a list."""

    owner = UnitOut()
    manager = UnitOut(allow_null=True)

    class Meta:
        model = Enclave
        fields = (
            "number", "version", "state", "name", "reference", "area_code", "address", "lon", "lat", "population",
            "households", "area_m2", "owner", "manager", "registered_at", "handed_over_at", "accepted_at", "due_at",
            "lamp",
        )  # fmt: skip


class EnclaveDetailOut(EnclaveOut):
    """With its boundary (GeoJSON), the wording of the handover, signatures (also void ones), old problems and every
    check."""

    boundary = serializers.SerializerMethodField()
    signatures = SignatureOut(many=True)
    problems = ProblemOut(many=True)
    checks = CheckOut(many=True)

    class Meta(EnclaveOut.Meta):
        fields = (  # type: ignore[assignment]
            *EnclaveOut.Meta.fields, "text", "findings", "basis", "handover", "handover_version", "boundary",
            "signatures", "problems", "checks",
        )  # fmt: skip

    def get_boundary(self, enclave: Enclave) -> dict[str, Any] | None:
        if not enclave.boundary:
            return None
        made: dict[str, Any] = json.loads(
            shapely.to_geojson(shapely.from_wkb(bytes(enclave.boundary)))
        )
        return made


class ProgressLineOut(serializers.Serializer[Any]):
    """Of `registered` how many have come at least so far; `passed` are the checks by kind."""

    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    registered = serializers.IntegerField()
    investigated = serializers.IntegerField()
    attributed = serializers.IntegerField()
    handed_over = serializers.IntegerField()
    mending = serializers.IntegerField()
    accepted = serializers.IntegerField()
    problems_open = serializers.IntegerField()
    percent = serializers.IntegerField()
    passed = serializers.DictField(child=serializers.IntegerField())


class ProgressOut(serializers.Serializer[Any]):
    """All that the caller sees, and by district."""

    total = ProgressLineOut()
    lines = ProgressLineOut(many=True)


class ImportRowIn(serializers.Serializer[Any]):
    """One row: the columns of the table by their English names; `owner` is a code or name."""

    name = serializers.CharField(allow_blank=True)
    owner = serializers.CharField(allow_blank=True)
    reference = serializers.CharField(required=False, allow_blank=True)
    area = serializers.CharField(required=False, allow_blank=True)
    lon = serializers.CharField(required=False, allow_blank=True)
    lat = serializers.CharField(required=False, allow_blank=True)
    address = serializers.CharField(required=False, allow_blank=True)
    population = serializers.CharField(required=False, allow_blank=True)
    households = serializers.CharField(required=False, allow_blank=True)
    area_m2 = serializers.CharField(required=False, allow_blank=True)
    text = serializers.CharField(required=False, allow_blank=True)


class EnclaveImportIn(serializers.Serializer[Any]):
    """Rows of a table; without `write` they are only checked."""

    rows = serializers.ListField(child=ImportRowIn(), max_length=5_000)
    write = serializers.BooleanField(default=False)


class ImportProblemOut(serializers.Serializer[Any]):
    """What is wrong with a row."""

    row = serializers.IntegerField()
    column = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()


class EnclaveImportOut(serializers.Serializer[Any]):
    """What was read, and the numbers of what was written."""

    rows = serializers.IntegerField()
    fresh = serializers.IntegerField()
    there = serializers.IntegerField()
    problems = ImportProblemOut(many=True)
    written = serializers.ListField(child=serializers.CharField())
