"""Partner systems: a secret shown once, scopes that narrow, and a door that shuts at once."""

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.actor import Actor
from accounts.clients import (
    ClientFacts,
    change_client,
    create_client,
    deactivate_client,
    reactivate_client,
    renew_secret,
)
from accounts.identity import client_actor
from accounts.roles import May, Role
from config.refusal import Refused, SomebodyWasFirst
from tests import factories
from tests.accounts.conftest import Verbs
from tests.factories import ABROAD, HOME

pytestmark = pytest.mark.django_db


def _facts(**more: object) -> ClientFacts:
    given = {
        "name": "天津12345",
        "area_code": HOME,
        "scopes": ["incidents:read", "incidents:write"],
        "roles": ["citizen"],
    } | more
    return ClientFacts(**given)  # type: ignore[arg-type]


@pytest.fixture
def by(db: None) -> Actor:
    return factories.actor(Role.SECURITY_ADMIN)


def _token(client: Client, client_id: str, secret: str) -> str | None:
    answer = client.post(
        "/api/v1/oauth/token",
        {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret},
    )
    token: str | None = answer.json().get("access_token")
    return token


def _me(client: Client, token: str | None) -> int:
    return client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_new_partner_signs_in_with_the_secret_shown_once(
    client: Client, by: Actor, verbs: Verbs
) -> None:
    made = create_client(_facts(), by=by, now=datetime.now().astimezone())
    token = _token(client, made.client.client_id, made.secret)
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json()

    assert made.secret not in made.client.client_secret
    assert me["kind"] == "client"
    assert me["username"] is None
    assert me["permissions"] == ["incident.report"]
    assert me["scopes"] == ["incidents:read", "incidents:write"]
    assert me["posts"][0]["area_code"] == HOME
    assert verbs("client", made.client.pk) == ["client.created"]


def test_shutting_a_partner_out_works_at_once(client: Client, by: Actor, now: datetime) -> None:
    made = create_client(_facts(), by=by, now=now)
    token = _token(client, made.client.client_id, made.secret)
    assert _me(client, token) == 200
    deactivate_client(made.client, by=by, now=now)

    assert _me(client, token) == 401
    assert _token(client, made.client.client_id, made.secret) is None
    with pytest.raises(SomebodyWasFirst):
        deactivate_client(made.client, by=by, now=now)
    reactivate_client(made.client, by=by, now=now)
    assert _token(client, made.client.client_id, made.secret)


def test_a_new_secret_ends_the_old_one(client: Client, by: Actor, now: datetime) -> None:
    made = create_client(_facts(), by=by, now=now)
    token = _token(client, made.client.client_id, made.secret)
    renewed = renew_secret(made.client, by=by, now=now)

    assert _me(client, token) == 401
    assert _token(client, made.client.client_id, made.secret) is None
    assert _token(client, made.client.client_id, renewed.secret)


def test_narrowed_scopes_hold_for_tokens_already_issued(by: Actor, now: datetime) -> None:
    made = create_client(_facts(), by=by, now=now)
    changed = change_client(
        made.client, _facts(scopes=["incidents:read"]), version=1, by=by, now=now
    )

    assert client_actor(changed, ["incidents:read", "incidents:write"]).scopes == {"incidents:read"}


def test_the_second_editor_is_told(by: Actor, now: datetime) -> None:
    made = create_client(_facts(), by=by, now=now)
    change_client(made.client, _facts(name="甲"), version=1, by=by, now=now)
    with pytest.raises(SomebodyWasFirst):
        change_client(made.client, _facts(name="乙"), version=1, by=by, now=now)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"area_code": "1201031"}, "area_code"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"roles": ["system_admin"]}, "roles"),
        ({"roles": ["department"]}, "organisation"),
    ],
)
def test_wrong_input_names_its_field(
    more: dict[str, object], field: str, by: Actor, now: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        create_client(_facts(**more), by=by, now=now)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "actor", [(Role.SYSTEM_ADMIN, HOME), (Role.SECURITY_ADMIN, ABROAD), (Role.CLERK, HOME)]
)
def test_only_the_security_administrator_of_the_area_admits_partners(
    actor: tuple[Role, str], now: datetime
) -> None:
    with pytest.raises(PermissionDenied):
        create_client(_facts(), by=factories.actor(*actor), now=now)


def test_a_partner_acts_by_its_roles_over_its_area(now: datetime) -> None:
    office = factories.organisation()
    partner = factories.api_client(
        HOME, organisation=office, roles=["dispatcher", "department", "gone"]
    )
    actor = client_actor(partner, [])

    assert actor.may(May.DISPATCH, area_code=f"{HOME}001")
    assert not actor.may(May.DISPATCH, area_code=ABROAD)
    assert actor.may(May.HANDLE, organisations=[office.pk])
    assert not actor.may(May.HANDLE, organisations=[0])
    partner.active = False
    assert client_actor(partner, []).posts == ()


def test_the_secret_is_on_the_answer_and_only_there(client: Client) -> None:
    client.force_login(factories.person_with(Role.SECURITY_ADMIN))
    form = {"name": "伙伴", "area_code": HOME, "scopes": ["clocks:read"], "roles": []}
    answer = client.post("/accounts/clients/new/", form)
    secret = answer.context["secret"]

    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    page = client.get(f"/accounts/clients/{answer.context['client'].pk}/")
    assert secret not in page.content.decode()
