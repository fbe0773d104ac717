"""Working calendar, allowances, clocks and the sweep."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "clocks"
