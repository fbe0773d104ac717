"""Accounts of people: made, changed, given a new password, switched off on the day somebody leaves.

The system administrator does it; for a person who holds an administrator's post the security administrator
does, so that nobody takes over the account of one who watches them (docs/roles.md).
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from oauth2_provider.models import get_access_token_model

from accounts import journaling
from accounts.actor import Actor, HeldPost
from accounts.authority import prefixes, require_over
from accounts.edits import write_over
from accounts.models import Organisation, User
from accounts.passwords import fresh_initial_password, initial_hash, remember
from accounts.personal import keyed_hash
from accounts.posts import end_at_once, open_posts, refuse_last_security_administrator
from accounts.roles import ADMINISTRATORS, May
from config.refusal import Refused, SomebodyWasFirst

USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")
PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}")


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """What an administrator enters about a person. `phone` None leaves the stored number as it is."""

    name: str
    organisation: Organisation | None = None
    phone: str | None = None


@dataclass(frozen=True)
class NewPassword:
    """A one-time password, to be shown once and kept nowhere."""

    user: User
    password: str


def plain_username(text: str) -> str:
    """User names are compared without case and surrounding blanks."""
    return text.strip().lower()


def plain_phone(text: str) -> str:
    """A phone number as it is stored: digits, perhaps a leading +."""
    return re.sub(r"[ -]", "", text.strip())


def home_area(user: User) -> str:
    """The area in which a person's account is administered: that of their organisation.

    Without an organisation it is the widest area of their posts; without either only administrators of the
    whole installation are in charge ("").
    """
    if user.organisation is not None:
        return user.organisation.area_code
    areas = user.posts.filter(ended_at=None).values_list("area_code", flat=True)
    return min(areas, key=len, default="")


def is_administrator(user: User, now: datetime) -> bool:
    """Whether the person holds, or will hold, one of the three administrators' roles."""
    return open_posts(user, now).filter(role__in=ADMINISTRATORS).exists()


@transaction.atomic
def create_person(username: str, facts: PersonFacts, *, by: Actor, now: datetime) -> NewPassword:
    """Create an account with a one-time initial password. Raises Refused (name taken, malformed input).

    The returned password is the only copy: the database has its hash.
    """
    area_code = facts.organisation.area_code if facts.organisation else ""
    if facts.organisation is None and not (by.is_system or "" in prefixes(by, May.MANAGE_PEOPLE)):
        raise Refused(
            "person_without_organisation",
            _(
                "Choose the organisation that employs the person: it says who administers the account."
            ),
            field="organisation",
        )
    post = require_over(by, May.MANAGE_PEOPLE, area_code)
    username = plain_username(username)
    _check(facts)
    if not USERNAME.fullmatch(username):
        raise Refused(
            "username_malformed",
            _(
                "A user name has 2 to 60 small letters, digits or . _ @ - and begins with a letter or digit."
            ),
            field="username",
        )
    if User.objects.filter(username=username).exists():
        raise Refused(
            "username_taken",
            _("The user name “%(name)s” is taken.") % {"name": username},
            409,
            field="username",
        )
    password = fresh_initial_password()
    user = User(
        username=username,
        name=facts.name.strip(),
        organisation=facts.organisation,
        phone=plain_phone(facts.phone or ""),
        phone_hash=keyed_hash(facts.phone or ""),
        password=initial_hash(password),
        password_set_at=now,
        changed_at=now,
        changed_by=by.label,
    )
    user.save(force_insert=True)
    _journal("account.created", user, by=by, now=now, post=post)
    return NewPassword(user, password)


@transaction.atomic
def change_person(
    user: User, facts: PersonFacts, *, version: int | None, by: Actor, now: datetime
) -> User:
    """Write `facts` over the account as it was in `version`. Raises SomebodyWasFirst, Refused."""
    post = require_over_person(user, by=by, now=now)
    if facts.organisation is not None and facts.organisation.pk != user.organisation_id:
        require_over(by, needed_over(user, now), facts.organisation.area_code)
    _check(facts, unchanged=user.organisation_id)
    before = (user.name, user.organisation_id, user.phone_hash)
    values: dict[str, object] = {"name": facts.name.strip(), "organisation": facts.organisation}
    if facts.phone is not None:
        values |= {"phone": plain_phone(facts.phone), "phone_hash": keyed_hash(facts.phone)}
    changed = write_over(user, version=version, by=by, now=now, **values)
    after = (changed.name, changed.organisation_id, changed.phone_hash)
    fields = [
        name
        for name, old, new in zip(("name", "organisation", "phone"), before, after, strict=True)
        if old != new
    ]
    _journal("account.changed", changed, by=by, now=now, post=post, fields=fields)
    return changed


