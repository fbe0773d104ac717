"""From peace to emergency (平战结合): an area's mode, the enrolled who are called up, and who came."""

from importlib import import_module

from django.apps import AppConfig

# Where the steps say what they do; importing them registers it.
DEEDS = ("answering", "calling", "declaring", "enrolling", "serving", "standing_down", "teams")


class EmergencyConfig(AppConfig):
    name = "emergency"

    def ready(self) -> None:
        for name in DEEDS:
            import_module(f"emergency.{name}")
        import_module("emergency.event_words").register_all()
        import_module("emergency.showing").register_all()
