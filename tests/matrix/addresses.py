"""Every address of the installation, out of the resolver, with the methods it answers to."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.identity import ANONYMOUS

METHODS = ("get", "post", "put", "patch", "delete")


def named_patterns(
    patterns: Iterable[URLPattern | URLResolver] | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """(qualified name, pattern) of everything that can be reached. One without a name is an error."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from named_patterns(pattern.url_patterns, inner)
        else:
            assert pattern.name, f"the address {pattern.pattern} has no name"
            yield f"{prefix}{pattern.name}", pattern


def methods_of(pattern: URLPattern) -> set[str]:
    """The methods that a view answers to; empty where it does not say."""
    view: Any = pattern.callback
    actions = getattr(view, "actions", None)
    if actions:
        return {method for method in actions if method in METHODS}
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if cls is not None:
        return {m for m in METHODS if m in cls.http_method_names and hasattr(cls, m)}
    return _allowed_by(view)


def _allowed_by(view: Any) -> set[str]:
    """`require_POST` and its kin say in their refusal what they would allow."""
    request = RequestFactory().generic("TRACE", "/")
    request.actor = ANONYMOUS  # type: ignore[attr-defined]
    try:
        response = view(request)
    except Exception:  # noqa: BLE001 — a view without such a guard fails in its own way
        return set()
    if not isinstance(response, HttpResponse) or response.status_code != 405:
        return set()
    allowed = {method.strip().lower() for method in response.headers["Allow"].split(",")}
    return allowed & set(METHODS)
