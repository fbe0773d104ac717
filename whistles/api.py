"""The API of whistles: the same actions and filters as the pages, one address for each step."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.roles import May
from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from config.refusal import Refused
from steps.api import (
    RecordList,
    actor_of,
    demand,
    facts_of,
    offers_view,
    step_views,
    timeline_view,
)
from steps.forms import FactsRefused
from steps.schema import serializer_of
from whistles.drafting import draft
from whistles.figures import default_period, figures
from whistles.filters import WhistleFilter
from whistles.history import timeline
from whistles.models import Whistle
from whistles.querysets import READ, SEES, WRITE, all_types, for_list, type_coded, visible_to
from whistles.reading import WhistleReading
from whistles.serializers import (
    FiguresOut,
    PeriodIn,
    WhistleDetailOut,
    WhistleOfferOut,
    WhistleOut,
    WhistleTypeOut,
)
from whistles.step_forms import DraftFacts
from whistles.taking import DOOR
from whistles.types import TypeForm, change_type

_DRAFT = {
    "type": "emergency",
    "text": "沿街商铺起火，需疏散群众",
    "lon": 117.2231,
    "lat": 39.1045,
    "lead": "HX-FR",
    "units": ["HX-SAN"],
    "cases": "",
    "plan": [{"text": "清运火场残留物", "unit": "HX-SAN", "due_on": "2026-03-12"}],
    "stay": True,
}


def _seen(request: Request, number: str) -> Whistle:
    """The whistle where the caller may see it. Raises Http404."""
    found = for_list(visible_to(actor_of(request))).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _etag(whistle: Whistle) -> str:
    return etag_of("whistle", whistle.pk, whistle.version)


def _answer(request: Request, number: str, status: int = 200) -> Response:
    whistle = _seen(request, number)
    reading = WhistleReading(whistle, actor_of(request), timezone.now())
    body = {
        "whistle": whistle,
        "parts": reading.parts,
        "plan": reading.call.milestones,
        "cases": [case.number for case in reading.cases],
    }
    headers = {"ETag": _etag(whistle), "Location": f"/api/v1/whistles/{number}"}
    return Response(WhistleDetailOut(body).data, status=status, headers=headers)


class WhistleList(Idempotent, RecordList[Whistle]):
    """Whistles in scope, newest first; and drafting one."""

    needs_scope = {"GET": READ, "POST": WRITE}
    model, readers = Whistle, SEES
    serializer_class = WhistleOut
    filterset_class = WhistleFilter
    ordering_fields = (("drafted_at", "desc"), ("id", "desc"))

    def in_scope(self, actor: Actor) -> QuerySet[Whistle]:
        return for_list(visible_to(actor))

    @extend_schema(operation_id="whistles_list", summary="Whistles in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The whistles that fit the filters. Follow `next` to go on."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="whistles_draft",
        summary="Draft a whistle",
        request=serializer_of("DraftWhistleFacts", DraftFacts),
        responses={201: WhistleDetailOut},
        examples=[OpenApiExample("An emergency", _DRAFT, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Draft it; approving and blowing are steps of their own."""
        made = draft(by=actor_of(request), now=timezone.now(), facts=facts_of(request))
        return _answer(request, made.number, 201)


class WhistleDetail(APIView):
    """One whistle."""

    needs_scope = READ

    @extend_schema(operation_id="whistles_read", summary="One whistle", responses=WhistleDetailOut)
    def get(self, request: Request, number: str) -> Response:
        """The whistle. Send its `ETag` back in `If-Match` when you take a step; `*` for a unit's own steps."""
        return _answer(request, number)


WhistleOffers = offers_view(DOOR, tag="whistles", scope=READ, offer=WhistleOfferOut)
WhistleTimeline = timeline_view(
    DOOR,
    tag="whistles",
    scope=READ,
    of="a whistle",
    lines=lambda whistle, _actor: timeline(whistle),
)


class _Grades(serializers.Serializer[Any]):
    """`grade_CODE` (excellent, good, fair, poor) and `text_CODE` for the code of each unit that stands summoned."""


STEP_VIEWS = step_views(
    DOOR,
    tag="whistles",
    prefix="whistle",
    answer=lambda request, done: _answer(request, done.number),
    responses=WhistleDetailOut,
    requests={"evaluate": _Grades},  # its fields depend on the units
)


class TypeList(APIView):
    """Kinds of whistle."""

    needs_scope = READ

    @extend_schema(
        operation_id="whistles_types",
        summary="Kinds of whistle",
        responses=WhistleTypeOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """Who may blow them, and how long units have."""
        demand(request, *SEES, May.MANAGE_CATALOGUE)
        return Response(WhistleTypeOut(all_types(), many=True).data)


class TypeDetail(Idempotent, APIView):
    """One kind of whistle."""

    needs_scope = {"GET": READ}
    needs_if_match = ("POST",)

    @extend_schema(
        operation_id="whistles_type", summary="A kind of whistle", responses=WhistleTypeOut
    )
    def get(self, request: Request, code: str) -> Response:
        """With its `ETag`, for changing it."""
        demand(request, *SEES, May.MANAGE_CATALOGUE)
        return self._answer(code)

    @extend_schema(
        operation_id="whistles_type_change",
        summary="Change a kind of whistle (administrators)",
        request=serializer_of("WhistleTypeFacts", TypeForm),
        responses=WhistleTypeOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """Write it over the version that `If-Match` names. What is blown keeps its deadlines."""
        actor = actor_of(request)
        actor.require(May.MANAGE_CATALOGUE)
        kind, stored = type_coded(code), type_coded(code)
        if kind is None or stored is None:
            raise Http404
        check_if_match(request, etag_of("whistle_type", stored.pk, stored.version))
        form = TypeForm({"version": stored.version, **facts_of(request)}, instance=kind)
        if not form.is_valid():
            raise FactsRefused(form)
        facts = dict(form.cleaned_data)
        version = facts.pop("version")
        change_type(stored, by=actor, now=timezone.now(), version=version, **facts)
        return self._answer(code)

    def _answer(self, code: str) -> Response:
        kind = type_coded(code)
        if kind is None:
            raise Http404
        etag = etag_of("whistle_type", kind.pk, kind.version)
        return Response(WhistleTypeOut(kind).data, headers={"ETag": etag})


class WhistleFigures(APIView):
    """Who blows how often, and who comes."""

    needs_scope = READ

    @extend_schema(
        operation_id="whistles_figures",
        summary="Figures per street and per department",
        parameters=[PeriodIn],
        responses=FiguresOut,
    )
    def get(self, request: Request) -> Response:
        """Of whistles blown from `first` to `last` (local days); without them of the last 90 days."""
        given = PeriodIn(data=request.query_params)
        given.is_valid(raise_exception=True)
        usual = default_period(timezone.now())
        first = given.validated_data.get("first", usual[0])
        last = given.validated_data.get("last", usual[1])
        if first > last:
            raise Refused("period_backward", _("The last day lies before the first."), field="last")
        return Response(FiguresOut(figures(actor_of(request), first, last)).data)
