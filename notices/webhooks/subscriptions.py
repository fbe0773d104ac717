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
    _demand(client, by)
    ApiClient.objects.select_for_update(no_key=True, of=("self",)).get(pk=client.pk)
    _check(client, verbs, area_code)
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
    _journal("webhook.subscribed", made, by=by, now=now, verbs=made.verbs, area=area_code)
    return NewSubscription(made, secret)


@transaction.atomic
def pause(subscription: Subscription, *, by: Actor, now: datetime) -> Subscription:
    """Call it no more until somebody lets it go on; nothing is lost meanwhile. Raises SomebodyWasFirst."""
    _demand(subscription.client, by)
    locked = _locked(subscription)
    if not locked.active:
        raise SomebodyWasFirst(_("It is paused already."))
    changes = {"state": Running.PAUSED, "paused_at": now, "paused_by": by.label}
    written = write_over(locked, version=None, by=by, now=now, **changes)
    _journal("webhook.paused", written, by=by, now=now)
    return written


@transaction.atomic
def resume(subscription: Subscription, *, by: Actor, now: datetime) -> Subscription:
    """Go on where it stopped; what failed is tried at once, over a new window. Raises SomebodyWasFirst."""
    _demand(subscription.client, by)
    locked = _locked(subscription)
    if locked.active:
        raise SomebodyWasFirst(_("It is not paused."))
    written = _running(locked, by, now)
    _journal("webhook.resumed", written, by=by, now=now)
    return written


@transaction.atomic
def replay(subscription: Subscription, cursor: str, *, by: Actor, now: datetime) -> Subscription:
    """Send everything after `cursor` (see `places.py`) again, in order; a paused one goes on. Raises Refused."""
    _demand(subscription.client, by)
    place = place_of(cursor)
    locked = _locked(subscription)
    reader = Cursor.objects.select_for_update().get(name=locked.reader)
    again = _waiting(locked).filter(later(("event__xid", "event_id"), place))
    again.delete()
    written = _running(locked, by, now, round=locked.round + 1)
    reader.xid, reader.event_id, reader.moved_at = *place, now
    reader.save()
    _journal("webhook.replayed", written, by=by, now=now, cursor=cursor)
    return written


@transaction.atomic
def skip(subscription: Subscription, call: int, *, by: Actor, now: datetime) -> None:
    """Leave out one event that the receiver will not take; what follows of its subject goes on.

    Raises SomebodyWasFirst where it is not waiting any more.
    """
    _demand(subscription.client, by)
    locked = _locked(subscription)
    if not _waiting(locked).filter(pk=call).update(state=Calling.SKIPPED):
        raise SomebodyWasFirst
    _journal("webhook.skipped", locked, by=by, now=now, call=call)


def _running(locked: Subscription, by: Actor, now: datetime, **more: object) -> Subscription:
    _waiting(locked).update(attempts=0, first_tried_at=None, next_try_at=now)
    changes: dict[str, object] = {
        "state": Running.ACTIVE,
        "paused_at": None,
        "paused_by": "",
        "failures": 0,
        "next_try_at": now,
    }
    return write_over(locked, version=None, by=by, now=now, **changes, **more)


def _waiting(subscription: Subscription) -> "QuerySet[WebhookCall]":
    return WebhookCall.objects.filter(subscription=subscription, state=Calling.WAITING)


def _locked(subscription: Subscription) -> Subscription:
    """Not FOR UPDATE: its reader writes calls that refer to this row while it holds the cursor."""
    rows = Subscription.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("client").get(pk=subscription.pk)


def _demand(client: ApiClient, by: Actor) -> None:
    """The partner system itself, or who administers it."""
    if by.kind is ActorKind.CLIENT:
        if by.id != client.pk or SCOPE not in by.scopes:
            raise PermissionDenied(SCOPE)
        return
    require_over(by, May.MANAGE_POLICIES, client.area_code)


def _check(client: ApiClient, verbs: Collection[str], area_code: str) -> None:
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
    if Subscription.objects.filter(client=client).count() >= MOST_PER_CLIENT:
        raise Refused(
            "subscriptions_many",
            _("A partner system has at most %(most)s subscriptions.") % {"most": MOST_PER_CLIENT},
            409,
        )


def _journal(
    verb: str, subscription: Subscription, *, by: Actor, now: datetime, **data: object
) -> None:
    append(
        verb,
        subject=("webhook", subscription.pk),
        area_code=subscription.client.area_code,
        by=by,
        now=now,
        data={"client": subscription.client_id, **data},
    )
