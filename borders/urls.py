"""Pages of this room, mounted at /borders/."""

from django.urls import URLPattern

app_name = "borders"
urlpatterns: list[URLPattern] = []
