"""Every address under /api/v1/: the token endpoint, the description, and what each room offers."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from config.api_docs import DescriptionJson, DescriptionYaml, Docs
from config.api_token import Token

ROOMS = ("accounts", "journal", "notices", "clocks", "grids", "incidents")

urlpatterns: list[URLPattern | URLResolver] = [
    path("oauth/token", Token.as_view(), name="api_token"),
    path("openapi.json", DescriptionJson.as_view(), name="api_json"),
    path("openapi.yaml", DescriptionYaml.as_view(), name="api_yaml"),
    path("docs", Docs.as_view(), name="api_docs"),
]
urlpatterns += [
    path("", include(f"{room}.api_urls")) for room in ROOMS if find_spec(f"{room}.api_urls")
]
