"""Who is locked out after too many failed sign-ins, and letting them in again before the time is up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts import journaling
from accounts.actor import Actor
from accounts.authority import prefixes, require_over
from accounts.models import User
from accounts.people import home_area
from accounts.roles import May
from accounts.visible import people_visible_to
from config.refusal import SomebodyWasFirst


@dataclass(frozen=True)
class Lockout:
    """A name at one network address that must wait until `until` (UTC). `user` is None for a name that is nobody's."""

    username: str
    address: str
    failures: int
    until: datetime
    user: User | None = None


def cool_off() -> timedelta:
    """How long a lock-out lasts, counted from the last failure that was still let through."""
    return timedelta(hours=settings.AXES_COOLOFF_TIME)


def locked_until(username: str, address: str | None, now: datetime) -> datetime | None:
    """When the name may be tried again from this address; None where it is not locked out."""
    attempts = _recent(now).filter(username=username, ip_address=address)
    found = attempts.aggregate(last=Max("attempt_time"), failures=Sum("failures_since_start"))
    if (found["failures"] or 0) < settings.AXES_FAILURE_LIMIT:
        return None
    last: datetime = found["last"]
    return last + cool_off()


def lockouts_visible_to(actor: Actor, now: datetime) -> Iterator[Lockout]:
    """Lock-outs in force, latest first: of people in the administrator's areas; of names that are nobody's
    only for whoever administers the whole installation. Three queries at most.
    """
    rows = list(
        _recent(now)
        .order_by()
        .values("username", "ip_address")
        .annotate(last=Max("attempt_time"), failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
        .order_by("-last")
    )
    names = [row["username"] for row in rows]
    people = {user.username: user for user in people_visible_to(actor).filter(username__in=names)}
    everywhere = prefixes(actor, May.MANAGE_POLICIES) == ("",)
    for row in rows:
        user = people.get(row["username"])
        if user is not None or everywhere:
            yield Lockout(
                row["username"] or "",
                row["ip_address"] or "",
                row["failures"],
                row["last"] + cool_off(),
                user,
            )


def may_know_of(actor: Actor, username: str) -> bool:
    """Whether a lock-out of this name is the actor's business: one of their people, or nobody's and they serve all."""
    if people_visible_to(actor).filter(username=username).exists():
        return True
    everywhere = prefixes(actor, May.MANAGE_POLICIES) == ("",)
    return everywhere and not User.objects.filter(username=username).exists()


@transaction.atomic
def release(username: str, address: str, *, by: Actor, now: datetime) -> None:
    """Let a locked-out name in again from this address. Raises SomebodyWasFirst where it is not locked out."""
    user = User.objects.filter(username=username).select_related("organisation").first()
    area_code = home_area(user) if user is not None else ""
    post = require_over(by, May.MANAGE_POLICIES, area_code)
    gone, _each = AccessAttempt.objects.filter(
        username=username, ip_address=address or None
    ).delete()
    if not gone:
        raise SomebodyWasFirst(_("This lock-out is over already."))
    journaling.append(
        "account.lock_released",
        subject=("account", user.pk) if user is not None else ("address", address),
        area_code=area_code,
        by=by,
        now=now,
        post=post,
        data={"ip": address},
    )


def _recent(now: datetime) -> "QuerySet[AccessAttempt]":
    recent: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(
        attempt_time__gte=now - cool_off()
    )
    return recent
