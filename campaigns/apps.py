"""Tasks from above: campaigns (专项行动) and resolutions (会议决议) sent down, swept and answered for."""

from importlib import import_module

from django.apps import AppConfig

# Where the steps say what they do; importing them registers it.
DEEDS = (
    "sending",
    "drafting",
    "adding_targets",
    "working",
    "judging",
    "zones",
    "visiting",
    "becoming_cases",
)


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        for name in DEEDS:
            import_module(f"campaigns.{name}")
        import_module("campaigns.event_words").register_all()
