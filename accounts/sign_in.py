"""Signing in and out. Every attempt is in the journal, with its address and without what was typed."""

from datetime import datetime
from typing import Any

from django.contrib import auth
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import journaling, languages
from accounts.actor import Actor
from accounts.addresses import client_address
from accounts.identity import ANONYMOUS, actor_of
from accounts.lockouts import locked_until
from accounts.models import User
from accounts.passwords import has_expired
from accounts.people import home_area, plain_username
from config.refusal import Refused


class LockedOut(Refused):
    """Too many failures: the name must wait until `until` (UTC), even with the right password."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            "locked_out", _("Too many failed sign-ins. Please wait and try again."), 429
        )
        self.until = until


def sign_in(request: HttpRequest, *, username: str, password: str, now: datetime) -> User:
    """Start a session. Raises Refused (wrong name or password, one sentence for both) or LockedOut."""
    username = plain_username(username)
    address = client_address(request)
    locked_before = locked_until(username, address, now) is not None
    user = auth.authenticate(request, username=username, password=password)
    if isinstance(user, User) and has_expired(user, now):
        _journal_failure(username, address, now, reason="initial_password_expired")
        raise Refused(
            "initial_password_expired",
            _("This initial password was not used in time. Ask your administrator for a new one."),
        )
    if isinstance(user, User):
        _start_session(request, user, address, now)
        return user
    request.axes_locked_out = False  # type: ignore[attr-defined]  # our own page says how long
    until = locked_until(username, address, now)
    _journal_failure(username, address, now, reason="locked_out" if locked_before else "refused")
    if until is None:
        raise Refused(
            "sign_in_failed", _("The user name or the password is not right."), field="password"
        )
    if not locked_before:
        _journal("account.locked_out", username, address, now, until=until.isoformat())
    raise LockedOut(until)


def sign_out(request: HttpRequest, *, by: Actor, now: datetime) -> None:
    """End the session."""
    user = request.user
    if isinstance(user, User):
        with transaction.atomic():
            journaling.append(
                "account.signed_out",
                subject=("account", user.pk),
                area_code=home_area(user),
                by=by,
                now=now,
                data={"ip": client_address(request)},
            )
    auth.logout(request)


@transaction.atomic
def _start_session(request: HttpRequest, user: User, address: str | None, now: datetime) -> None:
    chosen = request.session.pop(languages.CHOSEN, None)
    if chosen and chosen != user.language:
        user.language = chosen
        User.objects.filter(pk=user.pk).update(language=chosen)
    journaling.append(
        "account.signed_in",
        subject=("account", user.pk),
        area_code=home_area(user),
        by=actor_of(user, now),
        now=now,
        data={"ip": address},
    )
    auth.login(request, user)


@transaction.atomic
def _journal_failure(username: str, address: str | None, now: datetime, *, reason: str) -> None:
    _journal("account.sign_in_failed", username, address, now, reason=reason)


@transaction.atomic
def _journal(verb: str, username: str, address: str | None, now: datetime, **data: Any) -> None:
    """A name that is nobody's is not kept: people type passwords into the wrong field."""
    user = User.objects.filter(username=username).select_related("organisation").first()
    journaling.append(
        verb,
        subject=("account", user.pk) if user is not None else ("address", address or "unknown"),
        area_code=home_area(user) if user is not None else "",
        by=ANONYMOUS,
        now=now,
        data={"ip": address, **data},
    )
