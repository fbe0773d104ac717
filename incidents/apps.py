"""Catalogue, lifecycle, assignment and photos."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"
