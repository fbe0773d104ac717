"""12345: calls, the units suggested for them, and what many people complain of."""

from importlib import import_module

from django.apps import AppConfig

from accounts import reveal

# Where the steps of an order say what they do; importing them registers it.
DEEDS = ("cases", "dispatching", "handling", "remarks", "return_visits")


class HotlineConfig(AppConfig):
    name = "hotline"

    def ready(self) -> None:
        suggesters = import_module("incidents.suggesters")
        panel = import_module("hotline.suggesting.panel")
        for step in ("classify", "file"):
            suggesters.register(step, "item", panel.items_for)
        suggesters.register("dispatch", "lead", panel.units_for_case)
        for name in DEEDS:
            import_module(f"hotline.{name}")
        import_module("hotline.wording").register_all()
        reveal.register(import_module("hotline.callers").CALLER)
        panels = import_module("incidents.panels")
        panels.register(import_module("hotline.panels").orders_panel)
