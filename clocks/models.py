"""Calendars that administrators edit, and the clocks that run on them."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from accounts.edits import Edited
from accounts.models import Organisation
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind, DayEnd, DayKind, Outcome

__all__ = [
    "AllowanceKind",
    "Calendar",
    "CalendarDay",
    "Clock",
    "DayKind",
    "Limit",
    "Outcome",
    "Recalculation",
    "Season",
]


class Calendar(models.Model):
    """A working calendar for an area prefix ('' is the country's). The longest matching prefix applies;
    a day or season that it lacks is taken from the next shorter one.

    `version` counts edits for people. `stamp` is new with every edit and never comes back, not even after
    a rollback: processes cache the built calendar under it. `warned_on` is the local day on which
    administrators were last told that the published days run out.
    """

    area_code = models.CharField(max_length=15, db_collation="C", unique=True, blank=True)
    name = models.CharField(max_length=80)
    day_end = models.CharField(max_length=8, choices=DayEnd, blank=True)
    version = models.IntegerField(default=1)
    stamp = models.UUIDField(default=uuid4, editable=False)
    warned_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["area_code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(day_end__in=["", *DayEnd.values]), name="calendar_day_end_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(area_code="") | ~Q(day_end=""), name="calendar_country_ends_its_days"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name as it was typed; that of the seeded country in the reader's language."""
        return gettext("China") if self.is_country and self.name == "中国" else self.name

    @property
    def is_country(self) -> bool:
        return self.area_code == ""


class CalendarDay(models.Model):
    """One published day. `name` is the holiday that it belongs to, also on a make-up working day."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=8, choices=DayKind)
    name = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "date"], name="calendar_day_once"),
            models.CheckConstraint(
                condition=Q(kind__in=DayKind.values), name="calendar_day_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"


class Season(models.Model):
    """Working periods from a day of the year (MM-DD) until the next season starts.

    `periods` is a list of ["HH:MM", "HH:MM"] pairs, in order, not overlapping, within one day; 24:00 may end it.
    """

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="seasons")
    starts = models.CharField(max_length=5)
    periods = models.JSONField()

    class Meta:
        ordering = ["starts"]
        constraints = [models.UniqueConstraint(fields=["calendar", "starts"], name="season_once")]

    def __str__(self) -> str:
        return self.starts


class Clock(models.Model):
    """A deadline of one subject's stage. One clock per (subject, stage, round).

    `history` is what happened to it (paused, resumed, extended: see `clocks/reckon.py`); all other times
    follow from allowance, history and calendar, and are computed again whenever one of them changes.

    `due_at` and `amber_at` are null while paused, and while the deadline lies past the last published day:
    such a clock waits for the calendar and gets its deadline when the year is imported.
    `next_at` is when the sweep must look again: amber, then due, then never (null).
    `used_minutes` is what runs before `run_from` used, in minutes as the allowance counts them.
    Missed is a fact: `missed_at` is the deadline that passed, and an exempted clock keeps it.
    """

    subject_kind = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    stage = models.CharField(max_length=24)
    round = models.IntegerField(default=1)
    area_code = models.CharField(max_length=15, db_collation="C", blank=True)
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    allowance_value = models.DecimalField(max_digits=9, decimal_places=2)
    allowance_kind = models.CharField(max_length=16, choices=AllowanceKind)
    rule = models.CharField(max_length=200)
    history = models.JSONField(default=list, blank=True)
    started_at = models.DateTimeField()
    run_from = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    amber_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    used_minutes = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    amber_told_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.RUNNING)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "stage", "round"], name="clock_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(outcome="running", stopped_at=None)
                | (~Q(outcome="running") & Q(stopped_at__isnull=False, next_at=None)),
                name="clock_stops_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="clock_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(due_at=None, amber_at=None)
                | Q(due_at__isnull=False, amber_at__lte=models.F("due_at")),
                name="clock_is_amber_before_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="clock_due_next"
            ),
            models.Index(
                fields=["id"], condition=Q(outcome__in=["running", "pending"]), name="clock_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}/{self.subject_id} {self.stage}#{self.round}"

    @property
    def subject(self) -> tuple[str, int]:
        return (self.subject_kind, self.subject_id)

    @property
    def waits_for_calendar(self) -> bool:
        """Whether its deadline lies past the last published day."""
        return self.due_at is None and self.paused_at is None and self.stopped_at is None

    @property
    def extensions(self) -> int:
        """How often it was extended."""
        return sum(row["turn"] == "extended" for row in self.history)


class Limit(Edited):
    """How long a stage may take where an administrator has said so (`clocks/limits.py`). `code` names the stage."""

    code = models.CharField(max_length=40, primary_key=True)
    value = models.DecimalField(max_digits=9, decimal_places=2)
    kind = models.CharField(max_length=16, choices=AllowanceKind)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(value__gt=0), name="limit_is_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(kind__in=AllowanceKind.values), name="limit_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def allowance(self) -> Allowance:
        return Allowance(self.value, AllowanceKind(self.kind))


class Recalculation(models.Model):
    """An edited calendar's way through the open clocks of its area, in batches, one row per edit or more.

    It begins once no transaction is left that may have read the calendar before the edit (`barrier`, the
    first transaction id that came after). `last_clock_id` is how far it has come; killed, it goes on there.
    """

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="recalculations")
    asked_at = models.DateTimeField()
    barrier = models.BigIntegerField(null=True)
    last_clock_id = models.BigIntegerField(default=0)
    looked_at = models.IntegerField(default=0)
    moved = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(finished_at=None), name="recalculation_unfinished"
            )
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id}: {self.moved}/{self.looked_at}"

    def open_clocks(self) -> "models.QuerySet[Clock]":
        """The clocks that it still has to look at, in the order in which they are locked everywhere."""
        return (
            Clock.objects.filter(
                outcome__in=[Outcome.RUNNING, Outcome.PENDING], id__gt=self.last_clock_id
            )
            .filter(area_code__startswith=self.calendar.area_code)
            .order_by("id")
        )
