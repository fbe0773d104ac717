"""What happens by itself as a deadline comes near and passes: reminding, urging, supervising, moving a case up."""

from importlib import import_module

from django.apps import AppConfig


class EscalationConfig(AppConfig):
    name = "escalation"

    def ready(self) -> None:
        panels = import_module("incidents.panels")
        panels.register(import_module("escalation.reading").panel)
        questions = import_module("supervision.questions")
        questions.register("ladder", import_module("escalation.deeds").ASKED)
        import_module("escalation.partners").open_ladders_to_partners()
        reminds = import_module("escalation.telling").reminds
        import_module("incidents.telling").register_reminder(reminds)
