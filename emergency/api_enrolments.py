"""The API of enrolments: the list, enrolling one or many, hours."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.roles import May
from config.idempotency import Idempotent
from emergency.doors import ENROLMENTS
from emergency.enrolling import enrol
from emergency.filters import EnrolmentFilter
from emergency.importing import MOST_BYTES, Examined, examine, import_all
from emergency.models import Enrolment
from emergency.querysets import ENROLS, READ, WRITE, enrolments_visible_to
from emergency.serializers import (
    EnrolmentDetailOut,
    EnrolmentImportIn,
    EnrolmentImportOut,
    EnrolmentOut,
)
from emergency.serving import with_hours
from emergency.step_forms import EnrolFacts
from steps.api import actor_of, answered, demand, detail_view, facts_of, step_views
from steps.schema import serializer_of

_ENROLMENT = {
    "username": "volunteer",
    "area": "120103007001",
    "kind": "volunteer",
    "skills": ["first_aid"],
    "required_hours": "4",
    "required_per": "month",
    "valid_from": "2026-01-01",
}


def enrolment_answer(request: Request, found: Enrolment, status: int = 200) -> Response:
    """The enrolment with its hours and its ETag."""
    rows = with_hours(enrolments_visible_to(actor_of(request)), timezone.localdate())
    shown = rows.select_related("person").get(pk=found.pk)
    body = EnrolmentDetailOut(shown).data
    return answered(ENROLMENTS, found, body, at="emergency/enrolments", status=status)


class EnrolmentList(Idempotent, ListAPIView[Enrolment]):
    """Enrolments in scope; and enrolling somebody."""

    needs_scope = {"GET": READ, "POST": WRITE}
    serializer_class = EnrolmentOut
    filterset_class = EnrolmentFilter
    ordering_fields = (("id", "desc"),)

    def get_queryset(self) -> Any:
        rows = Enrolment.objects.none()
        if not getattr(self, "swagger_fake_view", False):
            rows = enrolments_visible_to(demand(self.request, *ENROLS)).select_related("person")
        return with_hours(rows, timezone.localdate())

    @extend_schema(operation_id="enrolments_list", summary="Enrolled people in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With hours served and missing in the present month or year."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="enrolments_enrol",
        summary="Enrol somebody",
        request=serializer_of("EnrolFacts", EnrolFacts),
        responses={201: EnrolmentDetailOut},
        examples=[OpenApiExample("A volunteer", _ENROLMENT, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """An account by its user name, or a name and a phone."""
        made = enrol(by=actor_of(request), now=timezone.now(), facts=facts_of(request))
        return enrolment_answer(request, made, 201)


class EnrolmentImport(Idempotent, APIView):
    """Enrolling many out of a table."""

    needs_scope = WRITE
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="enrolments_import",
        summary="Enrol many people out of a table, all or none",
        request={"multipart/form-data": EnrolmentImportIn},
        responses={200: EnrolmentImportOut, 422: EnrolmentImportOut},
    )
    def post(self, request: Request) -> Response:
        """Every defect is reported; a table with any is not written (422)."""
        by = demand(request, May.ENROL)
        given = EnrolmentImportIn(data=request.data)
        given.is_valid(raise_exception=True)
        content = given.validated_data["file"].read(MOST_BYTES + 1)
        check = given.validated_data["check"]
        found = (examine if check else import_all)(content, by=by, now=timezone.now())
        return Response(_report(found, check), status=422 if found.defects else 200)


def _report(found: Examined, check: bool) -> Any:
    written = not check and not found.defects
    return EnrolmentImportOut(
        {"rows": found.rows, "written": written, "defects": found.defects}
    ).data


EnrolmentDetail = detail_view(
    ENROLMENTS,
    tag="enrolments",
    scope=READ,
    of="an enrolment",
    answer=enrolment_answer,
    responses=EnrolmentDetailOut,
)
ENROLMENT_STEPS = step_views(
    ENROLMENTS, tag="enrolments", answer=enrolment_answer, responses=EnrolmentDetailOut
)
