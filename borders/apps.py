"""What nobody owns (无牵头) and what lies in one district and belongs to another (飞地)."""

from importlib import import_module

from django.apps import AppConfig

# Where steps say what they do; importing them registers it.
DEEDS = ("adjudicating", "registering", "handing_over", "accepting", "problems")


class BordersConfig(AppConfig):
    name = "borders"

    def ready(self) -> None:
        for name in DEEDS:
            import_module(f"borders.{name}")
        import_module("borders.event_words").register_all()
        panels, ours = import_module("incidents.panels"), import_module("borders.panels")
        panels.register(ours.matter_panel)
        panels.register(ours.enclave_panel)
        claims = import_module("borders.claims")
        rules = import_module("incidents.responsibility")
        rules.register_claim(claims.BY, claims.claim, claims.say)
