"""Pages of this room, mounted at /emergency/."""

from django.urls import URLPattern

app_name = "emergency"
urlpatterns: list[URLPattern] = []
