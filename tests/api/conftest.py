"""Callers of the API: a person with a browser, a partner system with a token, a stranger."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import ApiClient, User
from accounts.roles import Role
from tests.factories import PASSWORD, api_client, organisation, person_with

TOKEN = "/api/v1/oauth/token"


@pytest.fixture
def person() -> User:
    return person_with(Role.DISPATCHER, organisation=organisation())


@pytest.fixture
def browser(person: User) -> APIClient:
    """Signed in; CSRF is checked as always."""
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(person)
    return client


@pytest.fixture
def signed_in(person: User) -> APIClient:
    """Signed in, with the CSRF token already sent along."""
    client = APIClient()
    client.force_login(person)
    return client


@pytest.fixture
def partner() -> ApiClient:
    return api_client(
        roles=[Role.CLERK],
        allowed_scopes=["incidents:read", "incidents:write", "areas:read"],
    )


def ask_for_token(client: ApiClient, **extra: str) -> Any:
    """The token endpoint's answer, as a partner system's own library would ask."""
    return Client().post(
        TOKEN,
        {
            "grant_type": "client_credentials",
            "client_id": client.client_id,
            "client_secret": PASSWORD,
            **extra,
        },
    )


@pytest.fixture
def calling() -> Callable[..., APIClient]:
    """`calling(partner, scope="incidents:read")`: that partner system with a fresh token."""

    def with_token(client: ApiClient, **extra: str) -> APIClient:
        answer = ask_for_token(client, **extra)
        assert answer.status_code == 200, answer.content
        caller = APIClient()
        caller.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access_token']}")
        return caller

    return with_token
