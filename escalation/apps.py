"""What happens by itself as a deadline comes near and passes: reminding, urging, supervising, moving a case up."""

from django.apps import AppConfig


class EscalationConfig(AppConfig):
    name = "escalation"
