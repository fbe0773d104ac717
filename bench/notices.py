"""How many messages a second one worker hands over to the gateway.

YIWANG_VAR=FOLDER python -m bench.notices [MESSAGES]
"""

import sys
import time

from bench.ground import prepared
from bench.receiver import receiving

MESSAGES = 2_000
_PEOPLE = 40


def per_second(messages: int = MESSAGES) -> float:
    """Each is a message of its own: another person, or another kind."""
    from django.conf import settings
    from django.utils import timezone

    from notices.choices import Channel
    from notices.delivery.sending import deliver

    with receiving() as url:
        settings.GATEWAY_URL, settings.GATEWAY_SECRET = url, "bench"
        _waiting(messages)
        start, sent = time.perf_counter(), 0
        while done := deliver(Channel.GATEWAY, timezone.now()):
            sent += done
        return sent / (time.perf_counter() - start)


def _waiting(messages: int) -> None:
    from django.utils import timezone

    from accounts.models import User
    from journal.models import Event
    from notices.choices import Channel, Delivery
    from notices.models import Notice

    now = timezone.now()
    people = list(User.objects.filter(is_active=True).order_by("pk")[:_PEOPLE])
    for person in people:
        person.phone = "13800000000"
        person.save()
    Notice.objects.filter(kind__startswith="bench.").delete()
    events = Event.objects.order_by("-id")[: messages // len(people) + 1]
    rows = [
        Notice(
            event=one, recipient=person, channel=Channel.GATEWAY, kind=f"bench.{one.pk}", created_at=now,
            state=Delivery.WAITING, next_try_at=now, link="/",
        )
        for one in events
        for person in people
    ]  # fmt: skip
    Notice.objects.bulk_create(rows[:messages], batch_size=1_000)


def main() -> None:
    with prepared():
        print(f"{per_second(*[int(number) for number in sys.argv[1:2]]):,.0f} messages a second")


if __name__ == "__main__":
    main()
