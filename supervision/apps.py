"""Orders from above on open cases (督办), replies to them, cards for what was missed, and the supervisor's page."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
