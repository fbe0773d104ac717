"""Calendars that administrators edit, and the clocks that run on them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation


class AllowanceKind(models.TextChoices):
    """The seven ways of counting time. Always stored beside the value; there are no bare hours."""

    MINUTE_CONT = "minute_cont", _("minutes, day and night")
    HOUR_CONT = "hour_cont", _("hours, day and night")
    WORK_HOUR = "work_hour", _("working hours")
    WORK_DAY = "work_day", _("working days of 8 hours, from the minute")
    NATURAL_DAY = "natural_day", _("days of 24 hours, from the minute")
    LEGAL_WORKDAY = "legal_workday", _("statutory working days")
    LEGAL_DAY = "legal_day", _("statutory days")
    LEGAL_MONTH = "legal_month", _("statutory months")


class Calendar(models.Model):
    """A working calendar for an area prefix ('' is the country's). The longest matching prefix applies;
    a day or season that it lacks is taken from the next shorter one."""

    area_code = models.CharField(max_length=15, db_collation="C", unique=True, blank=True)
    name = models.CharField(max_length=80)
    version = models.IntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class DayKind(models.TextChoices):
    WORK = "work", _("Working day")
    REST = "rest", _("Weekend")
    HOLIDAY = "holiday", _("Holiday")
    MAKEUP = "makeup", _("Make-up working day")


class CalendarDay(models.Model):
    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=8, choices=DayKind)
    name = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "date"], name="calendar_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"


class Season(models.Model):
    """Working periods from a day of the year (MM-DD) until the next season starts.

    `periods` is a list of ["HH:MM", "HH:MM"] pairs, in order, not overlapping, within one day.
    """

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="seasons")
    starts = models.CharField(max_length=5)
    periods = models.JSONField()

    class Meta:
        ordering = ["starts"]
        constraints = [models.UniqueConstraint(fields=["calendar", "starts"], name="season_once")]

    def __str__(self) -> str:
        return self.starts


class Outcome(models.TextChoices):
    RUNNING = "running", _("Running")
    MET = "met", _("Met")
    MISSED = "missed", _("Missed")
    EXEMPTED = "exempted", _("Exempted")
    CANCELLED = "cancelled", _("Cancelled")


class Clock(models.Model):
    """A deadline of one subject's stage. One clock per (subject, stage, round).

    `amber_at` and `due_at` are stored and computed again on pause, resume, extension and calendar change.
    `next_at` is when the sweep must look again: amber, then due, then never (null). Null while paused.
    `used_minutes` is what earlier runs used before a pause, in the allowance's own kind of minutes.
    Missed is a fact: an exempted clock keeps `missed_at`.
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
    started_at = models.DateTimeField()
    run_from = models.DateTimeField()
    due_at = models.DateTimeField()
    amber_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    used_minutes = models.DecimalField(max_digits=12, decimal_places=2, default=0)
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
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="clock_due_next")
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}/{self.subject_id} {self.stage}#{self.round}"
