"""The description: valid OpenAPI 3.1, complete in what all operations share, and readable in a browser."""

from typing import Any

import pytest
import yaml
from django.test import Client
from openapi_spec_validator import validate

from config.api_docs import description

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.plumbing_urls")]


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    description.cache_clear()
    yield
    description.cache_clear()


@pytest.fixture
def document() -> dict[str, Any]:
    answer = Client().get("/api/v1/openapi.json", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operation(document: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][path][method]
    return found


def headers(found: dict[str, Any]) -> dict[str, Any]:
    return {p["name"]: p for p in found.get("parameters", []) if p["in"] == "header"}


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_json_and_yaml_say_the_same(document: dict[str, Any]) -> None:
    answer = Client().get("/api/v1/openapi.yaml", headers={"Accept-Language": "en"})
    assert yaml.safe_load(answer.content) == document


def test_it_speaks_the_readers_language(document: dict[str, Any]) -> None:
    chinese = Client().get("/api/v1/openapi.json", headers={"Accept-Language": "zh-hans"}).json()
    assert chinese["info"]["description"] != document["info"]["description"]


def test_posts_that_are_done_once_say_so(document: dict[str, Any]) -> None:
    post = operation(document, "/api/v1/cursors", "post")
    assert headers(post)["Idempotency-Key"]["required"]
    assert "Idempotency-Replayed" in post["responses"]["201"]["headers"]
    assert "Idempotency-Key" not in headers(operation(document, "/api/v1/cursors", "get"))
    assert "Idempotency-Key" not in headers(operation(document, "/api/v1/people-only", "post"))


def test_writes_over_a_version_say_so(document: dict[str, Any]) -> None:
    put = operation(document, "/api/v1/cursors/{name}", "put")
    assert headers(put)["If-Match"]["required"]
    assert {"412", "428"} <= put["responses"].keys()


def test_every_operation_lists_its_errors_as_problems(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, found in methods.items():
            for status in ("400", "429", "500"):
                content = found["responses"][status]["content"]
                assert content == {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }, (path, method)


def test_scopes_are_named_where_partners_may_come(document: dict[str, Any]) -> None:
    assert operation(document, "/api/v1/cursors", "post")["security"] == [
        {"session": []},
        {"oauth2": ["incidents:write"]},
    ]
    assert operation(document, "/api/v1/people-only", "get")["security"] == [{"session": []}]
    flow = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/api/v1/oauth/token"
    assert "incidents:write" in flow["scopes"]


def test_lists_describe_their_pages(document: dict[str, Any]) -> None:
    listing = operation(document, "/api/v1/cursors", "get")
    assert {"cursor", "size"} <= {p["name"] for p in listing["parameters"]}
    reference = listing["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    page = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
    assert set(page["properties"]) == {"next", "previous", "results"}


def test_the_docs_page_holds_to_the_strict_policy() -> None:
    answer = Client().get("/api/v1/docs")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "<script>" not in answer.content.decode()
    assert Client().get("/api/v1/docs?script=")["Content-Type"] == "application/javascript"
