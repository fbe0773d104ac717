"""Every address under /api/v1/: the token endpoint, the description, and what each room offers."""

from django.urls import URLPattern, URLResolver, include, path

from config.api_docs import DescriptionJson, DescriptionYaml, Docs
from config.api_token import Token

urlpatterns: list[URLPattern | URLResolver] = [
    path("oauth/token", Token.as_view(), name="api_token"),
    path("openapi.json", DescriptionJson.as_view(), name="api_json"),
    path("openapi.yaml", DescriptionYaml.as_view(), name="api_yaml"),
    path("docs", Docs.as_view(), name="api_docs"),
    path("", include("accounts.api_urls")),
    path("", include("clocks.api_urls")),
    path("", include("grids.api_urls")),
    path("", include("incidents.api_urls")),
    path("", include("notices.api_urls")),
    path("", include("supervision.api_urls")),
    path("", include("whistles.api_urls")),
    path("", include("escalation.api_urls")),
    path("", include("borders.api_urls")),
    path("", include("campaigns.api_urls")),
    path("", include("emergency.api_urls")),
    path("", include("hotline.api_urls")),
]
