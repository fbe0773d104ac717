"""Writing over the version that was seen, and no other."""

import pytest
from rest_framework.test import APIClient

from tests.api.test_plumbing_problems import problem

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.plumbing_urls")]
ONE = "/api/v1/cursors/bell"


@pytest.mark.parametrize(
    "seen", ['"cursor-bell-3"', "*", '"old", "cursor-bell-3"', 'W/"cursor-bell-3"']
)
def test_the_version_that_was_seen_may_be_written_over(signed_in: APIClient, seen: str) -> None:
    assert signed_in.get(ONE)["ETag"] == '"cursor-bell-3"'
    assert signed_in.put(ONE, {}, headers={"If-Match": seen}).status_code == 200


@pytest.mark.parametrize("seen", ['"cursor-bell-2"', "cursor-bell-3", '"', "W/"])
def test_a_version_that_has_passed_may_not(signed_in: APIClient, seen: str) -> None:
    answer = signed_in.put(ONE, {}, headers={"If-Match": seen})
    assert problem(answer, 412)["code"] == "version_changed"


@pytest.mark.parametrize("headers", [{}, {"If-Match": " "}])
def test_without_saying_which_nothing_is_written(
    signed_in: APIClient, headers: dict[str, str]
) -> None:
    answer = signed_in.put(ONE, {}, headers=headers)
    assert problem(answer, 428)["code"] == "if_match_missing"
