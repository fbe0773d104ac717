"""Addresses of the bell, mounted at /notices/."""

from django.urls import path

from notices.pages import bell as pages

app_name = "notices"
urlpatterns = [
    path("", pages.messages_page, name="list"),
    path("badge/", pages.badge, name="badge"),
    path("bell/", pages.bell, name="bell"),
    path("read", pages.mark_all_read, name="read_all"),
    path("<int:pk>/", pages.follow_link, name="open"),
    path("<int:pk>/read", pages.mark_read, name="read"),
]
