"""Things that tests of every room need: organisations, people, posts, actors. All on the real database."""

from datetime import date
from functools import lru_cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.actor import Actor
from accounts.identity import actor_of
from accounts.models import ApiClient, Organisation, Post, User
from accounts.personal import keyed_hash
from accounts.roles import Role

PASSWORD = "Heping-Road-2026"
HOME = "120103"  # Hexi district: the insiders' area
ABROAD = "120104"  # Nankai district: where outsiders come from

_numbers = count(1)


@lru_cache
def _hash() -> str:
    return make_password(PASSWORD)


def organisation(area_code: str = HOME, kind: str = "centre", **fields: Any) -> Organisation:
    """A saved organisation over `area_code`; other fields as given."""
    number = next(_numbers)
    fields.setdefault("code", f"ORG-{number}")
    fields.setdefault("name", f"单位{number}")
    return Organisation.objects.create(area_code=area_code, kind=kind, **fields)


def user(**fields: Any) -> User:
    """A saved person who can sign in with `PASSWORD` at once."""
    number = next(_numbers)
    fields.setdefault("username", f"user{number}")
    fields.setdefault("name", f"人员{number}")
    fields.setdefault("password", _hash())
    fields.setdefault("must_change_password", False)
    fields.setdefault("password_set_at", timezone.now())
    fields.setdefault("phone_hash", keyed_hash(fields.get("phone", "")))
    return User.objects.create(**fields)


def post(
    holder: User | None = None,
    role: Role | str = Role.DISPATCHER,
    area_code: str = HOME,
    organisation: Organisation | None = None,
    valid_from: date = date(2020, 1, 1),
    **fields: Any,
) -> Post:
    """A saved post, open-ended unless `valid_to` is given."""
    return Post.objects.create(
        user=holder or user(),
        role=role,
        area_code=area_code,
        organisation=organisation,
        valid_from=valid_from,
        **fields,
    )


def person_with(
    role: Role | str, area_code: str = HOME, organisation: Organisation | None = None
) -> User:
    """A saved person holding one post."""
    return post(role=role, area_code=area_code, organisation=organisation).user


def actor(
    role: Role | str, area_code: str = HOME, organisation: Organisation | None = None
) -> Actor:
    """The Actor of a new person holding one post of `role` over `area_code`."""
    return actor_of(person_with(role, area_code, organisation))


def api_client(area_code: str = HOME, **fields: Any) -> ApiClient:
    """A saved partner system (client credentials) whose secret is `PASSWORD`."""
    fields.setdefault("name", f"partner{next(_numbers)}")
    fields.setdefault("client_secret", PASSWORD)
    return ApiClient.objects.create(
        area_code=area_code,
        client_type=ApiClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
        **fields,
    )
