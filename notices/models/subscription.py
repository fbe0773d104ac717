"""Partner systems that are called when something happens, and each call."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.edits import Edited
from accounts.models import ApiClient
from accounts.personal import EncryptedTextField
from journal.models import Event
from notices.choices import Calling, Running


class Subscription(Edited):
    """What one partner system wants to hear, and where it is called.

    `verbs` empty means all that are offered; `area_code` lies in the client's own area. `next_try_at` is when a
    worker may serve it: the end of the lease while one does. `failures` counts failed calls since the last
    success. `round` grows with each replay. `paused_by` is "" where it paused itself. `old_secret` signs beside
    `secret` until `old_secret_until`. One that `ended_at` some time is called no more, and is kept for its calls.
    """

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="subscriptions")
    url = models.CharField(_("address"), max_length=500)
    verbs = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    area_code = models.CharField(_("area"), max_length=15, db_collation="C", blank=True)
    secret = EncryptedTextField()
    old_secret = EncryptedTextField(blank=True, default="")
    old_secret_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=Running, default=Running.ACTIVE)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.CharField(max_length=120, blank=True)
    next_try_at = models.DateTimeField()
    failures = models.IntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    round = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=Running.values), name="subscription_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=Running.ENDED, ended_at__isnull=False)
                | (~Q(state=Running.ENDED) & Q(ended_at=None)),
                name="subscription_end_has_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state=Running.ACTIVE),
                name="subscription_to_serve",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} → {self.url}"

    @property
    def reader(self) -> str:
        """The name under which it reads the journal."""
        return f"webhook:{self.pk}"

    @property
    def active(self) -> bool:
        return self.state == Running.ACTIVE

    @property
    def ended(self) -> bool:
        return self.state == Running.ENDED

    def secrets_at(self, now: datetime) -> list[str]:
        """The secrets that sign a call made now, the newest first."""
        both = self.old_secret_until is not None and now < self.old_secret_until
        return [self.secret, self.old_secret] if both else [self.secret]


class WebhookCall(models.Model):
    """One event for one subscription. Once in each round; calls of one subject go in order."""

    subscription = models.ForeignKey(
        Subscription, models.CASCADE, related_name="calls", db_index=False
    )
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)
    round = models.IntegerField(default=0)
    subject_kind = models.CharField(max_length=24)
    subject_id = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=Calling, default=Calling.WAITING)
    next_try_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    last_status = models.SmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "event", "round"], name="webhook_call_is_made_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=Calling.values), name="webhook_call_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["subscription", "-id"], name="webhook_call_by_subscription"),
            models.Index(
                fields=["subscription", "subject_kind", "subject_id", "id"],
                condition=Q(state=Calling.WAITING),
                name="webhook_call_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} ← {self.event_id}"
