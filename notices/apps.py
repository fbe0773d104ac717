"""Who is told what, through which channel."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
