"""The API of both registers: the same actions and filters as the pages, one address for each step."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from borders.adjudicating import rule_plainly
from borders.doors import ENCLAVES, MATTERS
from borders.enclave_import import check_rows, import_enclaves
from borders.figures import progress
from borders.filters import EnclaveFilter, MatterFilter
from borders.models import Enclave, Matter
from borders.querysets import (
    READ,
    SEES,
    WRITE,
    enclaves_for_list,
    enclaves_visible_to,
    matters_for_list,
    matters_visible_to,
)
from borders.raising import raise_matter
from borders.reading import MatterReading
from borders.registering import register
from borders.serializers import (
    EnclaveDetailOut,
    EnclaveImportIn,
    EnclaveImportOut,
    EnclaveOut,
    MatterDetailOut,
    MatterOut,
    ProgressOut,
)
from borders.step_forms import RaiseFacts, RegisterFacts
from config.etags import check_if_match
from config.idempotency import Idempotent
from incidents.catalogue_tables import Row
from steps.api import actor_of, etag, facts_of, seen, step_views
from steps.door import Door
from steps.history import timeline
from steps.schema import serializer_of
from steps.serializers import LineOut, OfferOut


def _demand_reader(request: Request) -> None:
    if not any(actor_of(request).posts_with(may) for may in SEES):
        raise PermissionDenied


def _matter_answer(request: Request, record: Matter, status: int = 200) -> Response:
    reading = MatterReading(record, actor_of(request), timezone.now())
    body = MatterDetailOut(record, context={"cases": reading.cases}).data
    headers = {
        "ETag": etag(MATTERS, record),
        "Location": f"/api/v1/unowned-matters/{record.number}",
    }
    return Response(body, status=status, headers=headers)


def _enclave_answer(_request: Request, record: Enclave, status: int = 200) -> Response:
    headers = {"ETag": etag(ENCLAVES, record), "Location": f"/api/v1/enclaves/{record.number}"}
    return Response(EnclaveDetailOut(record).data, status=status, headers=headers)


class MatterList(Idempotent, ListAPIView[Matter]):
    """The no-lead register in scope, newest first; and raising a matter."""

    needs_scope = {"GET": READ, "POST": WRITE}
    serializer_class = MatterOut
    filterset_class = MatterFilter
    ordering_fields = (("raised_at", "desc"), ("id", "desc"))

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Matter.objects.none()
        return matters_for_list(matters_visible_to(actor_of(self.request)))

    @extend_schema(operation_id="unowned_list", summary="Matters without a lead, in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The matters that fit the filters. Follow `next` to go on."""
        _demand_reader(request)
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="unowned_raise",
        summary="Raise a matter that nobody owns",
        request=serializer_of("RaiseMatterFacts", RaiseFacts),
        responses={201: MatterDetailOut},
    )
    def post(self, request: Request) -> Response:
        """Its clock begins; ruling, hearing and refusing are steps of their own."""
        made = raise_matter(by=actor_of(request), now=timezone.now(), facts=facts_of(request))
        return _matter_answer(request, made, 201)


class EnclaveList(Idempotent, ListAPIView[Enclave]):
    """Enclaves in scope, newest first; and registering one."""

    needs_scope = {"GET": READ, "POST": WRITE}
    serializer_class = EnclaveOut
    filterset_class = EnclaveFilter
    ordering_fields = (("registered_at", "desc"), ("id", "desc"))

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Enclave.objects.none()
        return enclaves_for_list(enclaves_visible_to(actor_of(self.request)))

    @extend_schema(operation_id="enclaves_list", summary="Enclaves in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The enclaves that fit the filters. Follow `next` to go on."""
        _demand_reader(request)
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="enclaves_register",
        summary="Register an enclave",
        request=serializer_of("RegisterEnclaveFacts", RegisterFacts),
        responses={201: EnclaveDetailOut},
    )
    def post(self, request: Request) -> Response:
        """Its area is found by its point or boundary, and its manager by its area."""
        made = register(by=actor_of(request), now=timezone.now(), facts=facts_of(request))
        return _enclave_answer(request, made, 201)


