"""Signing in lands each role on its own work."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from config.home import LANDINGS, landing_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "name"), [(role, name) for name, roles in LANDINGS for role in roles]
)
def test_a_role_lands_on_its_own_work(client: Client, role: str, name: str) -> None:
    client.force_login(factories.person_with(role))
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"] == reverse(name)


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/")["Location"].startswith(reverse("accounts:sign_in"))


def test_somebody_without_a_post_is_told_kindly_whom_to_ask(client: Client) -> None:
    client.force_login(factories.user())
    answer = client.get("/")
    assert answer.status_code == 200
    assert "您还没有岗位" in answer.content.decode()


def test_a_person_of_two_posts_lands_where_cases_wait() -> None:
    assert landing_of(["system_admin", "clerk"]) == reverse("incidents:inbox")


def test_the_page_about_oneself_names_the_posts(client: Client) -> None:
    client.force_login(factories.person_with(Role.GRID_WORKER))
    assert "网格员" in client.get(reverse("me")).content.decode()
