"""Partner systems: what they may do and where, their secrets, and taking it away.

The security administrator does all of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import get_access_token_model
from oauth2_provider.scopes import get_scopes_backend

from accounts import area_names, journaling
from accounts.actor import Actor, HeldPost
from accounts.authority import require_over
from accounts.edits import write_over
from accounts.models import ApiClient, Organisation
from accounts.roles import ADMINISTRATORS, RULES, May, Role, Scope
from config.refusal import Refused, SomebodyWasFirst

# What a partner system can be: whoever reports, whoever handles, whoever coordinates. Never an administrator.
CLIENT_ROLES = tuple(role for role in Role if role not in ADMINISTRATORS)


@dataclass(frozen=True, kw_only=True)
class ClientFacts:
    """What the security administrator enters about a partner system."""

    name: str
    area_code: str
    scopes: Collection[str]
    roles: Collection[str]
    organisation: Organisation | None = None

    def columns(self) -> dict[str, Any]:
        """The values by column."""
        return {
            "name": self.name.strip(),
            "area_code": self.area_code,
            "organisation": self.organisation,
            "allowed_scopes": sorted(self.scopes),
            "roles": sorted(self.roles),
        }


@dataclass(frozen=True)
class NewSecret:
    """A client's secret, to be shown once: the database keeps its hash."""

    client: ApiClient
    secret: str


@transaction.atomic
def create_client(facts: ClientFacts, *, by: Actor, now: datetime) -> NewSecret:
    """Admit a partner system (OAuth 2 client credentials). Raises Refused."""
    post = require_over(by, May.MANAGE_POLICIES, facts.area_code)
    _check(facts)
    secret = generate_client_secret()
    client = ApiClient.objects.create(
        client_id=generate_client_id(),
        client_secret=secret,
        client_type=ApiClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
        changed_at=now,
        changed_by=by.label,
        **facts.columns(),
    )
    _journal("client.created", client, by=by, now=now, post=post, **_facts_of(client))
    return NewSecret(client, secret)


@transaction.atomic
def change_client(
    client: ApiClient, facts: ClientFacts, *, version: int | None, by: Actor, now: datetime
) -> ApiClient:
    """Change what a partner may do; tokens already issued are narrowed at once. Raises SomebodyWasFirst, Refused."""
    require_over(by, May.MANAGE_POLICIES, client.area_code)
    post = require_over(by, May.MANAGE_POLICIES, facts.area_code)
    _check(facts)
    before = _facts_of(client)
    changed = write_over(client, version=version, by=by, now=now, **facts.columns())
    _journal(
        "client.changed", changed, by=by, now=now, post=post, before=before, **_facts_of(changed)
    )
    return changed


@transaction.atomic
def renew_secret(client: ApiClient, *, by: Actor, now: datetime) -> NewSecret:
    """Replace the secret; the old one and every token issued with it stop working at once."""
    post = require_over(by, May.MANAGE_POLICIES, client.area_code)
    locked = _locked(client)
    if not locked.active:
        raise Refused("client_off", _("This partner system is switched off."), 409)
    locked.client_secret = secret = generate_client_secret()
    locked.save(update_fields=["client_secret"])  # the field hashes it on the way
    write_over(locked, version=None, by=by, now=now)
    _end_tokens(locked)
    _journal("client.secret_renewed", locked, by=by, now=now, post=post)
    return NewSecret(locked, secret)


@transaction.atomic
def deactivate_client(client: ApiClient, *, by: Actor, now: datetime) -> None:
    """Shut a partner system out at once. Raises SomebodyWasFirst where it is out already."""
    post = require_over(by, May.MANAGE_POLICIES, client.area_code)
    locked = _locked(client)
    if not locked.active:
        raise SomebodyWasFirst(_("This partner system was switched off already."))
    write_over(locked, version=None, by=by, now=now, active=False)
    _end_tokens(locked)
    _journal("client.deactivated", locked, by=by, now=now, post=post)


@transaction.atomic
def reactivate_client(client: ApiClient, *, by: Actor, now: datetime) -> None:
    """Let a partner system in again, with the secret it had. Raises SomebodyWasFirst where it is in."""
    post = require_over(by, May.MANAGE_POLICIES, client.area_code)
    locked = _locked(client)
    if locked.active:
        raise SomebodyWasFirst(_("This partner system was switched on already."))
    write_over(locked, version=None, by=by, now=now, active=True)
    _journal("client.reactivated", locked, by=by, now=now, post=post)


def area_of_client(pk: int) -> str:
    """The area of a partner system; "" where it serves the whole."""
    area: str = ApiClient.objects.values_list("area_code", flat=True).get(pk=pk)
    return area


def known_scopes() -> dict[str, Any]:
    """Scope → what it allows, in words."""
    every: dict[str, Any] = get_scopes_backend().get_all_scopes()
    return every


def _locked(client: ApiClient) -> ApiClient:
    return ApiClient.objects.select_for_update(of=("self",)).get(pk=client.pk)


def _end_tokens(client: ApiClient) -> None:
    get_access_token_model().objects.filter(application=client).delete()


def _check(facts: ClientFacts) -> None:
    if not facts.name.strip():
        raise Refused("client_nameless", _("A partner system needs a name."), field="name")
    area_names.check(facts.area_code)
    if set(facts.scopes) - set(known_scopes()):
        raise Refused("scope_unknown", _("There is no such scope."), field="scopes")
    if set(facts.roles) - set(CLIENT_ROLES):
        raise Refused("client_role", _("A partner system cannot have this role."), field="roles")
    scopes = {RULES[Role(role)].scope for role in facts.roles}
    if Scope.ORGANISATION in scopes and facts.organisation is None:
        raise Refused(
            "client_without_organisation",
            _("To handle cases it needs the organisation in whose name it does so."),
            field="organisation",
        )


def _facts_of(client: ApiClient) -> dict[str, object]:
    return {
        "area": client.area_code,
        "organisation": client.organisation_id,
        "scopes": client.allowed_scopes,
        "roles": client.roles,
    }


def _journal(
    verb: str,
    client: ApiClient,
    *,
    by: Actor,
    now: datetime,
    post: HeldPost | None,
    **data: object,
) -> None:
    journaling.append(
        verb,
        subject=("client", client.pk),
        area_code=client.area_code,
        by=by,
        now=now,
        post=post,
        data=data,
    )
