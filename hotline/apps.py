"""12345: calls, the units suggested for them, and what many people complain of."""

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "hotline"
