"""Pages of this room, mounted at /escalation/."""

from django.urls import URLPattern

app_name = "escalation"
urlpatterns: list[URLPattern] = []
