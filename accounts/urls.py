"""Pages about signing in, people, organisations, posts and partner systems."""

from django.urls import URLPattern

app_name = "accounts"
urlpatterns: list[URLPattern] = []
