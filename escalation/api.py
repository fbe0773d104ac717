"""The API of ladders: the same actions as the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.roles import May
from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from escalation.failures import failing_visible_to, try_again
from escalation.models import EscalationRule, Ladder
from escalation.preview import preview
from escalation.reading import ladders_of
from escalation.rules import Wording, add_rule, change_rule, rules_visible_to
from escalation.serializers import (
    ClimbingOut,
    FailingOut,
    PreviewIn,
    PreviewOut,
    RuleIn,
    RuleOut,
)
from incidents.catalogue import item_coded
from incidents.querysets import READ, visible_to

_RULE = {
    "name": "危险事项：处置",
    "item_code": "0201",
    "risk": "red",
    "stage": "handle",
    "rungs": [
        {"when": "share", "value": 50, "deed": "urge", "days": 0},
        {"when": "due", "value": 0, "deed": "to_street", "days": 0},
        {"when": "after", "value": 1, "deed": "order", "days": 0},
    ],
    "active": True,
}


def _manager(request: Request) -> Actor:
    """Who asks. Raises PermissionDenied for whoever does not manage ladders."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.posts_with(May.MANAGE_LADDERS):
        raise PermissionDenied
    return actor


def _etag(rule: EscalationRule) -> str:
    return etag_of("escalation_rule", rule.pk, rule.version)


def _answer(rule: EscalationRule, status: int = 200) -> Response:
    return Response(RuleOut(rule).data, status=status, headers={"ETag": _etag(rule)})


def _rule(request: Request, pk: int) -> EscalationRule:
    found = rules_visible_to(_manager(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _wording(request: Request) -> Wording:
    given = RuleIn(data=request.data)
    given.is_valid(raise_exception=True)
    facts = given.validated_data
    return Wording(**{**facts, "rungs": [dict(rung) for rung in facts["rungs"]]})


class RuleList(Idempotent, ListAPIView[EscalationRule]):
    """The rules by which cases climb."""

    serializer_class = RuleOut
    filter_backends: list[Any] = []
    ordering_fields = (("id", "asc"),)

    def get_queryset(self) -> QuerySet[EscalationRule]:
        if getattr(self, "swagger_fake_view", False):
            return EscalationRule.objects.none()
        return rules_visible_to(_manager(self.request)).order_by("id")

    @extend_schema(operation_id="escalation_rules", summary="The rules by which cases climb")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Those over the caller's areas, and those above them, which apply there too."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="escalation_rule_add",
        summary="Write a rule",
        request=RuleIn,
        responses={201: RuleOut},
        examples=[OpenApiExample("A ladder of dangerous matters", _RULE, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """For clocks that begin from now on. 409 where a rule in force has the same conditions."""
        actor = _manager(request)
        return _answer(add_rule(wording=_wording(request), by=actor, now=timezone.now()), 201)


class RuleDetail(APIView):
    """One rule."""

    @extend_schema(operation_id="escalation_rule", summary="One rule", responses=RuleOut)
    def get(self, request: Request, pk: int) -> Response:
        """Send its `ETag` back in `If-Match` to change it."""
        return _answer(_rule(request, pk))


class RuleChange(Idempotent, APIView):
    """Changing a rule."""

    needs_if_match = ("POST",)

    @extend_schema(
        operation_id="escalation_rule_change",
        summary="Change a rule, or switch it off",
        request=RuleIn,
        responses=RuleOut,
        examples=[OpenApiExample("The whole rule", _RULE, request_only=True)],
    )
    def post(self, request: Request, pk: int) -> Response:
        """The whole rule, over the version that was seen. Ladders that were planned by it stay as they are."""
        seen = _rule(request, pk)
        check_if_match(request, _etag(seen))
        by, now = _manager(request), timezone.now()
        return _answer(
            change_rule(seen, wording=_wording(request), seen=seen.version, by=by, now=now)
        )


class PreviewView(APIView):
    """How a case would climb."""

    @extend_schema(
        operation_id="escalation_preview",
        summary="How a case of some kind would climb if the stage began now",
        parameters=[PreviewIn],
        responses=PreviewOut,
    )
    def get(self, request: Request) -> Response:
        """The rule that holds, the rules that lost, and every rung with its time."""
        _manager(request)
        asked = PreviewIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        item = item_coded(given["item"]) if given["item"] else None
        found = preview(
            area_code=given["area"], item=item, urgency=given["urgency"],
            stage=given["stage"], now=timezone.now(),
        )  # fmt: skip
        return Response(PreviewOut(found).data)


class FailureList(ListAPIView[Ladder]):
    """Ladders that cannot go on."""

    serializer_class = FailingOut
    filter_backends: list[Any] = []
    ordering_fields = (("id", "desc"),)

    def get_queryset(self) -> QuerySet[Ladder]:
        if getattr(self, "swagger_fake_view", False):
            return Ladder.objects.none()
        return failing_visible_to(_manager(self.request)).order_by("-id")

    @extend_schema(
        operation_id="escalation_failures", summary="Ladders whose next rung could not be done"
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Each is tried again by itself with growing pauses (`next_at`)."""
        return super().get(request, *args, **kwargs)


class TryAgain(Idempotent, APIView):
    """Trying one at once."""

    @extend_schema(
        operation_id="escalation_try_again",
        summary="Let a failing ladder be tried at once",
        request=None,
        responses=FailingOut,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Within seconds, instead of after its pause."""
        actor = _manager(request)
        ladder = failing_visible_to(actor).filter(pk=pk).first()
        if ladder is None:
            raise Http404
        try_again(ladder, by=actor, now=timezone.now())
        ladder.refresh_from_db()
        return Response(FailingOut(ladder).data)


class CaseLadder(APIView):
    """The ladder of a case."""

    needs_scope = READ

    @extend_schema(
        operation_id="incidents_ladder",
        summary="What fired on the ladders of a case, and what comes next and when",
        responses=ClimbingOut(many=True),
    )
    def get(self, request: Request, number: str) -> Response:
        """One entry for each clock, the running ones first."""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        case = visible_to(actor).filter(number=number).first()
        if case is None or not actor.posts_with(May.SEE_CASES):
            raise Http404
        return Response(ClimbingOut(ladders_of(case), many=True).data)
