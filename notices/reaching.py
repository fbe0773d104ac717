"""How each person can be reached, and wants to be."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from django.conf import settings

from accounts.actor import Actor
from accounts.models import User
from notices.choices import Channel, Seriousness
from notices.models import Preference
from notices.quiet import not_before


@dataclass(frozen=True)
class Reach:
    """The channels beside the bell on which one person is told, and their quiet hours (local)."""

    person: int
    channels: Sequence[str] = field(default_factory=tuple)
    quiet_from: time | None = None
    quiet_until: time | None = None

    def allowed_from(self, moment: datetime, seriousness: Seriousness) -> datetime:
        """`moment`, or the end of the quiet hours that it lies in. Danger breaks them."""
        if seriousness is Seriousness.DANGER:
            return moment
        return not_before(moment, self.quiet_from, self.quiet_until)


def usual(seriousness: Seriousness) -> list[str]:
    """What holds for whoever has chosen nothing: danger calls by text message, the rest stays on the bell."""
    return [Channel.GATEWAY] if seriousness is Seriousness.DANGER else []


def offered() -> list[Channel]:
    """The channels beside the bell that this installation has."""
    return [Channel.EMAIL, Channel.GATEWAY] if settings.GATEWAY_URL else [Channel.EMAIL]


def reaches(people: Collection[int], seriousness: Seriousness) -> list[Reach]:
    """How these people (ids) are told of something so serious; one query. Channels without an address are left out."""
    rows = User.objects.filter(pk__in=people).select_related("notice_preference")
    return [_reach(user, seriousness) for user in rows.only("pk", "phone_hash", *_WANTED)]


_WANTED = tuple(f"notice_preference__{column.attname}" for column in Preference._meta.fields)


def _reach(user: User, seriousness: Seriousness) -> Reach:
    chosen: Preference | None = getattr(user, "notice_preference", None)
    if chosen is None:
        return Reach(user.pk, _reachable(user, "", usual(seriousness)))
    channels = _reachable(user, chosen.email, chosen.channels_for(seriousness))
    return Reach(user.pk, channels, chosen.quiet_from, chosen.quiet_until)


def _reachable(user: User, email: str, channels: Collection[str]) -> list[str]:
    has = {Channel.EMAIL: bool(email), Channel.GATEWAY: bool(user.phone_hash)}
    return [channel for channel in offered() if channel in channels and has[channel]]


def has_phone(actor: Actor) -> bool:
    """Whether a text message could reach this person."""
    return User.objects.filter(pk=actor.user_id or 0).exclude(phone_hash="").exists()
