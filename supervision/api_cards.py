"""The API of cards and of the rules that draw them."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.roles import May
from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from incidents.querysets import READ, WRITE
from steps.api import demand
from supervision.api_examples import CARD, RULE
from supervision.card_rules import add_rule, change_rule, rules_for
from supervision.cards import lift_card
from supervision.filters import CardFilter
from supervision.models import Card, CardRule
from supervision.querysets import cards_of
from supervision.serializers import (
    CardDetailOut,
    CardOut,
    CardRuleEdit,
    CardRuleIn,
    CardRuleOut,
    LiftIn,
)


class CardList(ListAPIView[Card]):
    """Cards in scope."""

    needs_scope = READ
    serializer_class = CardOut
    filterset_class = CardFilter
    ordering_fields = (("id", "desc"),)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Card.objects.none()
        actor = demand(self.request, May.SUPERVISE, May.ANSWER_ORDER)
        return cards_of(actor).select_related("unit", "rule")

    @extend_schema(
        operation_id="supervision_cards",
        summary="Yellow and red cards",
        examples=[OpenApiExample("A card", CARD, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Of the units of the supervised areas and of your own organisation, the newest first."""
        return super().get(request, *args, **kwargs)


def _card(request: Request, pk: int) -> Card:
    actor = demand(request, May.SUPERVISE, May.ANSWER_ORDER)
    found = cards_of(actor).select_related("unit", "rule").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _answer(card: Card) -> Response:
    etag = etag_of("card", card.pk, card.version)
    return Response(CardDetailOut(card).data, headers={"ETag": etag})


class CardDetail(APIView):
    """One card."""

    needs_scope = READ

    @extend_schema(
        operation_id="supervision_card",
        summary="One card, and what it was drawn for",
        responses=CardDetailOut,
    )
    def get(self, request: Request, pk: int) -> Response:
        """With the ETag that lifting needs."""
        return _answer(_card(request, pk))


class LiftView(Idempotent, APIView):
    """Lifting a card."""

    needs_scope = WRITE
    needs_if_match = ("POST",)

    @extend_schema(
        operation_id="supervision_card_lift",
        summary="Lift a card, with a reason",
        request=LiftIn,
        responses=CardDetailOut,
        examples=[OpenApiExample("A reason", {"reason": "系统故障所致。"}, request_only=True)],
    )
    def post(self, request: Request, pk: int) -> Response:
        """It stays on record; a yellow one does not count for a red one any more."""
        seen = _card(request, pk)
        by = demand(request, May.LIFT_CARD)
        check_if_match(request, etag_of("card", seen.pk, seen.version))
        given = LiftIn(data=request.data)
        given.is_valid(raise_exception=True)
        anyhow = request.headers.get("If-Match", "").strip() == "*"
        lift_card(
            card_id=pk,
            reason=given.validated_data["reason"],
            by=by,
            now=timezone.now(),
            version=None if anyhow else seen.version,
        )
        return _answer(_card(request, pk))


class CardRules(Idempotent, ListAPIView[CardRule]):
    """Rules of cards; and writing one."""

    serializer_class = CardRuleOut
    filter_backends = ()
    ordering_fields = (("id", "asc"),)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return CardRule.objects.none()
        return rules_for(demand(self.request, May.MANAGE_CARDS))

    @extend_schema(
        operation_id="supervision_card_rules",
        summary="Rules that draw cards",
        examples=[OpenApiExample("A rule", RULE, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """In force or not."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="supervision_card_rule_add",
        summary="Write a rule",
        request=CardRuleIn,
        responses={201: CardRuleOut},
    )
    def post(self, request: Request) -> Response:
        """One in force for a colour and a kind of miss."""
        by = demand(request, May.MANAGE_CARDS)
        given = CardRuleIn(data=request.data)
        given.is_valid(raise_exception=True)
        made = add_rule(by=by, now=timezone.now(), **given.validated_data)
        return _rule_answer(made, 201)


def _rule_answer(rule: CardRule, status: int = 200) -> Response:
    etag = etag_of("card-rule", rule.pk, rule.version)
    return Response(CardRuleOut(rule).data, status=status, headers={"ETag": etag})


class CardRuleDetail(APIView):
    """One rule of cards."""

    needs_if_match = ("PUT",)

    def _rule(self, request: Request, pk: int) -> CardRule:
        found = rules_for(demand(request, May.MANAGE_CARDS)).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    @extend_schema(operation_id="supervision_card_rule", summary="One rule", responses=CardRuleOut)
    def get(self, request: Request, pk: int) -> Response:
        """With the ETag that changing needs."""
        return _rule_answer(self._rule(request, pk))

    @extend_schema(
        operation_id="supervision_card_rule_change",
        summary="Change a rule",
        request=CardRuleEdit,
        responses=CardRuleOut,
    )
    def put(self, request: Request, pk: int) -> Response:
        """The new figures count from the next miss on."""
        seen = self._rule(request, pk)
        check_if_match(request, etag_of("card-rule", seen.pk, seen.version))
        given = CardRuleEdit(data=request.data)
        given.is_valid(raise_exception=True)
        by = demand(request, May.MANAGE_CARDS)
        changed = change_rule(
            rule_id=pk, version=seen.version, by=by, now=timezone.now(), **given.validated_data
        )
        return _rule_answer(changed)