@transaction.atomic
def reset_password(user: User, *, by: Actor, now: datetime) -> NewPassword:
    """Replace a forgotten password by a one-time one; all sessions of the person end. Raises Refused."""
    post = require_over_person(user, by=by, now=now)
    _refuse_own(user, by)
    locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not locked.is_active:
        raise Refused("account_off", _("This account is switched off. Switch it on instead."), 409)
    password = _new_initial_password(locked, by=by, now=now)
    _journal("account.password_reset", locked, by=by, now=now, post=post)
    return NewPassword(locked, password)


@transaction.atomic
def deactivate_person(user: User, *, by: Actor, now: datetime) -> None:
    """Switch an account off at once: no sign-in, sessions and tokens dead, all posts ended.

    Raises SomebodyWasFirst where it is off, Refused for one's own account and for the last security administrator.
    """
    post = require_over_person(user, by=by, now=now)
    _refuse_own(user, by)
    locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not locked.is_active:
        raise SomebodyWasFirst(_("This account was switched off already."))
    refuse_last_security_administrator(locked, now)
    for held in open_posts(locked, now):
        end_at_once(held, by=by, now=now, post=post)
    get_access_token_model().objects.filter(user=locked).delete()
    # Without a password no old session fits the account again, even after it is switched on.
    remember(locked, now)
    locked.set_unusable_password()
    write_over(
        locked,
        version=None,
        by=by,
        now=now,
        is_active=False,
        password=locked.password,
        must_change_password=True,
    )
    _journal("account.deactivated", locked, by=by, now=now, post=post)


@transaction.atomic
def reactivate_person(user: User, *, by: Actor, now: datetime) -> NewPassword:
    """Switch an account on again, with a one-time password and without posts. Raises SomebodyWasFirst."""
    post = require_over_person(user, by=by, now=now)
    locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if locked.is_active:
        raise SomebodyWasFirst(_("This account was switched on already."))
    write_over(locked, version=None, by=by, now=now, is_active=True)
    password = _new_initial_password(locked, by=by, now=now)
    _journal("account.reactivated", locked, by=by, now=now, post=post)
    return NewPassword(locked, password)


@transaction.atomic
def change_own_password(user: User, old: str, new: str, *, by: Actor, now: datetime) -> User:
    """Choose one's own password. Raises Refused (old one wrong), ValidationError (rules of MLPS, all at once)."""
    if by.user_id != user.pk:
        raise Refused("not_your_password", _("You can change your own password only."), 409)
    locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not check_password(old, locked.password):
        raise Refused(
            "old_password_wrong", _("The present password is not right."), field="old_password"
        )
    validate_password(new, locked)
    remember(locked, now)
    locked.set_password(new)
    locked.password_set_at, locked.must_change_password = now, False
    locked.save(update_fields=["password", "password_set_at", "must_change_password"])
    _journal("account.password_changed", locked, by=by, now=now)
    return locked


def known_as(phone: str) -> QuerySet[User]:
    """Accounts with exactly this phone number (blanks and dashes do not matter)."""
    return User.objects.filter(phone_hash=keyed_hash(phone)).exclude(phone_hash="")


def _new_initial_password(user: User, *, by: Actor, now: datetime) -> str:
    password = fresh_initial_password()
    remember(user, now)
    write_over(
        user,
        version=None,
        by=by,
        now=now,
        password=initial_hash(password),
        password_set_at=now,
        must_change_password=True,
    )
    return password


def needed_over(user: User, now: datetime) -> May:
    """The permission that administering this account takes."""
    return May.MANAGE_POLICIES if is_administrator(user, now) else May.MANAGE_PEOPLE


def require_over_person(user: User, *, by: Actor, now: datetime) -> HeldPost | None:
    """The post under which `by` administers this account. Raises PermissionDenied."""
    return require_over(by, needed_over(user, now), home_area(user))


def _refuse_own(user: User, by: Actor) -> None:
    if by.user_id == user.pk:
        raise Refused(
            "own_account",
            _("Nobody does this to their own account. Ask another administrator."),
            409,
        )


def _check(facts: PersonFacts, *, unchanged: int | None = None) -> None:
    if not facts.name.strip():
        raise Refused("person_nameless", _("A person needs a name."), field="name")
    if facts.phone and not PHONE.fullmatch(facts.phone.strip()):
        raise Refused(
            "phone_malformed", _("This is no phone number: use digits only."), field="phone"
        )
    chosen = facts.organisation
    if chosen is not None and not chosen.active and chosen.pk != unchanged:
        raise Refused(
            "organisation_closed",
            _("%(name)s is not active any more.") % {"name": chosen.name},
            field="organisation",
        )


def _journal(
    verb: str,
    user: User,
    *,
    by: Actor,
    now: datetime,
    post: HeldPost | None = None,
    **data: object,
) -> None:
    journaling.append(
        verb,
        subject=("account", user.pk),
        area_code=home_area(user),
        by=by,
        now=now,
        post=post,
        data=data,
    )
