"""12345: calls, the units suggested for them, and what many people complain of."""

from importlib import import_module

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "hotline"

    def ready(self) -> None:
        suggesters = import_module("incidents.suggesters")
        panel = import_module("hotline.suggesting.panel")
        for step in ("classify", "file"):
            suggesters.register(step, "item", panel.items_for)
        suggesters.register("dispatch", "lead", panel.units_for_case)
