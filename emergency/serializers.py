"""What the API of this room takes and gives. Times are ISO 8601 with offset, positions WGS 84 degrees.

Names of people without an account, and all phones, are masked.
"""

from typing import Any

from rest_framework import serializers

from emergency.models import Activation, Called, CallUp, Enrolment, Pace, Service


class ModeLineOut(serializers.Serializer[Any]):
    """An activation that holds in the area."""

    number = serializers.CharField()
    area_code = serializers.CharField()
    kind = serializers.CharField()
    level = serializers.CharField()
    since = serializers.DateTimeField()
    instructions = serializers.CharField(allow_blank=True)


class ModeOut(serializers.Serializer[Any]):
    """Peace or emergency; `level` is the gravest that counts, null in peace."""

    emergency = serializers.BooleanField(source="is_emergency")
    level = serializers.CharField(allow_null=True)
    declared = ModeLineOut(many=True)


class HeadcountOut(serializers.Serializer[Any]):
    """Counts of people."""

    called = serializers.IntegerField()
    answered = serializers.IntegerField()
    coming = serializers.IntegerField()
    here = serializers.IntegerField()
    came = serializers.IntegerField()
    cannot = serializers.IntegerField()
    silent = serializers.IntegerField()
    late = serializers.IntegerField()
    absent = serializers.IntegerField()


class ActivationOut(serializers.ModelSerializer[Activation]):
    """An area in emergency, or what was; `figures` once it has ended."""

    kind_label = serializers.CharField(source="get_kind_display")
    level_label = serializers.CharField(source="get_level_display")
    declared_by = serializers.CharField(default="")

    class Meta:
        model = Activation
        fields = (
            "number", "version", "state", "area_code", "kind", "kind_label", "level", "level_label", "reason",
            "instructions", "declared_at", "declared_by", "ended_at", "report", "figures",
        )  # fmt: skip


class CallUpOut(serializers.ModelSerializer[CallUp]):
    """A call-up. `told_at` is null until the notices are out."""

    activation = serializers.CharField(source="activation.number")

    class Meta:
        model = CallUp
        fields = (
            "number", "version", "state", "activation", "area_code", "grouping", "message", "called_at",
            "called_again_at", "calls", "told_at", "people", "answer_by", "arrive_by", "ended_at",
        )  # fmt: skip


class TeamOut(serializers.Serializer[Any]):
    """A team with its counts."""

    id = serializers.IntegerField(source="team.pk")
    area_code = serializers.CharField(source="team.area_code")
    name = serializers.CharField()
    leader = serializers.CharField(source="team.leader.username", default="")
    place = serializers.CharField(source="team.place")
    lon = serializers.FloatField(source="team.lon", allow_null=True)
    lat = serializers.FloatField(source="team.lat", allow_null=True)
    tally = HeadcountOut()


class CalledOut(serializers.ModelSerializer[Called]):
    """One person called."""

    call_up = serializers.CharField(source="call_up.number")
    team = serializers.IntegerField(source="team_id")
    enrolment = serializers.CharField(source="enrolment.number")
    name = serializers.CharField(source="enrolment.shown_name")
    has_account = serializers.SerializerMethodField()

    class Meta:
        model = Called
        fields = (
            "number", "version", "state", "call_up", "team", "enrolment", "name", "has_account", "calls", "phoned",
            "answered_at", "answer_in_time", "coming_at", "cannot_because", "arrived_at", "arrive_in_time", "lon",
            "lat", "accuracy_m", "distance_m", "ended_at",
        )  # fmt: skip

    def get_has_account(self, called: Called) -> bool:
        return called.person_id is not None


class BoardOut(serializers.Serializer[Any]):
    """The live board: counts, teams, and the people of one team or those who are missing."""

    call_up = CallUpOut()
    tally = HeadcountOut()
    teams = TeamOut(many=True)
    people = serializers.SerializerMethodField()
    missing = serializers.IntegerField()

    def get_people(self, board: Any) -> list[dict[str, Any]]:
        return list(CalledOut([shown.called for shown in board.people], many=True).data)


class EnrolmentOut(serializers.ModelSerializer[Enrolment]):
    """An enrolment with the hours of the present month or year."""

    name = serializers.CharField(source="shown_name")
    phone = serializers.CharField(source="masked_phone")
    username = serializers.CharField(source="person.username", default="")
    served = serializers.DecimalField(max_digits=9, decimal_places=1)
    short = serializers.DecimalField(max_digits=9, decimal_places=1)

    class Meta:
        model = Enrolment
        fields = (
            "number", "version", "state", "username", "name", "phone", "area_code", "kind", "skills",
            "required_hours", "required_per", "valid_from", "valid_to", "served", "short",
        )  # fmt: skip


class ServiceOut(serializers.ModelSerializer[Service]):
    """Hours served."""

    class Meta:
        model = Service
        fields = ("id", "source", "state", "day", "minutes", "text", "entered_at", "decided_at")


class EnrolmentDetailOut(EnrolmentOut):
    """With the hours, the latest first."""

    services = serializers.SerializerMethodField()

    class Meta(EnrolmentOut.Meta):
        fields = (*EnrolmentOut.Meta.fields, "services")  # type: ignore[assignment]

    def get_services(self, enrolment: Enrolment) -> list[dict[str, Any]]:
        return list(ServiceOut(enrolment.services.all()[:100], many=True).data)


class EnrolmentImportIn(serializers.Serializer[Any]):
    """A table, CSV or Excel; with `check` nothing is written."""

    file = serializers.FileField()
    check = serializers.BooleanField(default=False)


class EnrolmentDefectOut(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    column = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()


class EnrolmentImportOut(serializers.Serializer[Any]):
    """What was found; `written` says whether the rows were enrolled."""

    rows = serializers.IntegerField()
    written = serializers.BooleanField()
    defects = EnrolmentDefectOut(many=True)


class PaceOut(serializers.ModelSerializer[Pace]):
    """The times of a level, in minutes."""

    class Meta:
        model = Pace
        fields = (
            "level", "version", "answer_minutes", "arrive_minutes", "above_minutes", "again_minutes",
        )  # fmt: skip
