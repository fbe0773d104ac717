"""Error pages say what happened and what to do, in both languages, whatever else is broken."""

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory
from django.utils import translation

from config import errors

NAMES = ["400", "403", "403_csrf", "404", "413", "429", "500"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("language", "way_back"), [("zh-hans", "回到我的工作"), ("en", "To my work")]
)
def test_each_page_speaks_both_languages(name: str, language: str, way_back: str) -> None:
    request = RequestFactory().get("/cases/X/")
    with translation.override(language):
        answer = errors.error_page(request, int(name[:3]), name)
    assert answer.status_code == int(name[:3])
    assert way_back in answer.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_no_error_page_needs_a_file_or_the_database(name: str) -> None:
    body = errors.error_page(RequestFactory().get("/"), int(name[:3]), name).content.decode()
    assert "/static/" not in body
    assert "<script" not in body


@pytest.mark.django_db
def test_an_unknown_address_is_a_kind_page(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "这里没有您可以查看的内容" in answer.content.decode()


@pytest.mark.django_db
def test_an_unknown_address_of_the_api_is_a_problem(client: Client) -> None:
    answer = client.get("/api/v1/no-such-thing/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/problem+json")


@pytest.mark.django_db
@pytest.mark.urls("tests.layout.urls")
def test_a_defect_is_a_sentence() -> None:
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    assert "系统出现故障" in answer.content.decode()


@pytest.mark.django_db
def test_an_old_form_is_told_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "表单已失效" in answer.content.decode()


def test_a_body_too_large_is_said_to_be_too_large() -> None:
    answer = errors.bad_request(RequestFactory().get("/"), RequestDataTooBig("…"))
    assert answer.status_code == 413


def test_even_a_broken_template_leaves_two_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> str:
        raise RuntimeError("templates are gone")

    monkeypatch.setattr(errors, "render_to_string", fails)
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "系统出现故障" in answer.content.decode()
    assert "Please try again" in answer.content.decode()
