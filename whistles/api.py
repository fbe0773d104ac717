"""The API of whistles: the same actions and filters as the pages, one address for each step."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError, PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.roles import May
from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from config.refusal import Refused
from incidents.serializers import LineOut
from incidents.step_forms.base import FactsRefused
from incidents.step_forms.schema import serializer_of
from whistles.drafting import draft
from whistles.figures import default_period, figures
from whistles.filters import WhistleFilter
from whistles.history import timeline
from whistles.lifecycle import STEPS
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
from whistles.step_forms import FORMS, DraftFacts
from whistles.taking import available, take
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


def actor_of(request: Request) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


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


def facts_of(request: Request) -> Mapping[str, Any]:
    """The facts that were sent. Raises ParseError where they are a list or a bare value."""
    if not isinstance(request.data, Mapping):
        raise ParseError(_("Send the facts of the step as one JSON object."))
    return request.data


class WhistleList(Idempotent, ListAPIView[Whistle]):
    """Whistles in scope, newest first; and drafting one."""

    needs_scope = {"GET": READ, "POST": WRITE}
    serializer_class = WhistleOut
    filterset_class = WhistleFilter
    ordering_fields = (("drafted_at", "desc"), ("id", "desc"))

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Whistle.objects.none()
        return for_list(visible_to(actor_of(self.request)))

    @extend_schema(operation_id="whistles_list", summary="Whistles in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The whistles that fit the filters. Follow `next` to go on."""
        if not any(actor_of(request).posts_with(may) for may in SEES):
            raise PermissionDenied
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


class WhistleOffers(APIView):
    """What may be done with a whistle now."""

    needs_scope = READ

    @extend_schema(
        operation_id="whistles_steps",
        summary="The steps that the caller may take now, and why not the others",
        responses=WhistleOfferOut(many=True),
    )
    def get(self, request: Request, number: str) -> Response:
        """Allowed steps first. Each step has an address of its own below this one."""
        offers = available(_seen(request, number), actor_of(request), timezone.now())
        return Response(WhistleOfferOut(offers, many=True).data)


class WhistleTimeline(APIView):
    """What happened to a whistle."""

    needs_scope = READ

    @extend_schema(
        operation_id="whistles_timeline",
        summary="What happened to a whistle, the oldest first",
        responses=LineOut(many=True),
    )
    def get(self, request: Request, number: str) -> Response:
        """A reading of the journal."""
        return Response(LineOut(timeline(_seen(request, number)), many=True).data)


class StepView(Idempotent, APIView):
    """Taking one step; a subclass for each row of the table (see `step_views`)."""

    needs_scope = WRITE
    needs_if_match = ("POST",)
    step = ""

    def taken(self, request: Request, number: str) -> Response:
        """Take the step as the caller, over the version that `If-Match` names."""
        seen = _seen(request, number)
        check_if_match(request, _etag(seen))
        anyhow = request.headers.get("If-Match", "").strip() == "*"
        take(
            self.step,
            number=number,
            by=actor_of(request),
            now=timezone.now(),
            version=None if anyhow else seen.version,
            facts=facts_of(request),
        )
        return _answer(request, number)


def step_views() -> dict[str, type[StepView]]:
    """A view for each step, described with the facts that it asks for."""
    return {code: _step_view(code) for code in STEPS}


def _step_view(code: str) -> type[StepView]:
    row, name = STEPS[code], "".join(part.title() for part in code.split("_"))
    facts = serializer_of(f"Whistle{name}Facts", FORMS[code])
    free = code == "evaluate"  # its fields depend on the units
    described = extend_schema(
        operation_id=f"whistles_step_{code}",
        summary=str(row.label),
        description=f"From {', '.join(sorted(row.sources))} to {row.to or 'what follows from the units'}. {row.why}",
        request=_Grades if free else facts if facts().fields else None,
        responses=WhistleDetailOut,
    )

    @described
    def post(self: StepView, request: Request, number: str) -> Response:
        """Take the step on the version that was seen. 412 where somebody was first."""
        return self.taken(request, number)

    return type(f"Whistle{name}Step", (StepView,), {"step": code, "post": post, "__doc__": row.why})


class _Grades(serializers.Serializer[Any]):
    """`grade_CODE` (excellent, good, fair, poor) and `text_CODE` for the code of each unit that stands summoned."""


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
        _demand_reader(request)
        return Response(WhistleTypeOut(all_types(), many=True).data)


def _demand_reader(request: Request) -> None:
    if not any(actor_of(request).posts_with(may) for may in (*SEES, May.MANAGE_CATALOGUE)):
        raise PermissionDenied


class TypeDetail(Idempotent, APIView):
    """One kind of whistle."""

    needs_scope = {"GET": READ}
    needs_if_match = ("POST",)

    @extend_schema(
        operation_id="whistles_type", summary="A kind of whistle", responses=WhistleTypeOut
    )
    def get(self, request: Request, code: str) -> Response:
        """With its `ETag`, for changing it."""
        _demand_reader(request)
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
            raise FactsRefused(form)  # type: ignore[arg-type]  # it reads the errors only
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
