"""Password rules of MLPS level 3: three classes of characters, none of the last five, a new one in time."""

import secrets
import string
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    check_password,
    get_hasher,
    make_password,
)
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import OldPassword, User

REMEMBERED = 5
INITIAL_DAYS = 30  # an initial password that nobody used is worth nothing after that


class ThreeClassesValidator:
    """Lower case, upper case, digits, other characters: a password needs three of the four."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        classes = [
            any(ch.islower() for ch in password),
            any(ch.isupper() for ch in password),
            any(ch.isdigit() for ch in password),
            any(not ch.isalnum() for ch in password),
        ]
        if sum(classes) < 3:
            raise ValidationError(
                _("Use three of: small letters, capital letters, digits, signs."),
                code="password_too_uniform",
            )

    def get_help_text(self) -> str:
        return _("Three of: small letters, capital letters, digits, signs.")


class NotRecentValidator:
    """The present password and the former ones, five together, may not be used again."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if not isinstance(user, User) or user.pk is None:
            return
        former = user.old_passwords.values_list("password", flat=True)[: REMEMBERED - 1]
        if any(check_password(password, kept) for kept in [user.password, *former]):
            raise ValidationError(
                _("You have used this password lately. Choose one that is not among your last %d.")
                % REMEMBERED,
                code="password_used_lately",
            )

    def get_help_text(self) -> str:
        return _("Not one of your last %d passwords.") % REMEMBERED


class InitialPasswordHasher(Argon2PasswordHasher):
    """Argon2 at its lightest, for `fresh_initial_password` only: 90 random bits need no slow hash.

    Thousands of accounts can be made in one import; the first sign-in replaces the hash by a full one.
    """

    time_cost = 1
    memory_cost = 1024
    parallelism = 1


def remember(user: User, now: datetime) -> None:
    """Put the present password's hash among the remembered ones; what is older than five goes."""
    if not user.has_usable_password():
        return
    OldPassword.objects.create(user=user, password=user.password, set_at=now)
    kept = user.old_passwords.values_list("pk", flat=True)[:REMEMBERED]
    user.old_passwords.exclude(pk__in=list(kept)).delete()


def initial_hash(password: str) -> str:
    """The hash of a password from `fresh_initial_password`."""
    light = InitialPasswordHasher()
    return make_password(
        password, hasher=light if get_hasher().algorithm == light.algorithm else "default"
    )


def has_expired(user: User, now: datetime) -> bool:
    """Whether an initial password was left unused for too long to be good any more."""
    if not user.must_change_password or user.password_set_at is None:
        return False
    return now - user.password_set_at > timedelta(days=INITIAL_DAYS)


def must_be_changed(user: User, now: datetime) -> bool:
    """Whether the person has to choose a new password before doing anything else."""
    if user.must_change_password:
        return True
    return user.password_set_at is None or now - user.password_set_at > timedelta(
        days=settings.PASSWORD_DAYS
    )


# Without characters that are mistaken for one another when read aloud or copied by hand.
_LOWER = "abcdefghijkmnpqrstuvwxyz"
_UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"


def fresh_initial_password() -> str:
    """A random password for handing over once: four groups of four, about 90 bits, all rules kept."""
    while True:
        groups = [
            "".join(secrets.choice(_LOWER + _UPPER + _DIGITS) for _ in range(4)) for _ in "1234"
        ]
        password = "-".join(groups)
        kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
        if all(any(ch in kind for ch in password) for kind in kinds):
            return password
