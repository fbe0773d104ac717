"""What a person is told. One row is one delivery: an event, a recipient, a channel."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from journal.models import Event


class Channel(models.TextChoices):
    BELL = "bell", _("Bell")


class Notice(models.Model):
    """A message to one person. Unique on (event, recipient, channel), so that nobody is told twice.

    `kind` names the sentence (see `notices/wording.py`), `facts` fill it in the reader's language.
    """

    # The unique constraint and the indexes below begin with these columns.
    event = models.ForeignKey(Event, models.PROTECT, related_name="notices", db_index=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.BELL)
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient", "channel"], name="notice_is_told_once"
            )
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_by_recipient"),
            models.Index(
                fields=["recipient", "-id"],
                condition=models.Q(read_at=None),
                name="notice_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"
