"""A page link that was made up leads to the first page of a list of cases, with a sentence."""

import pytest
from django.test import Client

from config.paging import BadCursor
from tests.incidents.town import Town

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/cases/", "/cases/inbox/"])
def test_a_forged_page_link_gets_a_sentence(here: Town, client: Client, address: str) -> None:
    client.force_login(here.people["dispatcher"])
    answer = client.get(address, {"cursor": "forged"})
    assert answer.status_code == 200
    assert str(BadCursor().sentence) in answer.content.decode()
