"""The API of personnel suggestions. For people only: no partner system has a scope for it."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.roles import May
from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from steps.api import actor_of, facts_of
from steps.schema import serializer_of
from whistles.models import PersonnelSuggestion
from whistles.personnel import STEPS, SuggestionForm, decide, read, suggest
from whistles.querysets import suggestions_visible_to
from whistles.serializers import AnswerIn, SuggestionDetailOut, SuggestionOut

_READERS = (May.SUGGEST_PERSONNEL, May.APPROVE_PERSONNEL, May.RECEIVE_PERSONNEL)


def _answer(one: PersonnelSuggestion, status: int = 200) -> Response:
    headers = {"ETag": etag_of("suggestion", one.pk, one.version)}
    return Response(SuggestionDetailOut(one).data, status=status, headers=headers)


class SuggestionList(Idempotent, ListAPIView[PersonnelSuggestion]):
    """One's own street's suggestions, or those sent to the organisation department; and making one."""

    serializer_class = SuggestionOut
    ordering_fields = (("id", "desc"),)
    filter_backends: list[Any] = []

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return PersonnelSuggestion.objects.none()
        return suggestions_visible_to(actor_of(self.request)).select_related("unit")

    @extend_schema(operation_id="personnel_list", summary="Personnel suggestions in scope")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Without persons: they stand on each suggestion alone."""
        if not any(actor_of(request).posts_with(may) for may in _READERS):
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="personnel_suggest",
        summary="Make a personnel suggestion",
        request=serializer_of("SuggestionFacts", SuggestionForm),
        responses={201: SuggestionDetailOut},
    )
    def post(self, request: Request) -> Response:
        """It goes to the street's Party committee."""
        made = suggest(by=actor_of(request), now=timezone.now(), facts=facts_of(request))
        return _answer(made, 201)


class SuggestionDetail(APIView):
    """One personnel suggestion."""

    @extend_schema(
        operation_id="personnel_read",
        summary="One personnel suggestion",
        responses=SuggestionDetailOut,
    )
    def get(self, request: Request, pk: int) -> Response:
        """The reading is journaled."""
        return _answer(_read(request, pk))


def _read(request: Request, pk: int) -> PersonnelSuggestion:
    try:
        return read(pk, by=actor_of(request), now=timezone.now())
    except PersonnelSuggestion.DoesNotExist:
        raise Http404 from None


class SuggestionStep(Idempotent, APIView):
    """Taking one step with a suggestion; a subclass for each."""

    needs_if_match = ("POST",)
    step = ""

    def taken(self, request: Request, pk: int) -> Response:
        """Take the step over the version that `If-Match` names."""
        seen = suggestions_visible_to(actor_of(request)).filter(pk=pk).first()
        if seen is None:
            raise Http404
        check_if_match(request, etag_of("suggestion", seen.pk, seen.version))
        given = AnswerIn(data=facts_of(request))
        given.is_valid(raise_exception=True)
        answer = given.validated_data.get("answer", "")
        decide(
            self.step,
            pk,
            by=actor_of(request),
            now=timezone.now(),
            version=seen.version,
            answer=answer,
        )
        return Response(status=204)


def suggestion_step_views() -> dict[str, type[SuggestionStep]]:
    """A view for each step."""
    return {code: _step_view(code) for code in STEPS}


def _step_view(code: str) -> type[SuggestionStep]:
    @extend_schema(
        operation_id=f"personnel_step_{code}",
        summary=str(STEPS[code].label),
        request=AnswerIn,
        responses={204: None},
    )
    def post(self: SuggestionStep, request: Request, pk: int) -> Response:
        """Take the step on the version that was seen. 412 where somebody was first."""
        return self.taken(request, pk)

    return type(f"Suggestion{code.title()}Step", (SuggestionStep,), {"step": code, "post": post})
