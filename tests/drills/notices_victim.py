"""A worker in a process of its own: `python -m tests.drills.notices_victim DATABASE gateway|email|partners [URL]`.

It does what the tasks do, on the test's database; only the database, or the server it calls, makes it wait.
"""

import os
import sys

import django


def main(database: str, work: str, url: str = "") -> None:
    """Deliver on a channel, or call partner systems, until nothing is due."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    settings.GATEWAY_URL, settings.WEBHOOK_HOSTS = url, ["127.0.0.1"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.OUTWARD_SECONDS = float(os.environ.get("DRILL_SECONDS", "10"))
    django.setup()
    from notices.tasks import call_partners, deliver
    from tests.notices.kinds import register_kinds, register_topic

    register_kinds()
    register_topic()
    if work == "partners":
        call_partners()
    else:
        deliver(work)


if __name__ == "__main__":
    main(*sys.argv[1:])
