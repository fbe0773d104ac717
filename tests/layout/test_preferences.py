"""Language and theme: plain forms, signed in or out, with or without JavaScript."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_visitor_switches_to_english_and_stays_on_the_page(client: Client) -> None:
    answer = client.post(
        reverse("set_language"), {"language": "en", "next": "/accounts/sign-in/?next=/x/"}
    )
    assert answer["Location"] == "/accounts/sign-in/?next=/x/"
    assert 'lang="en"' in client.get(reverse("accounts:sign_in")).content.decode()


def test_chinese_is_the_default(client: Client) -> None:
    assert 'lang="zh-hans"' in client.get(reverse("accounts:sign_in")).content.decode()


def test_the_account_remembers_the_language(client: Client) -> None:
    person = factories.person_with(Role.DISPATCHER)
    client.force_login(person)
    client.post(reverse("set_language"), {"language": "en"})
    person.refresh_from_db()
    assert person.language == "en"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_a_switch_never_leads_to_another_host(client: Client, elsewhere: str) -> None:
    for name in ("set_language", "set_theme"):
        answer = client.post(reverse(name), {"language": "en", "theme": "dark", "next": elsewhere})
        assert answer["Location"] == "/"


def test_an_unknown_language_or_theme_changes_nothing(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "xx"})
    client.post(reverse("set_theme"), {"theme": "<script>"})
    assert "django_language" not in client.cookies
    assert "theme" not in client.cookies


def test_the_page_is_dark_from_the_first_byte(client: Client) -> None:
    client.post(reverse("set_theme"), {"theme": "dark"})
    page = client.get(reverse("accounts:sign_in")).content.decode()
    assert 'data-bs-theme="dark"' in page.partition("<body")[0]


def test_the_frame_has_its_landmarks(client: Client) -> None:
    client.force_login(factories.person_with(Role.DISPATCHER))
    page = client.get(reverse("me")).content.decode()
    for landmark in ('class="skip" href="#main"', '<main id="main"', "<nav ", "<header ", "<h1>"):
        assert landmark in page
    assert page.count("<h1>") == 1
    assert "<script>" not in page
    assert "onclick" not in page
