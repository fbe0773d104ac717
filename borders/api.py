"""The API of both registers: the same actions and filters as the pages, one address for each step."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.roles import May
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
from config.idempotency import Idempotent
from config.tables import Row
from steps.api import (
    RecordList,
    actor_of,
    answered,
    demand,
    detail_view,
    etag,
    facts_of,
    offers_view,
    seen,
    step_views,
    timeline_view,
    version_given,
)
from steps.schema import serializer_of


def _matter_answer(request: Request, record: Matter, status: int = 200) -> Response:
    reading = MatterReading(record, actor_of(request), timezone.now())
    body = MatterDetailOut(record, context={"cases": reading.cases}).data
    return answered(MATTERS, record, body, at="unowned-matters", status=status)


def _enclave_answer(_request: Request, record: Enclave, status: int = 200) -> Response:
    body = EnclaveDetailOut(record).data
    return answered(ENCLAVES, record, body, at="enclaves", status=status)


class MatterList(Idempotent, RecordList[Matter]):
    """The no-lead register in scope, newest first; and raising a matter."""

    needs_scope = {"GET": READ, "POST": WRITE}
    model, readers = Matter, SEES
    serializer_class = MatterOut
    filterset_class = MatterFilter
    ordering_fields = (("raised_at", "desc"), ("id", "desc"))

    def in_scope(self, actor: Actor) -> QuerySet[Matter]:
        return matters_for_list(matters_visible_to(actor))

    @extend_schema(operation_id="unowned_list", summary="Matters without a lead, in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The matters that fit the filters. Follow `next` to go on."""
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


class EnclaveList(Idempotent, RecordList[Enclave]):
    """Enclaves in scope, newest first; and registering one."""

    needs_scope = {"GET": READ, "POST": WRITE}
    model, readers = Enclave, SEES
    serializer_class = EnclaveOut
    filterset_class = EnclaveFilter
    ordering_fields = (("registered_at", "desc"), ("id", "desc"))

    def in_scope(self, actor: Actor) -> QuerySet[Enclave]:
        return enclaves_for_list(enclaves_visible_to(actor))

    @extend_schema(operation_id="enclaves_list", summary="Enclaves in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The enclaves that fit the filters. Follow `next` to go on."""
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
        by = demand(request, May.RAISE_UNOWNED)
        given = EnclaveImportIn(data=facts_of(request))
        given.is_valid(raise_exception=True)
        rows = [Row(n, cells) for n, cells in enumerate(given.validated_data["rows"], 1)]
        read = check_rows(rows, by=by)
        made = []
        if given.validated_data["write"]:
            made = import_enclaves(read=read, by=by, now=timezone.now())
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
        return Response(ProgressOut(progress(demand(request, *SEES))).data)


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
        version = version_given(request, etag(MATTERS, record), record.version)
        by, now = actor_of(request), timezone.now()
        done = rule_plainly(number=number, by=by, now=now, version=version)
        return _matter_answer(request, done)


MatterDetail = detail_view(
    MATTERS,
    tag="unowned",
    scope=READ,
    of="a matter without a lead",
    answer=_matter_answer,
    responses=MatterDetailOut,
)
MatterOffers = offers_view(MATTERS, tag="unowned", scope=READ)
MatterTimeline = timeline_view(MATTERS, tag="unowned", scope=READ, of="a matter without a lead")
MATTER_STEPS = step_views(MATTERS, tag="unowned", answer=_matter_answer, responses=MatterDetailOut)

EnclaveDetail = detail_view(
    ENCLAVES,
    tag="enclaves",
    scope=READ,
    of="an enclave",
    answer=_enclave_answer,
    responses=EnclaveDetailOut,
)
EnclaveOffers = offers_view(ENCLAVES, tag="enclaves", scope=READ)
EnclaveTimeline = timeline_view(ENCLAVES, tag="enclaves", scope=READ, of="an enclave")
ENCLAVE_STEPS = step_views(
    ENCLAVES, tag="enclaves", answer=_enclave_answer, responses=EnclaveDetailOut
)
