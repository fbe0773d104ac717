"""How long a notice waits for others of its kind, so that three hundred of them are one message."""

from datetime import datetime, timedelta

from django.conf import settings

from notices.choices import Seriousness
from notices.reaching import Reach


def window(seriousness: Seriousness) -> timedelta:
    """How long the first notice of a kind waits for more. Danger waits for nothing."""
    seconds = {
        Seriousness.ORDINARY: settings.NOTICE_GATHER_SECONDS,
        Seriousness.URGENT: settings.NOTICE_GATHER_URGENT_SECONDS,
        Seriousness.DANGER: 0,
    }
    return timedelta(seconds=seconds[seriousness])


def first_try(reach: Reach, seriousness: Seriousness, now: datetime) -> datetime:
    """When a new notice may leave: after its window, and after the person's quiet hours."""
    return reach.allowed_from(now + window(seriousness), seriousness)
