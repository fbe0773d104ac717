"""What a person is told. One row is one delivery: an event, a recipient, a channel."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from journal.models import Event
from notices.choices import Channel, Delivery

UNDONE = (Delivery.WAITING, Delivery.LEASED)


class Notice(models.Model):
    """A message to one person. Unique on (event, recipient, channel), so that nobody is told twice.

    `kind` names the sentence (see `notices/wording.py`), `facts` fill it in the reader's language.
    `next_try_at` is when a worker may take it: the end of the lease while another one has it.
    `carried_by` is the notice in whose message this one goes along: it shares that one's state.
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

    state = models.CharField(max_length=8, choices=Delivery, default=Delivery.SENT)
    next_try_at = models.DateTimeField(null=True, blank=True)
    attempts = models.SmallIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    resends = models.SmallIntegerField(default=0)
    carried_by = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="carried", db_index=False
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient", "channel"], name="notice_is_told_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=Delivery.values), name="notice_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=UNDONE) | Q(next_try_at__isnull=False),
                name="notice_undone_has_a_next_try",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_by_recipient"),
            models.Index(
                fields=["recipient", "-id"],
                condition=Q(read_at=None, channel=Channel.BELL),
                name="notice_unread_bell",
            ),
            models.Index(
                fields=["channel", "next_try_at", "id"],
                condition=Q(state__in=UNDONE, carried_by=None),
                name="notice_to_deliver",
            ),
            models.Index(
                fields=["recipient", "channel", "kind"],
                condition=Q(state=Delivery.WAITING),
                name="notice_to_combine",
            ),
            models.Index(
                fields=["carried_by"],
                condition=Q(carried_by__isnull=False),
                name="notice_carried",
            ),
            models.Index(
                fields=["-id"],
                condition=Q(state=Delivery.DEAD, carried_by=None),
                name="notice_given_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"

    @property
    def key(self) -> str:
        """The idempotency key of its message: the same at each attempt, another where a person sends it again."""
        return f"notice-{self.pk}-{self.resends}" if self.resends else f"notice-{self.pk}"
