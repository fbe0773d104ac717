"""Pages of this room, mounted at /hotline/."""

from django.urls import URLPattern

app_name = "hotline"
urlpatterns: list[URLPattern] = []
