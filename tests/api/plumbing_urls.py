"""A small API of its own, so that the plumbing is tested without any room's rules. Its records are `Cursor`s."""

import os
import signal
import threading
from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import DataError, OperationalError
from django.db.models import QuerySet
from django.http import Http404
from django.urls import include, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from config.refusal import Refused, SomebodyWasFirst
from journal.models import Cursor


class CursorSerializer(serializers.ModelSerializer[Cursor]):
    class Meta:
        model = Cursor
        fields = ("name", "xid", "event_id", "moved_at")


class PartSerializer(serializers.Serializer[Any]):
    size = serializers.IntegerField(min_value=1)


class WholeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=5)
    parts = PartSerializer(many=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["name"] == "whole":
            raise serializers.ValidationError("not as a whole", code="whole")
        return attrs


class Raises(APIView):
    """GET raises what the address names."""

    needs_scope = ""

    def get(self, request: Request, what: str) -> Response:
        raise {
            "missing": Http404(),
            "forbidden": PermissionDenied(),
            "first": SomebodyWasFirst(kept={"draft": 7}),
            "refused": Refused("no_such_item", "There is no item 9.", field="item"),
            "fault": RuntimeError("secret detail"),
            "data": DataError("value too long"),
            "nul": ValueError("A string literal cannot contain NUL (0x00) characters."),
            "away": OperationalError("server closed the connection"),
        }[what]


class Validates(GenericAPIView[Any]):
    serializer_class = WholeSerializer

    def put(self, request: Request) -> Response:
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(form.validated_data)


class Cursors(Idempotent, ListAPIView[Cursor]):
    """The list, and making one; a slow or a deadly one on request."""

    serializer_class = CursorSerializer
    ordering_fields = (("xid", "desc"), ("name", "desc"))
    needs_scope = {"GET": "incidents:read", "POST": "incidents:write"}
    at_work: ClassVar[threading.Event] = threading.Event()
    go_on: ClassVar[threading.Event] = threading.Event()

    def get_queryset(self) -> QuerySet[Cursor]:
        return Cursor.objects.all()

    @extend_schema(responses={201: CursorSerializer})
    def post(self, request: Request) -> Response:
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = form.save()
        if made.name == "deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        if made.name == "slow":
            self.at_work.set()
            self.go_on.wait(20)
        if made.name == "unsure":
            return Response({"made": False}, status=422)
        headers = {"Location": f"/api/v1/cursors/{made.name}", "ETag": '"cursor-1"', "X-Own": "1"}
        return Response(form.data, status=201, headers=headers)


class Uploads(Idempotent):
    """Counts the bytes of a file."""

    def post(self, request: Request) -> Response:
        return Response({"bytes": request.FILES["photo"].size})


class OneCursor(GenericAPIView[Cursor]):
    serializer_class = CursorSerializer
    needs_scope = "incidents:read"

    def get(self, request: Request, name: str) -> Response:
        return Response({}, headers={"ETag": etag_of("cursor", name, 3)})

    def put(self, request: Request, name: str) -> Response:
        check_if_match(request, etag_of("cursor", name, 3))
        return Response({"written": True})


class PeopleOnly(APIView):
    """Names no scope: partner systems have no business here."""

    def get(self, request: Request) -> Response:
        return Response({"who": str(request.actor.kind)})  # type: ignore[attr-defined]

    def post(self, request: Request) -> Response:
        return Response({})


patterns: Sequence[Any] = [
    path("raises/<slug:what>", Raises.as_view()),
    path("validates", Validates.as_view()),
    path("cursors", Cursors.as_view()),
    path("cursors/<slug:name>", OneCursor.as_view()),
    path("uploads", Uploads.as_view()),
    path("people-only", PeopleOnly.as_view()),
]
urlpatterns = [
    path("api/v1/", include((patterns, "toy"))),
    path("", include("config.urls")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
