"""Subscribing, pausing, going on, hearing it again, leaving one out. The partner system itself does it, or the security
administrator of its area."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import area_names
from accounts.actor import Actor, ActorKind
from accounts.authority import require_over
from accounts.edits import write_over
from accounts.models import ApiClient
from accounts.roles import May
from config.refusal import Refused, SomebodyWasFirst
from config.row_order import later
from journal.append import append
from journal.models import Cursor
from notices.choices import Calling, Running
from notices.models import Subscription, WebhookCall
from notices.outside.addresses import checked
from notices.webhooks.places import place_of, present
from notices.webhooks.topics import verbs_for
from notices.webhooks.visible import SCOPE

# Each reads the journal for itself.
MOST_PER_CLIENT = 10


@dataclass(frozen=True)
class NewSubscription:
    """A subscription and its secret, to be shown once."""

    subscription: Subscription
    secret: str


@transaction.atomic
def subscribe(
    client: ApiClient,
    *,
    url: str,
    verbs: Collection[str],
    area_code: str,
    by: Actor,
    now: datetime,
) -> NewSubscription:
    """Call `client` at `url` from now on when one of `verbs` (none: all that it may hear) happens in the area.

    Raises PermissionDenied, Refused.
    """
    demand(client, by)
    ApiClient.objects.select_for_update(no_key=True, of=("self",)).get(pk=client.pk)
    check_wish(client, verbs, area_code)
    _demand_room(client)
    secret = secrets.token_urlsafe(32)
    made = Subscription.objects.create(
        client=client,
        url=checked(url.strip()),
        verbs=sorted(set(verbs)),
        area_code=area_code,
        secret=secret,
        next_try_at=now,
        created_at=now,
        changed_at=now,
        changed_by=by.label,
    )
    xid, event_id = present()
    Cursor.objects.create(name=made.reader, xid=xid, event_id=event_id, moved_at=now)
    journal("webhook.subscribed", made, by=by, now=now, verbs=made.verbs, area=area_code)
    return NewSubscription(made, secret)


@transaction.atomic
def pause(subscription: Subscription, *, by: Actor, now: datetime) -> Subscription:
    """Call it no more until somebody lets it go on; nothing is lost meanwhile. Raises SomebodyWasFirst."""
    demand(subscription.client, by)
    held = locked(subscription)
    if not held.active:
        raise SomebodyWasFirst(_("It is paused already."))
    changes = {"state": Running.PAUSED, "paused_at": now, "paused_by": by.label}
    written = write_over(held, version=None, by=by, now=now, **changes)
    journal("webhook.paused", written, by=by, now=now)
    return written


@transaction.atomic
def resume(subscription: Subscription, *, by: Actor, now: datetime) -> Subscription:
    """Go on where it stopped; what failed is tried at once, over a new window. Raises SomebodyWasFirst."""
    demand(subscription.client, by)
    held = locked(subscription)
    if held.active:
        raise SomebodyWasFirst(_("It is not paused."))
    written = _running(held, by, now)
    journal("webhook.resumed", written, by=by, now=now)
    return written


@transaction.atomic
def replay(subscription: Subscription, cursor: str, *, by: Actor, now: datetime) -> Subscription:
    """Send everything after `cursor` (see `places.py`) again, in order; a paused one goes on. Raises Refused."""
    demand(subscription.client, by)
    place = place_of(cursor)
    held = locked(subscription)
    reader = Cursor.objects.select_for_update().get(name=held.reader)
    again = waiting(held).filter(later(("event__xid", "event_id"), place))
    again.delete()
    written = _running(held, by, now, round=held.round + 1)
    reader.xid, reader.event_id, reader.moved_at = *place, now
    reader.save()
    journal("webhook.replayed", written, by=by, now=now, cursor=cursor)
    return written


@transaction.atomic
def skip(subscription: Subscription, call: int, *, by: Actor, now: datetime) -> None:
    """Leave out one event that the receiver will not take; what follows of its subject goes on.

    Raises SomebodyWasFirst where it is not waiting any more.
    """
    demand(subscription.client, by)
    held = locked(subscription)
    if not waiting(held).filter(pk=call).update(state=Calling.SKIPPED):
        raise SomebodyWasFirst
    journal("webhook.skipped", held, by=by, now=now, call=call)


def _running(held: Subscription, by: Actor, now: datetime, **more: object) -> Subscription:
    begin_again(held, now)
    changes: dict[str, object] = {
        "state": Running.ACTIVE,
        "paused_at": None,
        "paused_by": "",
        "failures": 0,
        "next_try_at": now,
    }
    return write_over(held, version=None, by=by, now=now, **changes, **more)


def begin_again(held: Subscription, now: datetime) -> None:
    """Try what waits at once, over a new window."""
    waiting(held).update(attempts=0, first_tried_at=None, next_try_at=now)


def waiting(subscription: Subscription) -> "QuerySet[WebhookCall]":
    """The calls that have not been taken yet."""
    return WebhookCall.objects.filter(subscription=subscription, state=Calling.WAITING)


def locked(subscription: Subscription) -> Subscription:
    """The subscription as it is now. Raises SomebodyWasFirst where it has ended.

    Not FOR UPDATE: its reader writes calls that refer to this row while it holds the cursor.
    """
    rows = Subscription.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("client").get(pk=subscription.pk)
    if found.ended:
        raise SomebodyWasFirst(_("This subscription has ended."))
    return found


def demand(client: ApiClient, by: Actor) -> None:
    """The partner system itself, or who administers it."""
    if by.kind is ActorKind.CLIENT:
        if by.id != client.pk or SCOPE not in by.scopes:
            raise PermissionDenied(SCOPE)
        return
    require_over(by, May.MANAGE_POLICIES, client.area_code)


def check_wish(client: ApiClient, verbs: Collection[str], area_code: str) -> None:
    """What is wished must lie in the partner's area and scopes. Raises Refused."""
    area_names.check(area_code)
    if not area_code.startswith(client.area_code):
        raise Refused(
            "area_foreign",
            _("The area must lie in the partner system's own: %(code)s.")
            % {"code": client.area_code or "—"},
            field="area_code",
        )
    if unknown := sorted(set(verbs) - verbs_for(client.allowed_scopes)):
        raise Refused(
            "verb_unknown",
            _("This partner system cannot hear of: %(verbs)s.") % {"verbs": ", ".join(unknown)},
            field="verbs",
        )


def _demand_room(client: ApiClient) -> None:
    standing = Subscription.objects.filter(client=client).exclude(state=Running.ENDED)
    if standing.count() >= MOST_PER_CLIENT:
        raise Refused(
            "subscriptions_many",
            _("A partner system has at most %(most)s subscriptions.") % {"most": MOST_PER_CLIENT},
            409,
        )


def journal(
    verb: str, subscription: Subscription, *, by: Actor, now: datetime, **data: object
) -> None:
    """Write an event of a subscription."""
    append(
        verb,
        subject=("webhook", subscription.pk),
        area_code=subscription.client.area_code,
        by=by,
        now=now,
        data={"client": subscription.client_id, **data},
    )
