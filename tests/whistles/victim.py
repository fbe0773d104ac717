"""One deed in a process of its own, to be killed in the middle: `python -m tests.whistles.victim DATABASE DEED …`."""

import os
import sys

import django


def main(database: str, deed: str, *rest: str) -> None:
    """Carry up what is overdue, or take a step (person, whistle)."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    _do(deed, *rest)


def _do(deed: str, *rest: str) -> None:
    from django.utils import timezone

    from accounts.identity import actor_of
    from accounts.models import User
    from whistles.moving_up import move_up
    from whistles.taking import take

    now = timezone.now()
    if deed == "move_up":
        move_up(now)
        return
    by = actor_of(User.objects.get(pk=int(rest[0])))
    take(deed, number=rest[1], by=by, now=now)


if __name__ == "__main__":
    main(*sys.argv[1:])
