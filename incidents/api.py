"""The API of cases: the same actions and filters as the pages."""

from typing import Any

from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor, ActorKind
from accounts.roles import May
from config.etags import etag_of
from config.idempotency import Idempotent
from incidents.api_examples import INCIDENT, REPORT, REPORTED, STEP_FACTS
from incidents.choices import Source
from incidents.filters import IncidentFilter
from incidents.history import timeline
from incidents.models import Incident, Photo
from incidents.photos import add, examine, photo_response
from incidents.querysets import READ, WRITE, visible_to
from incidents.report import Position, Reported, report
from incidents.serializers import (
    IncidentOut,
    PhotoIn,
    PhotoOut,
    ReportedOut,
    ReportIn,
    as_json,
)
from incidents.taking import DOOR
from steps.api import actor_of, offers_view, step_views, timeline_view


def _seen(request: Request, number: str) -> Incident:
    """The case where the caller may see it. Raises Http404."""
    known = visible_to(actor_of(request)).select_related(
        "item__version", "unit", "centre", "main_case"
    )
    case = known.filter(number=number).first()
    if case is None:
        raise Http404
    return case


def _etag(case: Incident) -> str:
    return etag_of("incident", case.pk, case.version)


def _answer(case: Incident, status: int = 200) -> Response:
    return Response(as_json(case), status=status, headers={"ETag": _etag(case)})


class IncidentList(Idempotent, ListAPIView[Incident]):
    """Cases in scope, newest first; and reporting one."""

    needs_scope = {"GET": READ, "POST": WRITE}
    serializer_class = IncidentOut
    filterset_class = IncidentFilter
    ordering_fields = (("reported_at", "desc"), ("id", "desc"))

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Incident.objects.none()
        known = visible_to(actor_of(self.request))
        return known.select_related("item__version", "unit", "centre", "main_case")

    @extend_schema(
        operation_id="incidents_list",
        summary="Cases in scope",
        examples=[OpenApiExample("A case", INCIDENT, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The cases that fit the filters. Follow `next` to go on; `updated_since` finds what changed."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="incidents_report",
        summary="Report a matter",
        request=ReportIn,
        responses={201: ReportedOut, 200: ReportedOut},
        examples=[
            OpenApiExample("A report with a point", REPORT, request_only=True),
            OpenApiExample("Taken", REPORTED, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        """Take a report: 201, or 200 where the same `external_id` had come before."""
        given = ReportIn(data=request.data)
        given.is_valid(raise_exception=True)
        done = _report(given.validated_data, actor_of(request))
        case = done.incident if done.created else _seen(request, done.incident.number)
        body = {
            "incident": as_json(case),
            "created": done.created,
            "notes": [str(note) for note in done.notes],
            "suggested_items": list(done.suggested),
        }
        return Response(
            body,
            status=201 if done.created else 200,
            headers={"ETag": _etag(case), "Location": f"/api/v1/incidents/{case.number}"},
        )


def _report(facts: dict[str, Any], by: Actor) -> Reported:
    own = {name: facts[name] for name in _AS_SENT if name in facts}
    return report(
        by=by,
        now=timezone.now(),
        source=facts.get("source") or _usual_source(by),
        item_code=facts.get("item", ""),
        grid_code=facts.get("grid", ""),
        area_code=facts.get("area", ""),
        position=_position(facts),
        **own,
    )


_AS_SENT = (
    "text", "title", "address", "urgency", "confidential", "reporter_name", "reporter_phone",
    "external_id", "main_case",
)  # fmt: skip


def _usual_source(by: Actor) -> Source:
    if by.kind is ActorKind.CLIENT:
        return Source.PARTNER
    return Source.GRID if by.posts_with(May.CHECK) else Source.CITIZEN


def _position(facts: dict[str, Any]) -> Position | None:
    if facts.get("lon") is None:
        return None
    return Position(
        facts["lon"], facts["lat"], crs=facts["crs"], accuracy_m=facts.get("accuracy_m")
    )


class IncidentDetail(APIView):
    """One case."""

    needs_scope = READ

    @extend_schema(
        operation_id="incidents_read",
        summary="One case",
        responses=IncidentOut,
        examples=[OpenApiExample("A case", INCIDENT, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        """The case. Send its `ETag` back in `If-Match` when you take a step."""
        return _answer(_seen(request, number))


IncidentOffers = offers_view(DOOR, tag="incidents", scope=READ)
IncidentTimeline = timeline_view(DOOR, tag="incidents", scope=READ, of="a case", lines=timeline)


def _seen_after(done: Incident) -> Incident:
    """The case after the step, also where the step took it out of the caller's sight."""
    known = Incident.objects.select_related("item__version", "unit", "centre", "main_case")
    return known.get(pk=done.pk)


STEP_VIEWS = step_views(
    DOOR,
    tag="incidents",
    prefix="",
    answer=lambda _request, done: _answer(_seen_after(done)),
    responses=IncidentOut,
    examples=STEP_FACTS,
)


class PhotoList(Idempotent, GenericAPIView[Photo]):
    """The photos of a case."""

    needs_scope = {"GET": READ, "POST": WRITE}
    parser_classes = [MultiPartParser]
    serializer_class = PhotoOut
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(
        operation_id="incidents_photos",
        summary="The photos of a case",
        responses=PhotoOut(many=True),
    )
    def get(self, request: Request, number: str) -> Response:
        """All photos, the oldest first."""
        photos = _seen(request, number).photos.order_by("id")
        context = {"request": request, "number": number}
        return Response(PhotoOut(photos, many=True, context=context).data)

    @extend_schema(
        operation_id="incidents_photo_add",
        summary="Add a photo",
        request={"multipart/form-data": PhotoIn},
        responses={201: PhotoOut},
    )
    def post(self, request: Request, number: str) -> Response:
        """Add a photo. It is judged by its content, re-encoded, and its EXIF data are not kept."""
        _seen(request, number)
        given = PhotoIn(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        made = add(
            number=number,
            by=actor_of(request),
            now=timezone.now(),
            kind=given.validated_data["kind"],
            photo=examine(file, file.name),
        )
        context = {"request": request, "number": number}
        return Response(PhotoOut(made, context=context).data, status=201)


class PhotoFile(APIView):
    """A photo's picture."""

    needs_scope = READ

    @extend_schema(
        operation_id="incidents_photo_file",
        summary="A photo's picture: size is full or thumb",
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: str, photo_id: int, size: str) -> FileResponse:
        """The JPEG, for whoever may see the case."""
        if not _seen(request, number).photos.filter(pk=photo_id).exists():
            raise Http404
        return photo_response(actor_of(request), photo_id, size)
