"""Orders from above on open cases (督办), the replies to them, and cards for what was missed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.edits import Edited
from accounts.models import Organisation
from clocks.choices import AllowanceKind
from incidents.models import Incident
from supervision.choices import STANDS, SUBJECT, TO_ANSWER, Colour, Counted, OrderState


class Order(models.Model):
    """A unit must answer for a case by a time. Times are UTC.

    `from_post` is the post that ordered it, as the journal keeps posts (empty: the system did), `from_area` the area
    of that post: whoever supervises that area, or one above, judges the answers. `allowance_*` is what each
    round's clock gets. `cause` names what made the system open it, once a case. `version` is the ETag.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="orders")
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="orders_to_answer", db_index=False
    )
    question = models.TextField()
    state = models.CharField(max_length=10, choices=OrderState, default=OrderState.OPEN)
    version = models.IntegerField(default=1)
    round = models.IntegerField(default=1)
    cause = models.CharField(max_length=80, blank=True)
    from_post = models.CharField(max_length=120, blank=True)
    from_area = models.CharField(max_length=15, db_collation="C", blank=True)
    area_code = models.CharField(max_length=15, db_collation="C", blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    allowance_value = models.DecimalField(max_digits=9, decimal_places=2)
    allowance_kind = models.CharField(max_length=16, choices=AllowanceKind)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    amber_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "cause"], condition=~Q(cause=""), name="order_once_a_cause"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OrderState.values), name="order_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, state__in=sorted(STANDS))
                | (Q(ended_at__isnull=False) & ~Q(state__in=sorted(STANDS))),
                name="order_end_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_at", "id"], name="order_of_unit"),
            models.Index(
                fields=["area_code", "due_at"],
                condition=Q(state__in=sorted(TO_ANSWER)),
                name="order_to_answer_in_area",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} → {self.unit_id}"

    @property
    def subject(self) -> tuple[str, int]:
        return (SUBJECT, self.pk)


class Reply(models.Model):
    """What a unit answered in one round, and what was said to it where it was sent back or accepted."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="replies", db_index=False)
    round = models.IntegerField()
    text = models.TextField()
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    replied_at = models.DateTimeField()
    verdict = models.TextField(blank=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["order", "round"], name="reply_once_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.order_id}#{self.round}"


class CardRule(Edited):
    """So many misses of one kind within so many days (24 hours each) draw a card."""

    colour = models.CharField(max_length=6, choices=Colour)
    counted = models.CharField(max_length=12, choices=Counted)
    threshold = models.IntegerField()
    within_days = models.IntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["-colour", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["colour", "counted"], condition=Q(active=True), name="card_rule_once"
            ),
            models.CheckConstraint(
                condition=Q(threshold__range=(1, 1000), within_days__range=(1, 366)),
                name="card_rule_can_be_met",
            ),
            models.CheckConstraint(
                condition=~Q(colour=Colour.YELLOW, counted=Counted.YELLOW_CARD),
                name="card_rule_feeds_no_loop",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.colour}: {self.threshold} {self.counted} / {self.within_days}"


class Card(models.Model):
    """A yellow or red card of a unit. It may be lifted, with a reason; it is never deleted."""

    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="cards", db_index=False)
    rule = models.ForeignKey(CardRule, models.PROTECT)
    colour = models.CharField(max_length=6, choices=Colour)
    version = models.IntegerField(default=1)
    drawn_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    lift_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["unit", "-drawn_at"], name="card_of_unit")]

    def __str__(self) -> str:
        return f"{self.colour} {self.unit_id}"


class Miss(models.Model):
    """Something that counts against a unit, read off the journal once. `through` is the contractor whose lateness it is
    where it counts for the department above it too. `forgiven_at`: an appeal was granted, or a card lifted.
    """

    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="misses", db_index=False)
    counted = models.CharField(max_length=12, choices=Counted)
    event_id = models.BigIntegerField()
    clock_id = models.BigIntegerField(null=True, db_index=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="+")
    through = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", db_index=False
    )
    card = models.OneToOneField(Card, models.PROTECT, null=True, related_name="as_miss")
    at = models.DateTimeField()
    forgiven_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event_id", "unit"], name="miss_counts_once")
        ]
        indexes = [models.Index(fields=["unit", "counted", "at"], name="miss_of_unit")]

    def __str__(self) -> str:
        return f"{self.counted} {self.unit_id}"


class Ground(models.Model):
    """A miss that a card was drawn for. It is used up for that rule: no second card stands on it."""

    card = models.ForeignKey(Card, models.CASCADE, related_name="grounds")
    rule = models.ForeignKey(CardRule, models.PROTECT, related_name="+", db_index=False)
    miss = models.ForeignKey(Miss, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "miss"], name="card_drawn_once_for_a_miss")
        ]

    def __str__(self) -> str:
        return f"{self.card_id} ← {self.miss_id}"
