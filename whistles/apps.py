"""A street summons departments (吹哨报到): who must come by when, who came, what they did, how the street judges it."""

from importlib import import_module

from django.apps import AppConfig

# Where the steps of a whistle say what they do; importing them registers it.
DEEDS = ("blowing", "coming", "drafting", "evaluating")


class WhistlesConfig(AppConfig):
    name = "whistles"

    def ready(self) -> None:
        for name in DEEDS:
            import_module(f"whistles.{name}")
        import_module("whistles.wording").register_all()
        import_module("whistles.partners").open_whistles_to_partners()
        import_module("whistles.deadlines").count_absence()
        panels = import_module("incidents.panels")
        panels.register(import_module("whistles.panels").whistle_panel)
