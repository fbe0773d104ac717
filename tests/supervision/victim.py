"""One deed in a process of its own, to be killed in the middle: `python -m tests.supervision.victim DATABASE DEED`."""

import os
import sys

import django


def main(database: str, deed: str, *rest: str) -> None:
    """Open an order (person, case), answer one (person, order), or count what was missed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    _do(deed, *rest)


def _do(deed: str, *rest: str) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from accounts.identity import actor_of
    from accounts.models import User
    from supervision.cards import count_misses
    from supervision.orders import open_orders
    from supervision.taking import take

    now = timezone.now()
    if deed == "count":
        count_misses()
        return
    by, what = actor_of(User.objects.get(pk=int(rest[0]))), rest[1]
    if deed == "open":
        until = now + timedelta(hours=4)
        open_orders(numbers=[what], question="原因", answer_by=until, by=by, now=now)
    else:
        take(deed, order_id=int(what), text="今日完成", by=by, now=now)


if __name__ == "__main__":
    main(*sys.argv[1:])
