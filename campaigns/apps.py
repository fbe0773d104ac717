"""Tasks from above: campaigns (专项行动) and resolutions (会议决议) sent down, swept and answered for."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
