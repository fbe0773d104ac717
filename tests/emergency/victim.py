"""One deed of this room in a process of its own, to be killed in the middle: see tests/drills."""

import os
import sys

import django


def main(database: str, deed: str, *rest: str) -> None:
    """`call`: call everybody up (person, number); `tell`: fill the bells."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    _do(deed, *rest)


def _do(deed: str, *rest: str) -> None:
    from django.utils import timezone

    from accounts.identity import actor_of
    from accounts.models import User
    from emergency.doors import ACTIVATIONS
    from emergency.telling import tell_people

    now = timezone.now()
    if deed == "tell":
        tell_people(now)
        return
    by = actor_of(User.objects.get(pk=int(rest[0])))
    ACTIVATIONS.take("call_up", number=rest[1], by=by, now=now, facts={"grouping": "grid"})


if __name__ == "__main__":
    main(*sys.argv[1:])
