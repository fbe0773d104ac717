"""One deed in a process of its own, to be killed in the middle: `python -m tests.incidents.victim DATABASE DEED …`.

The deeds are the real ones; only the database that they meet makes them wait (`test_killed.py`).
"""

import os
import sys

import django


def main(database: str, deed: str, *rest: str) -> None:
    """Fill the bells, report with a photo (person, media folder), or take a step (person, case)."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    if deed == "report":
        settings.MEDIA_ROOT = rest[1]
    django.setup()
    _do(deed, *rest)


def _do(deed: str, *rest: str) -> None:
    from django.utils import timezone

    from accounts.identity import actor_of
    from accounts.models import User
    from incidents.report import report
    from incidents.taking import take
    from incidents.telling import tell_people
    from tests.incidents.town import picture

    now = timezone.now()
    if deed == "tell":
        tell_people(now)
        return
    by = actor_of(User.objects.get(pk=int(rest[0])))
    if deed == "report":
        report(by=by, now=now, source="grid", text="井盖破损", photos=[picture()])
    else:
        take(deed, number=rest[1], by=by, now=now)


if __name__ == "__main__":
    main(*sys.argv[1:])
