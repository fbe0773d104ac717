"""Every error of the API is a problem document that says what is wrong, in the caller's language."""

import logging
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.plumbing_urls")]
MEMBERS = {"type", "title", "status", "detail", "code", "instance"}


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The document, after checking what is the same for all of them."""
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document.keys() >= MEMBERS
    assert document["status"] == status
    assert document["type"] == f"urn:yiwang:problem:{document['code']}"
    assert document["title"]
    assert document["detail"]
    return document


@pytest.mark.parametrize("address", ["/api/v1/no-such", "/api/v9/", "/api/v1/cursors/a/b/c"])
def test_an_unknown_address_is_a_problem_too(address: str) -> None:
    assert problem(Client().get(address), 404)["instance"] == address
    problem(Client().post(address, {}), 404)


def test_strangers_are_told_to_sign_in() -> None:
    answer = Client().get("/api/v1/people-only")
    assert problem(answer, 401)["code"] == "not_authenticated"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_method_is_named_so(signed_in: APIClient) -> None:
    assert problem(signed_in.delete("/api/v1/people-only"), 405)["code"] == "method_not_allowed"


@pytest.mark.parametrize("body", ["{", '{"a": ', "\xff"])
def test_a_body_that_is_no_json(signed_in: APIClient, body: str) -> None:
    answer = signed_in.put("/api/v1/validates", body, content_type="application/json")
    assert problem(answer, 400)["code"] == "parse_error"


def test_an_unknown_kind_of_body(signed_in: APIClient) -> None:
    answer = signed_in.generic("PUT", "/api/v1/validates", "x", content_type="text/csv")
    problem(answer, 415)


def test_wrong_input_is_listed_field_by_field(signed_in: APIClient) -> None:
    body = {"name": "too long", "parts": [{"size": 1}, {"size": 0}, {}]}
    errors = problem(signed_in.put("/api/v1/validates", body), 400)["errors"]
    assert {(e["field"], e["code"]) for e in errors} == {
        ("name", "max_length"),
        ("parts.1.size", "min_value"),
        ("parts.2.size", "required"),
    }
    assert all(e["message"] for e in errors)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "NUL character"), ("zh-hans", "文本中含有空字符")]
)
def test_a_nul_in_a_text_is_named_so(signed_in: APIClient, language: str, words: str) -> None:
    body = {"name": "a\x00b", "parts": []}
    answer = signed_in.put("/api/v1/validates", body, headers={"Accept-Language": language})
    (error,) = problem(answer, 400)["errors"]
    assert (error["field"], error["code"]) == ("name", "null_characters_not_allowed")
    assert words in error["message"]


@pytest.mark.parametrize(
    ("body", "field"), [([1, 2], ""), ("text", ""), ({"name": "a", "parts": [[1]]}, "parts.0")]
)
@pytest.mark.parametrize(
    ("language", "words"), [("en", "A JSON object"), ("zh-hans", "此处应为带字段名的 JSON 对象")]
)
def test_a_list_in_place_of_an_object_is_told_what_is_expected(
    signed_in: APIClient, body: object, field: str, language: str, words: str
) -> None:
    answer = signed_in.put("/api/v1/validates", body, headers={"Accept-Language": language})
    document = problem(answer, 400)
    (error,) = document["errors"]
    assert (error["field"], error["code"]) == (field, "invalid")
    assert error["message"].startswith(words)
    assert "`" not in document["detail"]


def test_what_is_wrong_with_the_whole_has_no_field(signed_in: APIClient) -> None:
    body = {"name": "whole", "parts": []}
    (error,) = problem(signed_in.put("/api/v1/validates", body), 400)["errors"]
    assert error == {"field": "", "message": "not as a whole", "code": "whole"}


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("missing", 404, "not_found"),
        ("forbidden", 403, "permission_denied"),
        ("first", 409, "somebody_was_first"),
        ("refused", 422, "no_such_item"),
    ],
)
def test_what_an_action_refuses(signed_in: APIClient, what: str, status: int, code: str) -> None:
    assert problem(signed_in.get(f"/api/v1/raises/{what}"), status)["code"] == code


def test_what_was_kept_is_said(signed_in: APIClient) -> None:
    assert problem(signed_in.get("/api/v1/raises/first"), 409)["kept"] == {"draft": 7}


def test_a_refusal_names_the_field_at_fault(signed_in: APIClient) -> None:
    (error,) = problem(signed_in.get("/api/v1/raises/refused"), 422)["errors"]
    assert error["field"] == "item"


def test_a_fault_of_ours_tells_an_id_and_no_more(
    signed_in: APIClient, caplog: pytest.LogCaptureFixture
) -> None:
    signed_in.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        answer = signed_in.get("/api/v1/raises/fault")
    document = problem(answer, 500)
    assert "secret" not in answer.content.decode()
    assert document["instance"].startswith("urn:uuid:")
    assert document["instance"] in caplog.text
    assert "secret detail" in caplog.text


def test_tests_still_see_the_fault_itself(signed_in: APIClient) -> None:
    with pytest.raises(RuntimeError):
        signed_in.get("/api/v1/raises/fault")


def test_a_database_that_is_away_is_worth_another_try(signed_in: APIClient) -> None:
    answer = signed_in.get("/api/v1/raises/away")
    assert problem(answer, 503)["code"] == "try_again"
    assert answer["Retry-After"] == "2"


def test_input_that_the_database_does_not_take_is_the_callers_to_put_right(
    signed_in: APIClient,
) -> None:
    assert problem(signed_in.get("/api/v1/raises/data"), 400)["code"] == "cannot_be_kept"
    assert problem(signed_in.get("/api/v1/raises/nul"), 400)["code"] == "cannot_be_kept"


@pytest.mark.parametrize("address", ["/api/v1/cursors/a%00b", "/api/v1/cursors?q=%00"])
def test_a_nul_in_an_address_is_refused(signed_in: APIClient, address: str) -> None:
    problem(signed_in.get(address), 400)
    page = signed_in.get(address.replace("/api/v1/cursors", "/no-such"))
    assert page.status_code == 400
    assert page["Content-Type"].startswith("text/html")


def test_too_large_a_body(signed_in: APIClient, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = signed_in.put("/api/v1/validates", {"name": "x" * 50})
    problem(answer, 413)


def test_each_caller_is_answered_in_their_language() -> None:
    sentences = {
        language: problem(
            Client().get("/api/v1/people-only", headers={"Accept-Language": language}), 401
        )["title"]
        for language in ("en", "zh-hans", "zh-CN", "tlh")
    }
    assert sentences["en"] == "Not signed in"
    assert sentences["zh-hans"] == sentences["zh-CN"] == sentences["tlh"] == "未登录"


def test_a_page_that_does_not_exist_is_no_problem_document() -> None:
    assert Client().get("/no-such")["Content-Type"].startswith("text/html")
