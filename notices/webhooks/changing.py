"""A subscription changed, its secret renewed, its end. The same people do it who subscribe."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.edits import write_over
from config.refusal import Refused
from journal.models import Cursor
from notices.choices import Running
from notices.models import Subscription
from notices.outside.addresses import checked
from notices.webhooks.subscriptions import (
    NewSubscription,
    begin_again,
    check_wish,
    demand,
    journal,
    locked,
    waiting,
)

# How long the old secret signs beside the new one, unless somebody says otherwise, and at most.
GRACE_HOURS, LONGEST_GRACE_HOURS = 24, 168


@transaction.atomic
def change(
    subscription: Subscription,
    *,
    url: str,
    verbs: Collection[str],
    area_code: str,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Subscription:
    """Call it elsewhere, or of other things, from where it stands in the journal; what waits goes to the new address.

    What waits and is not wanted any more is dropped. Raises PermissionDenied, Refused, SomebodyWasFirst.
    """
    demand(subscription.client, by)
    held = locked(subscription)
    check_wish(held.client, verbs, area_code)
    _hold_reader(held)
    wishes = {"url": checked(url.strip()), "verbs": sorted(set(verbs)), "area_code": area_code}
    changed = sorted(name for name, value in wishes.items() if getattr(held, name) != value)
    facts = {"changed": changed, "host_before": _host(held)}
    more = _fresh_start(held, now) if "url" in changed else {}
    written = write_over(held, version=version, by=by, now=now, **wishes, **more)
    _drop_unwanted(written)
    facts |= {"verbs": written.verbs, "area": area_code, "host": _host(written)}
    journal("webhook.changed", written, by=by, now=now, **facts)
    return written


def _host(subscription: Subscription) -> str:
    """What of an address may be written down: a path may be as good as a password."""
    return urlsplit(subscription.url).hostname or ""


def _fresh_start(held: Subscription, now: datetime) -> dict[str, object]:
    """What the old address did counts for nothing."""
    begin_again(held, now)
    return {"next_try_at": now, "failures": 0, "last_error": ""}


@transaction.atomic
def renew_secret(
    subscription: Subscription, *, grace_hours: int = GRACE_HOURS, by: Actor, now: datetime
) -> NewSubscription:
    """A new secret, to be shown once. For `grace_hours` (0 to 168) each call is signed with the old one too, so that
    the receiver can take its time; with 0 the old one, known to strangers perhaps, is worth nothing at once.

    An older one that was still in its grace ends. Raises PermissionDenied, Refused.
    """
    demand(subscription.client, by)
    if not 0 <= grace_hours <= LONGEST_GRACE_HOURS:
        sentence = _("The old secret holds for 0 to %(most)s hours.")
        raise Refused("grace_wrong", sentence % {"most": LONGEST_GRACE_HOURS}, field="grace_hours")
    held = locked(subscription)
    until = now + timedelta(hours=grace_hours) if grace_hours else None
    fresh = secrets.token_urlsafe(32)
    old = {"old_secret": held.secret if until else "", "old_secret_until": until}
    written = write_over(held, version=None, by=by, now=now, secret=fresh, **old)
    journal("webhook.secret_renewed", written, by=by, now=now, hours=grace_hours)
    return NewSubscription(written, fresh)


@transaction.atomic
def end(subscription: Subscription, *, by: Actor, now: datetime) -> Subscription:
    """Call it never again; what waits is dropped, its secrets are erased, its calls stay to be looked at for a while.

    Raises PermissionDenied, SomebodyWasFirst where it has ended.
    """
    demand(subscription.client, by)
    held = locked(subscription)
    _hold_reader(held)
    dropped, _by_model = waiting(held).delete()
    erased = {"secret": "", "old_secret": "", "old_secret_until": None}
    written = write_over(
        held, version=None, by=by, now=now, state=Running.ENDED, ended_at=now, **erased
    )
    journal("webhook.ended", written, by=by, now=now, dropped=dropped)
    return written


def _hold_reader(held: Subscription) -> None:
    """Nothing is lined up for it by what was wished before, while this transaction runs."""
    Cursor.objects.select_for_update().get(name=held.reader)


def _drop_unwanted(written: Subscription) -> None:
    wanted = Q(event__area_code__startswith=written.area_code)
    if written.verbs:
        wanted &= Q(event__verb__in=written.verbs)
    waiting(written).exclude(wanted).delete()
