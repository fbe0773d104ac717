"""Addresses of this room's API, under /api/v1/."""

from django.urls import URLPattern, path

from accounts.api import MeView

urlpatterns: list[URLPattern] = [path("me", MeView.as_view(), name="api_me")]
