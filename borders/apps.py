"""What nobody owns (无牵头) and what lies in one district and belongs to another (飞地)."""

from django.apps import AppConfig


class BordersConfig(AppConfig):
    name = "borders"
