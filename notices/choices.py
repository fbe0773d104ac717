"""The codes of this room: channels, how serious a notice is, what became of a delivery."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a notice reaches a person. The bell is always on; the others are chosen."""

    BELL = "bell", _("Bell")
    EMAIL = "email", _("E-mail")
    GATEWAY = "gateway", _("Text message")


# The channels that leave this installation.
OUTWARD = (Channel.EMAIL, Channel.GATEWAY)
OUTWARD_CHOICES = [(channel.value, channel.label) for channel in OUTWARD]


class Seriousness(models.TextChoices):
    """How loudly a kind of notice calls. Danger waits for nothing, not even for the end of the night."""

    ORDINARY = "ordinary", _("Ordinary")
    URGENT = "urgent", _("Urgent")
    DANGER = "danger", _("Danger")


class Delivery(models.TextChoices):
    """What became of a notice. On the bell it is sent by being there."""

    WAITING = "waiting", _("Waiting")
    LEASED = "leased", _("Being sent")
    SENT = "sent", _("Sent off")
    DEAD = "dead", _("Given up")


class Running(models.TextChoices):
    """Whether a partner's subscription is served."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class Calling(models.TextChoices):
    """What became of one event for one partner system."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Taken by the receiver")
    SKIPPED = "skipped", _("Skipped")
