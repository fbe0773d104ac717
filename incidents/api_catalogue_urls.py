"""Addresses of the catalogue's API, under /api/v1/."""

from django.urls import URLPattern, path

from incidents.api_catalogue import (
    CatalogueItemRead,
    CatalogueItems,
    CatalogueVersions,
    Responsibility,
)

urlpatterns: list[URLPattern] = [
    path("catalogue/items", CatalogueItems.as_view(), name="api_catalogue_items"),
    path("catalogue/items/<str:code>", CatalogueItemRead.as_view(), name="api_catalogue_item"),
    path("catalogue/versions", CatalogueVersions.as_view(), name="api_catalogue_versions"),
    path("catalogue/responsibility", Responsibility.as_view(), name="api_catalogue_responsibility"),
]
