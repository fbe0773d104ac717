"""Pages of this room, mounted at /whistles/."""

from django.urls import URLPattern

app_name = "whistles"
urlpatterns: list[URLPattern] = []
