"""The words that this room stores, and what people read for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What a model is for."""

    ITEMS = "items", _("Item from the text")
    UNITS = "units", _("Unit from item and place")
    TOPICS = "topics", _("Topic from the text")


class RunState(models.TextChoices):
    """How a training stands, or how it ended."""

    ASKED = "asked", _("Waiting")
    RUNNING = "running", _("Running")
    KEPT = "kept", _("New model in use")
    WORSE = "worse", _("Old model kept")
    TOO_FEW = "too_few", _("Too few cases")
    FAILED = "failed", _("Failed")
    BROKEN = "broken", _("Broken off")
