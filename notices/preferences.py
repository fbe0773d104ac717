"""A person says how they want to be told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.edits import write_over
from accounts.models import User
from config.refusal import Refused
from journal.append import append
from notices.choices import OUTWARD, Channel, Seriousness
from notices.models import Preference
from notices.reaching import usual


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a person chose: channels beside the bell for each seriousness, quiet hours (local), where mail goes."""

    ordinary: Collection[str] = ()
    urgent: Collection[str] = ()
    danger: Collection[str] = ()
    quiet_from: time | None = None
    quiet_until: time | None = None
    email: str = ""


def preference_of(actor: Actor) -> Preference:
    """What this person chose, or what holds until they choose (unsaved, version 0). Raises PermissionDenied."""
    if actor.user_id is None:
        raise PermissionDenied
    kept = Preference.objects.filter(pk=actor.user_id).first()
    return kept or Preference(
        pk=actor.user_id, version=0, **{one.value: usual(one) for one in Seriousness}
    )


@transaction.atomic
def choose(wishes: Wishes, *, version: int | None, by: Actor, now: datetime) -> Preference:
    """Keep what a person wishes for themselves; it holds for what happens from now on.

    Raises PermissionDenied for anybody but a person, Refused, SomebodyWasFirst.
    """
    if by.user_id is None:
        raise PermissionDenied
    _check(wishes, by.user_id)
    start = {"version": 0, "changed_at": now}
    kept, _made = Preference.objects.get_or_create(pk=by.user_id, defaults=start)
    written = write_over(kept, version=version, by=by, now=now, **_columns(wishes))
    append(
        "notices.preferences_chosen",
        subject=("account", by.user_id),
        area_code="",
        by=by,
        now=now,
        data={one.value: getattr(written, one.value) for one in Seriousness},
    )
    return written


def _columns(wishes: Wishes) -> dict[str, object]:
    chosen = {one.value: set(getattr(wishes, one.value)) for one in Seriousness}
    columns: dict[str, object] = {
        name: [channel for channel in OUTWARD if channel in channels]
        for name, channels in chosen.items()
    }
    quiet = {"quiet_from": wishes.quiet_from, "quiet_until": wishes.quiet_until}
    return {**columns, **quiet, "email": wishes.email.strip()}


def _check(wishes: Wishes, person: int) -> None:
    chosen = {channel for one in Seriousness for channel in getattr(wishes, one.value)}
    if chosen - set(OUTWARD):
        raise Refused("channel_unknown", _("There is no such channel."))
    if (wishes.quiet_from is None) != (wishes.quiet_until is None):
        raise Refused(
            "quiet_hours_open", _("Quiet hours need a beginning and an end."), field="quiet_until"
        )
    if wishes.email.strip():
        _check_email(wishes.email.strip())
    elif Channel.EMAIL in chosen:
        raise Refused("no_email", _("Say to which address mail shall go."), field="email")
    if Channel.GATEWAY in chosen and not User.objects.get(pk=person).phone_hash:
        raise Refused(
            "no_phone",
            _("Your account has no mobile phone. Ask your system administrator to enter it."),
        )


def _check_email(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise Refused("email_wrong", _("This is no e-mail address."), field="email") from wrong
