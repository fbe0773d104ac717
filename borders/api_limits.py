"""The API of the limits, for administrators."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.roles import May
from borders import querysets
from borders.limits import LimitForm, change_limit
from borders.serializers import LimitOut
from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from steps.api import actor_of, facts_of
from steps.forms import FactsRefused
from steps.schema import serializer_of


class LimitList(APIView):
    """How long the stages of both registers may take."""

    @extend_schema(
        operation_id="border_limits",
        summary="Limits of both registers",
        responses=LimitOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """A row for each stage."""
        actor_of(request).require(May.MANAGE_CATALOGUE)
        return Response(LimitOut(querysets.limits(), many=True).data)


class LimitDetail(Idempotent, APIView):
    """One limit."""

    needs_if_match = ("POST",)

    @extend_schema(operation_id="border_limit", summary="One limit", responses=LimitOut)
    def get(self, request: Request, stage: str) -> Response:
        """With its `ETag`, for changing it."""
        return self._answer(request, stage)

    @extend_schema(
        operation_id="border_limit_change",
        summary="Change a limit",
        request=serializer_of("BorderLimitFacts", LimitForm),
        responses=LimitOut,
    )
    def post(self, request: Request, stage: str) -> Response:
        """Write it over the version that `If-Match` names. Clocks that run keep their time."""
        actor_of(request).require(May.MANAGE_CATALOGUE)
        limit, stored = querysets.limit_of(stage), querysets.limit_of(stage)
        if limit is None or stored is None:
            raise Http404
        check_if_match(request, etag_of("border_limit", stored.pk, stored.version))
        form = LimitForm({"version": stored.version, **facts_of(request)}, instance=limit)
        if not form.is_valid():
            raise FactsRefused(form)
        change_limit(stored, by=actor_of(request), now=timezone.now(), **form.cleaned_data)
        return self._answer(request, stage)

    def _answer(self, request: Request, stage: str) -> Response:
        actor_of(request).require(May.MANAGE_CATALOGUE)
        limit = querysets.limit_of(stage)
        if limit is None:
            raise Http404
        etag = etag_of("border_limit", limit.pk, limit.version)
        return Response(LimitOut(limit).data, headers={"ETag": etag})
