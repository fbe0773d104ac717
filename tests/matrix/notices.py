"""Everybody has a bell, and nobody sees into another's; who looks after what leaves the house."""

from typing import Any

from django.utils import timezone

from accounts.roles import May, Role
from journal.models import Cursor
from notices.choices import Channel, Delivery
from notices.models import Notice, Subscription, WebhookCall
from notices.tell import tell
from tests.factories import HOME
from tests.journal.factories import NOW, happened
from tests.matrix.row import EVERYBODY, FORBIDDEN, HIDDEN, IN, Outcome, Row, roles_with
from tests.matrix.world import World

RECIPIENT = frozenset({Role.CLERK})
POLICIES = roles_with(May.MANAGE_POLICIES)


def build(world: World) -> None:
    """A message to the clerk at home, one given up, and a subscription of the partner at home with a call."""
    clerk = world.people[Role.CLERK, HOME]
    event = happened()
    tell(event, [clerk.pk], kind="case.overdue", facts={}, link="/notices/", now=NOW)
    world.records["notice"] = Notice.objects.get()
    world.records["dead"] = Notice.objects.create(
        event=event,
        recipient=clerk,
        channel=Channel.GATEWAY,
        kind="case.overdue",
        state=Delivery.DEAD,
        created_at=NOW,
    )
    world.records["subscription"] = Subscription.objects.create(
        client=world.partners[HOME],
        url="https://example.org/",
        area_code=HOME,
        secret="secret",
        next_try_at=timezone.now(),
        created_at=NOW,
    )
    Cursor.objects.create(name=world.records["subscription"].reader)
    world.records["call"] = WebhookCall.objects.create(
        subscription=world.records["subscription"],
        event=event,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        next_try_at=NOW,
    )


def _notice(world: World) -> dict[str, Any]:
    return {"pk": world.records["notice"].pk}


def _dead(world: World) -> dict[str, Any]:
    return {"pk": world.records["dead"].pk}


def _subscription(world: World) -> dict[str, Any]:
    return {"pk": world.records["subscription"].pk}


def _call(world: World) -> dict[str, Any]:
    return {**_subscription(world), "call": world.records["call"].pk}


def _partner(world: World) -> dict[str, Any]:
    return {"client": world.partners[HOME].pk}


def _wish(_world: World) -> dict[str, Any]:
    return {"url": "https://example.org/", "verbs": [], "area_code": HOME}


def _own(url: str, method: str = "get", partner: Outcome | None = None) -> Row:
    return Row(
        url=url, method=method, may=RECIPIENT, kwargs=_notice, others=HIDDEN, partner=partner
    )


def _policies(url: str, method: str = "get", **more: Any) -> Row:
    return Row(url=url, method=method, may=POLICIES, **more)


def _webhook(url: str, method: str = "get", **more: Any) -> Row:
    """The partner at home has it; the one from abroad does not see it."""
    more.setdefault("kwargs", _subscription)
    return Row(url=url, method=method, may=POLICIES, partner=IN, **more)


ROWS = [
    Row(url="notices:list", may=EVERYBODY),
    Row(url="notices:badge", may=EVERYBODY),
    Row(url="notices:bell", may=EVERYBODY),
    Row(url="notices:live", may=EVERYBODY),
    Row(url="notices:read_all", method="post", may=EVERYBODY),
    _own("notices:open"),
    _own("notices:read", "post"),
    Row(url="notices:preferences", may=EVERYBODY),
    Row(url="notices:preferences", method="post", may=EVERYBODY),
    _policies("notices:undelivered"),
    _policies("notices:resend", "post", kwargs=_dead),
    _policies("notices:webhooks"),
    _policies("notices:webhook", kwargs=_subscription),
    _policies("notices:webhook_new", kwargs=_partner),
    _policies("notices:webhook_new", "post", kwargs=_partner),
    _policies("notices:webhook_switch", "post", kwargs=_subscription),
    _policies("notices:webhook_edit", kwargs=_subscription),
    _policies("notices:webhook_edit", "post", kwargs=_subscription),
    _policies("notices:webhook_secret", "post", kwargs=_subscription),
    _policies("notices:webhook_end", "post", kwargs=_subscription),
    _policies("notices:webhook_replay", "post", kwargs=_subscription),
    _policies("notices:webhook_skip", "post", kwargs=_call),
    Row(url="api_notices", may=EVERYBODY),
    Row(url="api_notices_read_all", method="post", may=EVERYBODY),
    _own("api_notice_read", "post", FORBIDDEN),
    Row(url="api_preferences", may=EVERYBODY),
    Row(url="api_preferences", method="put", may=EVERYBODY),
    _policies("api_undelivered"),
    _policies("api_resend", "post", kwargs=_dead),
    _webhook("api_webhooks", kwargs=None),
    _webhook("api_webhooks", "post", kwargs=None),
    _webhook("api_webhook_verbs", kwargs=None),
    _webhook("api_webhook"),
    _webhook("api_webhook", "put", data=_wish),
    _webhook("api_webhook", "delete"),
    _webhook("api_webhook_secret", "post"),
    _webhook("api_webhook_pause", "post"),
    _webhook("api_webhook_resume", "post"),
    _webhook("api_webhook_replay", "post", data=lambda _world: {"cursor": "0-0"}),
    _webhook("api_webhook_calls"),
    _webhook("api_webhook_skip", "post", kwargs=_call),
]
