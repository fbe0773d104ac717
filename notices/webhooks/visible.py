"""Who sees which subscriptions: a partner system its own, a security administrator those of their areas."""

from collections.abc import Collection

from django.db.models import Count, QuerySet

from accounts.actor import Actor, ActorKind
from accounts.models import ApiClient
from accounts.visible import clients_visible_to
from notices.choices import Calling
from notices.models import Subscription, WebhookCall

SCOPE = "webhooks:manage"


def visible_to(actor: Actor) -> "QuerySet[Subscription]":
    """The subscriptions that this actor may see and act on."""
    rows = Subscription.objects.select_related("client")
    if actor.kind is ActorKind.CLIENT:
        return rows.filter(client_id=actor.id) if SCOPE in actor.scopes else rows.none()
    return rows.filter(client__in=clients_visible_to(actor).values("pk"))


def client_of(actor: Actor) -> ApiClient:
    """The partner system that is acting."""
    client: ApiClient = ApiClient.objects.get(pk=actor.id or 0)
    return client


def calls_of(subscription: Subscription) -> "QuerySet[WebhookCall]":
    """The calls of one subscription, the newest first. The caller has checked that it may be seen."""
    return WebhookCall.objects.filter(subscription=subscription).select_related("event")


def waiting_counts(subscriptions: Collection[int]) -> dict[int, int]:
    """How many calls wait in each of these subscriptions (ids), without those that are not read yet."""
    waiting = WebhookCall.objects.filter(subscription__in=subscriptions, state=Calling.WAITING)
    counted = waiting.order_by().values_list("subscription").annotate(count=Count("pk"))
    return dict(counted)
