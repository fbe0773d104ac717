"""A slip in the address of a list is named, not passed over: else every row would look like an answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.generics import ListAPIView
from rest_framework.test import APIClient

from accounts.roles import Role
from config.paging import KeysetPagination
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> APIClient:
    api = APIClient()
    api.force_login(factories.person_with(Role.CLERK))
    return api


def views(patterns: Any = None) -> Iterator[Any]:
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from views(one.url_patterns)
        elif isinstance(one, URLPattern):
            found = getattr(one.callback, "cls", None)
            if found is not None and issubclass(found, ListAPIView):
                yield found


def test_every_list_of_the_api_goes_through_the_one_place_that_looks() -> None:
    found = set(views())
    assert len(found) > 12
    assert {view for view in found if view.pagination_class is not KeysetPagination} == set()
    assert {view for view in found if "list" in vars(view)} == set()


@pytest.mark.parametrize("name", ["limitt", "limit", "offset", "Lamp"])
def test_an_unknown_parameter_is_refused_by_name_with_those_there_are(
    clerk: APIClient, name: str
) -> None:
    answer = clerk.get(f"/api/v1/incidents?{name}=5", headers={"Accept-Language": "en"})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (400, "unknown_parameter")
    assert answer["Content-Type"] == "application/problem+json"
    assert f"“{name}”" in body["detail"]
    assert "lamp" in body["detail"]
    assert "size" in body["detail"]
    assert body["errors"][0]["field"] == name


def test_it_is_said_in_the_callers_language(clerk: APIClient) -> None:
    body = clerk.get("/api/v1/notices?limit=5", headers={"Accept-Language": "zh-Hans"}).json()
    assert body["detail"] == "该列表没有参数“limit”，可用参数：cursor, size, unread。"


@pytest.mark.parametrize("size", ["0", "-1", "201", "x", "", "1.5"])
def test_a_size_that_is_none_is_refused(clerk: APIClient, size: str) -> None:
    answer = clerk.get(f"/api/v1/incidents?size={size}")
    assert (answer.status_code, answer.json()["code"]) == (400, "size_wrong")


@pytest.mark.parametrize(
    "address",
    ["incidents?size=1&lamp=red&state=filed&state=closed", "notices?unread=true&size=200"],
)
def test_what_the_description_names_is_taken(clerk: APIClient, address: str) -> None:
    assert clerk.get(f"/api/v1/{address}").status_code == 200


def test_an_unknown_parameter_tells_nobody_what_they_may_not_see() -> None:
    worker = APIClient()
    worker.force_login(factories.person_with(Role.CLERK))
    assert worker.get("/api/v1/webhooks?limitt=5").status_code == 403
