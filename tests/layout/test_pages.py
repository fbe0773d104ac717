"""One address gives a page or the fragment of it."""

import pytest
from django.test import Client

from accounts.roles import Role
from config.pages import fragment_of
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.layout.urls")]


@pytest.fixture
def insider(client: Client) -> Client:
    client.force_login(factories.person_with(Role.DISPATCHER))
    return client


@pytest.mark.parametrize(
    ("template", "fragment"),
    [
        ("incidents/inbox.html#rows", "incidents/_rows.html"),
        ("incidents/inbox.html", "incidents/_inbox.html"),
        ("me.html", "_me.html"),
    ],
)
def test_the_fragment_is_named_after_the_page_or_its_part(template: str, fragment: str) -> None:
    assert fragment_of(template) == (template.partition("#")[0], fragment)


def test_a_browser_gets_the_whole_page(insider: Client) -> None:
    answer = insider.get("/styleguide/")
    body = answer.content.decode()
    assert body.lstrip().lower().startswith("<!doctype html>")
    assert "HX-Request" in answer["Vary"]


def test_htmx_gets_only_the_part(insider: Client) -> None:
    body = insider.get("/styleguide/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in body
    assert "HX260310-0012" in body


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_and_restored_pages_are_whole(insider: Client, header: str) -> None:
    answer = insider.get("/styleguide/", headers={"HX-Request": "true", header: "true"})
    assert "<html" in answer.content.decode()


def test_a_fragment_brings_waiting_messages_along(insider: Client) -> None:
    body = insider.get("/styleguide/?toast=1", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-swap-oob="beforeend"' in body
    assert "已派遣" in body
    again = insider.get("/styleguide/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-swap-oob="beforeend"' not in again


def test_a_fragment_brings_the_chips_of_what_is_set(insider: Client) -> None:
    address = "/styleguide/?lamp=red&state=发现&state=立案&pile=mine"
    body = insider.get(address, headers={"HX-Request": "true"}).content.decode()
    chips = body[body.index('id="filter-chips"') :]
    assert 'hx-swap-oob="true"' in chips
    assert chips.count('class="chip"') == 3
    assert 'href="?pile=mine"' in chips
    assert "已选 2 项" in chips


def test_the_filter_bar_keeps_what_else_the_address_says(insider: Client) -> None:
    page = insider.get("/styleguide/?pile=mine&ordering=-due_at&cursor=x&lamp=red").content.decode()
    assert '<input type="hidden" name="pile" value="mine">' in page
    assert '<input type="hidden" name="ordering" value="-due_at">' in page
    assert 'name="cursor"' not in page
