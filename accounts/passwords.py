"""Password rules of MLPS level 3: three classes of characters, none of the last five, a new one in time."""

import secrets
import string
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import OldPassword, User

REMEMBERED = 5


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


def remember_and_set(user: User, password: str, *, now: datetime, must_change: bool) -> None:
    """Set `password` on the row (unsaved), after putting the old hash among the remembered ones.

    `must_change` marks a password that somebody else made: its first use leads to choosing one's own.
    """
    if user.pk is not None and user.has_usable_password():
        OldPassword.objects.create(user=user, password=user.password, set_at=now)
        kept = user.old_passwords.values_list("pk", flat=True)[:REMEMBERED]
        user.old_passwords.exclude(pk__in=list(kept)).delete()
    user.set_password(password)
    user.password_set_at = now
    user.must_change_password = must_change


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
