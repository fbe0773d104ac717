"""The API's description, to read and to try. Public: it holds no data, and partner systems need it first."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import (
    SpectacularJSONAPIView,
    SpectacularSwaggerSplitView,
    SpectacularYAMLAPIView,
)
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response


@lru_cache(maxsize=4)
def description(language: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document in one language; made once per process, since it takes a second."""
    with override(language):
        document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return document


class _Public:
    authentication_classes: Sequence[Any] = ()
    permission_classes: Sequence[Any] = (AllowAny,)
    throttle_classes: Sequence[Any] = ()


class _Made:
    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(description(get_language() or "en"))


class DescriptionJson(_Public, _Made, SpectacularJSONAPIView):
    """OpenAPI 3.1 as JSON, in the language of Accept-Language."""


class DescriptionYaml(_Public, _Made, SpectacularYAMLAPIView):
    """OpenAPI 3.1 as YAML, in the language of Accept-Language."""


class Docs(_Public, SpectacularSwaggerSplitView):
    """The description to read and try in a browser.

    Its script comes as a file of its own, so that the strict content security policy holds here too.
    """

    url_name = "api_json"