class EnclaveImport(Idempotent, APIView):
    """Many enclaves at once."""

    needs_scope = WRITE

    @extend_schema(
        operation_id="enclaves_import",
        summary="Check or register many enclaves, all or none",
        request=EnclaveImportIn,
        responses={200: EnclaveImportOut},
    )
    def post(self, request: Request) -> Response:
        """Every defect is reported. With `write` and without a defect all are registered."""
        given = EnclaveImportIn(data=facts_of(request))
        actor_of(request).require(SEES[2])
        given.is_valid(raise_exception=True)
        rows = [Row(n, cells) for n, cells in enumerate(given.validated_data["rows"], 1)]
        read = check_rows(rows, by=actor_of(request))
        made = []
        if given.validated_data["write"]:
            made = import_enclaves(read=read, by=actor_of(request), now=timezone.now())
        body = {
            "rows": read.rows,
            "fresh": len(read.fresh),
            "there": read.there,
            "problems": read.problems,
            "written": [one.number for one in made],
        }
        return Response(EnclaveImportOut(body).data)


class EnclaveProgress(APIView):
    """How far the enclaves have come."""

    needs_scope = READ

    @extend_schema(
        operation_id="enclaves_progress",
        summary="How many enclaves of how many, by district",
        responses=ProgressOut,
    )
    def get(self, request: Request) -> Response:
        """Each stage counts what has come at least so far; struck-off ones are left out."""
        _demand_reader(request)
        return Response(ProgressOut(progress(actor_of(request))).data)


class RulePlainly(Idempotent, APIView):
    """Ruling as the units themselves say."""

    needs_scope = WRITE
    needs_if_match = ("POST",)

    @extend_schema(
        operation_id="unowned_rule_plainly",
        summary="Name the unit that says the matter is its own, and write the rule",
        request=None,
        responses=MatterDetailOut,
    )
    def post(self, request: Request, number: str) -> Response:
        """409 where the units do not agree or have not all answered."""
        record = seen(MATTERS, request, number)
        check_if_match(request, etag(MATTERS, record))
        anyhow = request.headers.get("If-Match", "").strip() == "*"
        done = rule_plainly(
            number=number,
            by=actor_of(request),
            now=timezone.now(),
            version=None if anyhow else record.version,
        )
        return _matter_answer(request, done)


def _reads(
    door: Door[Any, Any], tag: str, answer: Any, detail: Any
) -> tuple[type[APIView], type[APIView], type[APIView]]:
    """One record, its steps now, and its timeline."""

    class Detail(APIView):
        """One record."""

        needs_scope = READ

        @extend_schema(operation_id=f"{tag}_read", summary="One of them", responses=detail)
        def get(self, request: Request, number: str) -> Response:
            """Send its `ETag` back in `If-Match` when you take a step; `*` takes it whatever the version."""
            made: Response = answer(request, seen(door, request, number))
            return made

    class Offers(APIView):
        """What may be done with it now."""

        needs_scope = READ

        @extend_schema(
            operation_id=f"{tag}_steps",
            summary="The steps that the caller may take now, and why not the others",
            responses=OfferOut(many=True),
        )
        def get(self, request: Request, number: str) -> Response:
            """Allowed steps first. Each step has an address of its own below this one."""
            record = seen(door, request, number)
            offers = door.available(record, actor_of(request), timezone.now())
            return Response(OfferOut(offers, many=True).data)

    class Timeline(APIView):
        """What happened to it."""

        needs_scope = READ

        @extend_schema(
            operation_id=f"{tag}_timeline",
            summary="What happened to it, the oldest first",
            responses=LineOut(many=True),
        )
        def get(self, request: Request, number: str) -> Response:
            """A reading of the journal."""
            record = seen(door, request, number)
            return Response(LineOut(timeline((door.subject, record.pk)), many=True).data)

    return Detail, Offers, Timeline


MATTER_READS = _reads(MATTERS, "unowned", _matter_answer, MatterDetailOut)
ENCLAVE_READS = _reads(ENCLAVES, "enclaves", _enclave_answer, EnclaveDetailOut)
MATTER_STEPS = step_views(MATTERS, tag="unowned", answer=_matter_answer, responses=MatterDetailOut)
ENCLAVE_STEPS = step_views(
    ENCLAVES, tag="enclaves", answer=_enclave_answer, responses=EnclaveDetailOut
)
