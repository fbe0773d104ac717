"""Addresses of the audit page, mounted at /journal/."""

from django.urls import path

from journal import pages

app_name = "journal"
urlpatterns = [
    path("", pages.audit, name="audit"),
    path("export", pages.export, name="export"),
]
