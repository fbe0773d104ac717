"""What a form of a page is bound to."""

from typing import Any

from django.http import HttpRequest


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: the data of a POST, even an empty one; nothing otherwise."""
    return request.POST if request.method == "POST" else None


def posted_with_files(request: HttpRequest) -> tuple[Any, Any]:
    """The same with what was uploaded."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
