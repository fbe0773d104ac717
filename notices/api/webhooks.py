"""Subscriptions: for partner systems their own, for security administrators those of their areas."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor, ActorKind
from accounts.clients import known_scopes
from accounts.models import ApiClient
from accounts.roles import May
from accounts.visible import clients_visible_to
from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from config.refusal import Refused
from notices.models import Subscription, WebhookCall
from notices.serializers import (
    CallOut,
    NewSubscriptionOut,
    RenewIn,
    ReplayIn,
    SubscriptionEdit,
    SubscriptionIn,
    SubscriptionOut,
    VerbOut,
)
from notices.webhooks import changing
from notices.webhooks import subscriptions as subscribing
from notices.webhooks.topics import verbs_for
from notices.webhooks.visible import SCOPE, calls_of, client_of, visible_to

_WANTED = {
    "url": "https://hooks.example.org/yiwang",
    "verbs": ["incident.filed", "incident.closed"],
    "area_code": "120103",
}


def _actor(request: Request) -> Actor:
    """The caller, where they may have to do with subscriptions at all. Raises PermissionDenied."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind is ActorKind.CLIENT or actor.posts_with(May.MANAGE_POLICIES):
        return actor
    raise PermissionDenied


def _seen(request: Request, pk: int) -> Subscription:
    found = visible_to(_actor(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _etag(subscription: Subscription) -> str:
    return etag_of("subscription", subscription.pk, subscription.version)


def _answer(subscription: Subscription) -> Response:
    return Response(SubscriptionOut(subscription).data, headers={"ETag": _etag(subscription)})


def _partner(actor: Actor, asked: int | None) -> ApiClient:
    """The partner system that is to be called: the caller itself, or one that the caller administers."""
    if actor.kind is ActorKind.CLIENT:
        return client_of(actor)
    if asked is None:
        raise Refused("client_missing", _("Say which partner system."), field="client")
    found: ApiClient | None = clients_visible_to(actor).filter(pk=asked).first()
    if found is None:
        raise Http404
    return found


class SubscriptionList(Idempotent, ListAPIView[Subscription]):
    """Subscriptions, and a new one."""

    needs_scope = SCOPE
    serializer_class = SubscriptionOut
    ordering_fields = (("id", "desc"),)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Subscription.objects.none()
        return visible_to(_actor(self.request))

    @extend_schema(operation_id="webhooks_list", summary="Subscriptions")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The caller's own; for a security administrator those of their areas."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="webhooks_subscribe",
        summary="Be called when something happens",
        request=SubscriptionIn,
        responses={201: NewSubscriptionOut},
        examples=[OpenApiExample("Two verbs", _WANTED, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """From now on. `secret` is in this answer only: it signs each call."""
        actor = _actor(request)
        given = SubscriptionIn(data=request.data)
        given.is_valid(raise_exception=True)
        facts = given.validated_data
        client = _partner(actor, facts.get("client"))
        made = subscribing.subscribe(
            client,
            url=facts["url"],
            verbs=facts["verbs"],
            area_code=facts.get("area_code", client.area_code),
            by=actor,
            now=timezone.now(),
        )
        location = f"/api/v1/webhooks/{made.subscription.pk}"
        headers = {"ETag": _etag(made.subscription), "Location": location}
        return Response(NewSubscriptionOut(made).data, status=201, headers=headers)


class SubscriptionDetail(APIView):
    """One subscription."""

    needs_scope = SCOPE
    needs_if_match = ("PUT", "DELETE")

    @extend_schema(
        operation_id="webhooks_read", summary="One subscription", responses=SubscriptionOut
    )
    def get(self, request: Request, pk: int) -> Response:
        """How it is doing. Send its `ETag` back in `If-Match` to change, pause, resume, replay or end it."""
        return _answer(_seen(request, pk))

    @extend_schema(
        operation_id="webhooks_change",
        summary="Change address, verbs and area of a subscription",
        request=SubscriptionEdit,
        responses=SubscriptionOut,
        examples=[OpenApiExample("Two verbs", _WANTED, request_only=True)],
    )
    def put(self, request: Request, pk: int) -> Response:
        """It goes on where it stands in the journal. What waits goes to the new address; what is not wanted any more is
        dropped."""
        seen = _seen(request, pk)
        check_if_match(request, _etag(seen))
        given = SubscriptionEdit(data=request.data)
        given.is_valid(raise_exception=True)
        facts, by = given.validated_data, _actor(request)
        written = changing.change(seen, **facts, version=seen.version, by=by, now=timezone.now())
        return _answer(written)

    @extend_schema(operation_id="webhooks_end", summary="End a subscription", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """No call is made any more. Its calls can be read until they are forgotten; its secret is erased."""
        seen = _seen(request, pk)
        check_if_match(request, _etag(seen))
        changing.end(seen, by=_actor(request), now=timezone.now())
        return Response(status=204)


class _Step(Idempotent, APIView):
    needs_scope = SCOPE
    needs_if_match = ("POST",)

    def done(
        self, request: Request, pk: int, act: Callable[[Subscription], Subscription]
    ) -> Response:
        """Do it over the version that was seen."""
        seen = _seen(request, pk)
        check_if_match(request, _etag(seen))
        return _answer(act(seen))


class SubscriptionPause(_Step):
    """Pausing."""

    @extend_schema(
        operation_id="webhooks_pause",
        summary="Pause a subscription",
        request=None,
        responses=SubscriptionOut,
    )
    def post(self, request: Request, pk: int) -> Response:
        """No more calls; nothing is lost meanwhile."""
        by, now = _actor(request), timezone.now()
        return self.done(request, pk, lambda it: subscribing.pause(it, by=by, now=now))


class SubscriptionResume(_Step):
    """Going on."""

    @extend_schema(
        operation_id="webhooks_resume",
        summary="Let a subscription go on",
        request=None,
        responses=SubscriptionOut,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Where it stopped."""
        by, now = _actor(request), timezone.now()
        return self.done(request, pk, lambda it: subscribing.resume(it, by=by, now=now))


class SecretRenew(_Step):
    """A new secret."""

    @extend_schema(
        operation_id="webhooks_renew_secret",
        summary="Renew the secret of a subscription",
        request=RenewIn,
        responses=NewSubscriptionOut,
        examples=[OpenApiExample("A week to change over", {"grace_hours": 168}, request_only=True)],
    )
    def post(self, request: Request, pk: int) -> Response:
        """`secret` is in this answer only. For `grace_hours` (24 where none are given) each call bears two signatures,
        by the new secret and by the old; 0 ends the old one at once."""
        given = RenewIn(data=request.data)
        given.is_valid(raise_exception=True)
        seen = _seen(request, pk)
        check_if_match(request, _etag(seen))
        hours = given.validated_data["grace_hours"]
        made = changing.renew_secret(
            seen, grace_hours=hours, by=_actor(request), now=timezone.now()
        )
        headers = {"ETag": _etag(made.subscription)}
        return Response(NewSubscriptionOut(made).data, headers=headers)


class SubscriptionReplay(_Step):
    """Hearing it again."""

    @extend_schema(
        operation_id="webhooks_replay",
        summary="Hear everything after a cursor again",
        request=ReplayIn,
        responses=SubscriptionOut,
        examples=[OpenApiExample("After one event", {"cursor": "8123-40772"}, request_only=True)],
    )
    def post(self, request: Request, pk: int) -> Response:
        """In order, with `replay` raised by one. A paused subscription goes on."""
        by, now = _actor(request), timezone.now()
        given = ReplayIn(data=request.data)
        given.is_valid(raise_exception=True)
        cursor = given.validated_data["cursor"]
        return self.done(request, pk, lambda it: subscribing.replay(it, cursor, by=by, now=now))


class CallList(ListAPIView[WebhookCall]):
    """The calls of a subscription."""

    needs_scope = SCOPE
    serializer_class = CallOut
    ordering_fields = (("id", "desc"),)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return WebhookCall.objects.none()
        return calls_of(_seen(self.request, self.kwargs["pk"]))

    @extend_schema(operation_id="webhooks_calls", summary="What a subscription was called with")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest first: sent, waiting with the last error, or skipped."""
        return super().get(request, *args, **kwargs)


class CallSkip(Idempotent, APIView):
    """Leaving one out."""

    needs_scope = SCOPE

    @extend_schema(
        operation_id="webhooks_skip",
        summary="Leave out one event that the receiver cannot take",
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, pk: int, call: int) -> Response:
        """What follows of its subject goes on. 409 where it is not waiting any more."""
        subscribing.skip(_seen(request, pk), call, by=_actor(request), now=timezone.now())
        return Response(status=204)


class VerbList(APIView):
    """What can be heard."""

    needs_scope = SCOPE

    @extend_schema(
        operation_id="webhooks_verbs",
        summary="Of what a partner system can hear",
        responses=VerbOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """For a partner system, what its scopes open to it."""
        actor = _actor(request)
        scopes = actor.scopes if actor.kind is ActorKind.CLIENT else frozenset(known_scopes())
        rows = [{"verb": verb} for verb in sorted(verbs_for(scopes))]
        return Response(VerbOut(rows, many=True).data)
