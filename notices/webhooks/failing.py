"""A receiver that has failed over the whole window is called no more, and the security administrators are told."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts.actor import SYSTEM
from accounts.edits import LOCAL
from accounts.models import Post
from accounts.roles import RULES, May
from journal.append import append
from notices.choices import Running
from notices.models import Subscription
from notices.tell import tell

PAUSED = "webhook.paused_itself"


@transaction.atomic
def pause_by_itself(subscription: Subscription, why: str, now: datetime) -> bool:
    """Pause it and ring the bells; False where it is not the caller's any more: paused, ended, or sent elsewhere since.
    Nothing is lost: it goes on when resumed."""
    lease = subscription.next_try_at
    active = Subscription.objects.filter(
        pk=subscription.pk, state=Running.ACTIVE, next_try_at=lease
    )
    changes = {
        "state": Running.PAUSED,
        "paused_at": now,
        "paused_by": "",
        "version": F("version") + 1,
    }
    if not active.update(**changes, last_error=why[:200]):
        return False
    client = subscription.client
    facts = {"client": client.pk, "error": why[:200]}
    event = append(
        PAUSED,
        subject=("webhook", subscription.pk),
        area_code=client.area_code,
        by=SYSTEM,
        now=now,
        data=facts,
    )
    link = reverse("notices:webhook", args=[subscription.pk])
    tell(event, _guardians(client.area_code, now), kind=PAUSED, facts=facts, link=link, now=now)
    return True


def _guardians(area_code: str, now: datetime) -> Collection[int]:
    """Who manages policies over the area today."""
    roles = [role for role, rule in RULES.items() if May.MANAGE_POLICIES in rule.may]
    above = [area_code[:length] for length in range(len(area_code) + 1)]
    posts = Post.objects.held_on(now.astimezone(LOCAL).date())
    held = posts.filter(role__in=roles, area_code__in=above, user__is_active=True)
    return sorted(set(held.values_list("user_id", flat=True)))
