"""Ladders that cannot go on: seen by administrators, who mend the cause and let them be tried at once."""

from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import QuerySet

from accounts import authority
from accounts.actor import Actor
from accounts.roles import May
from escalation.models import Ladder
from incidents.querysets import within
from journal.append import append


def failing_visible_to(actor: Actor) -> QuerySet[Ladder]:
    """The ladders of the administrator's areas whose next rung could not be done, the newest failure first.

    Administrators see no business data: of the case they get the number, the stage, and what stood against it.
    """
    areas = authority.prefixes(actor, May.MANAGE_LADDERS)
    if not areas:
        return Ladder.objects.none()
    here = reduce(or_, (within(area) for area in areas))
    failing = Ladder.objects.filter(here, failures__gt=0, ended_at=None)
    return failing.select_related("clock", "rule", "incident").order_by("-failed_at", "-pk")


def try_again(ladder: Ladder, *, by: Actor, now: datetime) -> bool:
    """Let a failing ladder be tried at once instead of after its pause; False where it fails no more.

    Raises PermissionDenied outside the administrator's areas.
    """
    post = authority.require_over(by, May.MANAGE_LADDERS, ladder.area_code)
    with transaction.atomic():
        failing = Ladder.objects.filter(pk=ladder.pk, failures__gt=0, ended_at=None)
        if not failing.update(next_at=now):
            return False
        append(
            "escalation.tried_again", subject=ladder.clock.subject, area_code=ladder.area_code,
            by=by, now=now, post=post, data={"clock": ladder.clock_id, "stage": ladder.clock.stage},
        )  # fmt: skip
    return True
