"""What people are told and through which channel, and what partner systems are called with."""

from notices.choices import Calling, Channel, Delivery, Running, Seriousness
from notices.models.notice import Notice
from notices.models.preference import Preference
from notices.models.subscription import Subscription, WebhookCall

__all__ = [
    "Calling",
    "Channel",
    "Delivery",
    "Notice",
    "Preference",
    "Running",
    "Seriousness",
    "Subscription",
    "WebhookCall",
]
