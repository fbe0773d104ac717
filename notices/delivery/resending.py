"""What was given up: the list, and a person who has it sent again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from accounts.actor import Actor
from accounts.roles import May
from accounts.visible import people_visible_to
from config.refusal import SomebodyWasFirst
from journal.append import append
from notices.choices import Delivery
from notices.models import Notice


def given_up(actor: Actor) -> "QuerySet[Notice]":
    """The messages given up for people of the areas that this security administrator serves, newest first.

    Each is the notice that carries the others (`count` in all). Nothing for anybody else.
    """
    dead = Notice.objects.filter(state=Delivery.DEAD, carried_by=None)
    if not actor.posts_with(May.MANAGE_POLICIES):
        return dead.none()
    mine = dead.filter(recipient__in=people_visible_to(actor).values("pk"))
    return mine.select_related("recipient__organisation").annotate(count=1 + Count("carried"))


@transaction.atomic
def resend(pk: int, *, by: Actor, now: datetime) -> Notice:
    """Try a message that was given up once more, from the beginning, under a new idempotency key.

    The caller has found it in `given_up`. Raises PermissionDenied, SomebodyWasFirst.
    """
    post = by.require(May.MANAGE_POLICIES)
    notice = Notice.objects.select_for_update().get(pk=pk)
    if notice.state != Delivery.DEAD:
        raise SomebodyWasFirst
    Notice.objects.filter(Q(pk=pk) | Q(carried_by=pk)).update(
        state=Delivery.WAITING, next_try_at=now, first_tried_at=None, resends=F("resends") + 1
    )
    append(
        "notice.resent",
        subject=("account", notice.recipient_id),
        area_code=post.area_code,
        by=by,
        now=now,
        data={"notice": notice.pk, "channel": notice.channel, "kind": notice.kind},
        post=post,
    )
    notice.refresh_from_db()
    return notice
