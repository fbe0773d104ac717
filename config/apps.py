"""Project-wide template tags, static files and commands."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
