"""The one way in which records move: tables of steps, their hands and guards, and the faces that are read off them."""

from django.apps import AppConfig


class StepsConfig(AppConfig):
    name = "steps"
