"""Catalogue, lifecycle, assignment and photos."""

from importlib import import_module

from django.apps import AppConfig

from accounts import reveal

# Where the steps of a case say what they do; importing them registers it.
DEEDS = (
    "appeals",
    "closing",
    "dispatch",
    "filing",
    "handling",
    "levels",
    "remarks",
    "requests_for_time",
    "self_handling",
    "verification",
)


class IncidentsConfig(AppConfig):
    name = "incidents"

    def ready(self) -> None:
        for name in DEEDS:
            import_module(f"incidents.{name}")
        import_module("incidents.wording").register_all()
        import_module("incidents.partners").open_cases_to_partners()
        reveal.register(import_module("incidents.reporter").REPORTER)
