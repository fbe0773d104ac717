"""From peace to emergency (平战结合): an area's mode, the enrolled who are called up, and who came."""

from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    name = "emergency"
